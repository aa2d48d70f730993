"""Rows in, instances out: every row for itself, and the same row of the same file never twice."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.engine import Engine
from engine.errors import FormInvalid, GendanError, Invalid
from engine.forms.model import Form
from engine.imports.columns import Column, columns_of
from engine.sheets import Sheet, SheetRow
from engine.values import Value, dumps
from engine.views import Actor


@dataclass(frozen=True, slots=True)
class RowResult:
    """What came of a row: `outcome` is created, repeated (imported before) or refused, then with what was wrong: the
    path of a field (empty for the row as a whole) and its error, which pages tell in the reader's language."""

    number: int
    outcome: str
    key: str = ""
    errors: tuple[tuple[str, GendanError], ...] = ()

    @property
    def reason(self) -> str:
        """What was wrong, in English."""
        return "; ".join(f"{path}: {error}" if path else str(error) for path, error in self.errors)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """All rows in their order."""

    rows: tuple[RowResult, ...]

    def count(self, outcome: str) -> int:
        """How many rows had this outcome."""
        return sum(row.outcome == outcome for row in self.rows)

    def __str__(self) -> str:
        return "\n".join(f"{row.number}: {row.outcome} {row.key}{row.reason}".rstrip() for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Entry:
    """The values of one start, from one row or (a table) from several."""

    number: int
    values: dict[str, Value]


def import_sheet(
    engine: Engine,
    process_id: str,
    sheet: Sheet,
    actor: Actor,
    element_id: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Start the process once for each row, with the rights and the form of the person.

    A row is known again by its content: importing a file twice adds nothing, while a row that stands twice in one
    file counts twice. Columns that mean no field refuse the whole file (Invalid) before anything is started; a wrong
    row is left out with its reason, the others are taken. `progress` is told how many of how many are done.
    """
    form, _ = engine.instances.start_form(process_id, actor, element_id)
    if not isinstance(form, Form):
        raise Invalid("%(process)s has no start form, so that nothing can be imported into it.", process=process_id)
    columns = columns_of(sheet.headings, form)
    entries = list(_entries(sheet, columns))
    seen: Counter[str] = Counter()
    results = []
    for place, entry in enumerate(entries, 1):
        text = dumps(entry.values)
        seen[text] += 1
        submission = _submission(process_id, element_id, text, seen[text])
        results.append(_import(engine, process_id, entry, actor, element_id, submission))
        if progress is not None:
            progress(place, len(entries))
    return ImportReport(tuple(results))


def _import(
    engine: Engine, process_id: str, entry: _Entry, actor: Actor, element_id: str, submission: str
) -> RowResult:
    try:
        started = engine.instances.start(process_id, entry.values, actor, element_id=element_id, submission=submission)
    except FormInvalid as error:
        errors = tuple((path, found[0]) for path, found in error.errors.items())
        return RowResult(entry.number, "refused", errors=errors)
    except GendanError as error:
        return RowResult(entry.number, "refused", errors=(("", error),))
    return RowResult(entry.number, "repeated" if started.repeated else "created", started.business_key)


def _entries(sheet: Sheet, columns: tuple[Column, ...]) -> Iterator[_Entry]:
    """Rows as starts. A row that fills only columns of tables goes on with the table of the row above."""
    entry: _Entry | None = None
    for row in sheet.rows:
        if row is sheet.rows[0] and _names_fields(row, columns):
            continue
        values, cells = _split(row, columns)
        if values or entry is None:
            if entry is not None:
                yield entry
            entry = _Entry(row.number, values)
        for table, cell in cells.items():
            rows = entry.values.setdefault(table, [])
            if isinstance(rows, list):
                rows.append(cell)
    if entry is not None:
        yield entry


def _names_fields(row: SheetRow, columns: tuple[Column, ...]) -> bool:
    """Whether a row repeats the names of the fields, as the second row of a template with labels does."""
    return all(
        cell in (None, column.field.name, f"{column.table}.{column.field.name}")
        for column, cell in zip(columns, row.cells, strict=False)
    )


def _split(row: SheetRow, columns: tuple[Column, ...]) -> tuple[dict[str, Value], dict[str, dict[str, Value]]]:
    """The row's own values, and its one row of each table."""
    values: dict[str, Value] = {}
    tables: dict[str, dict[str, Value]] = {}
    for column, cell in zip(columns, row.cells, strict=False):
        if cell is None:
            continue
        target = tables.setdefault(column.table, {}) if column.table else values
        target[column.field.name] = column.value(cell)
    return values, tables


def _submission(process_id: str, element_id: str, text: str, occurrence: int) -> str:
    digest = hashlib.sha256(f"{process_id}\n{element_id}\n{occurrence}\n{text}".encode()).hexdigest()
    return f"import-{digest[:40]}"
