"""Which field of a form a column of a sheet means: by name or by label."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches

from engine.errors import Invalid
from engine.forms.model import Field, FieldType, Form
from engine.values import Value

_TEXTS = frozenset({FieldType.STRING, FieldType.TEXT, FieldType.CODE, FieldType.REFERENCE, FieldType.USER})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet: a field, or a column of the table `table`."""

    field: Field
    table: str = ""

    def value(self, cell: Value) -> Value:
        """The cell as the form takes it: a number where text is wanted is its digits, a label is its option."""
        if isinstance(cell, Decimal) and self.field.type in _TEXTS:
            return format(cell, "f")
        if isinstance(cell, datetime) and self.field.type is FieldType.DATE:
            return cell.date()
        if isinstance(cell, date) and not isinstance(cell, datetime) and self.field.type in _TEXTS:
            return cell.isoformat()
        if isinstance(cell, str) and self.field.options:
            return self._chosen(cell)
        return cell

    def _chosen(self, text: str) -> Value:
        def option(part: str) -> str:
            return next((each.id for each in self.field.options if part in (each.id, each.label)), part)

        if self.field.display == "multiple":
            return [option(part.strip()) for part in text.replace("，", ",").split(",") if part.strip()]
        return option(text)


def columns_of(headings: Sequence[str], form: Form) -> tuple[Column, ...]:
    """The column each heading means. All headings that mean nothing, or the same field twice, are refused at once."""
    known = _headings(form)
    problems: list[str] = []
    found: list[Column] = []
    seen: dict[tuple[str, str], str] = {}
    for heading in headings:
        column = known.get(_plain(heading))
        if column is None:
            near = get_close_matches(_plain(heading), known, 1)
            hint = f" (nearest: {near[0]})" if near else ""
            problems.append(f"“{heading}”{hint}")
            continue
        key = (column.table, column.field.name)
        if key in seen:
            problems.append(f"“{heading}” (the same as “{seen[key]}”)")
        seen[key] = heading
        found.append(column)
    if problems:
        raise Invalid(
            "These columns mean no field of the start form: %(columns)s. A column is called as the field or its "
            "label; those of a table as “table.column”. The form has: %(fields)s.",
            columns=", ".join(problems),
            fields=", ".join(_shown(form)),
        )
    return tuple(found)


def _headings(form: Form) -> dict[str, Column]:
    """Every heading that is understood. A table's column may stand alone where its word is not taken."""
    alone: dict[str, list[Column]] = {}
    known: dict[str, Column] = {}
    for field in form:
        if field.derived or field.type in (FieldType.FILE, FieldType.PHOTO):
            continue
        if field.type is not FieldType.TABLE:
            known |= {_plain(field.name): Column(field), _plain(field.label): Column(field)}
            continue
        for column in field.columns:
            inner = Column(column, field.name)
            for table in (field.name, field.label):
                known |= {_plain(f"{table}.{word}"): inner for word in (column.name, column.label)}
            for word in {column.name, column.label}:
                alone.setdefault(_plain(word), []).append(inner)
    return {word: found[0] for word, found in alone.items() if len(found) == 1} | known


def _shown(form: Form) -> Iterable[str]:
    for field in form:
        if field.type is FieldType.TABLE:
            yield from (f"{field.label or field.name}.{column.label or column.name}" for column in field.columns)
        elif not field.derived:
            yield field.label or field.name


def _plain(heading: str) -> str:
    """A heading without blanks, the required mark and full-width signs, in lower case."""
    text = heading.replace("．", ".").replace("/", ".").replace("：", ".").replace("*", "").replace("＊", "")
    return "".join(text.split()).lower()
