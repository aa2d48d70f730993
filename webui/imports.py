"""Many starts from one Excel file: columns are the fields of the start form, a row is one start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.styles import Font
from python_calamine import CalamineError, CalamineWorkbook

from engine.errors import FormInvalid, GendanError, Invalid
from engine.forms import Field, FieldType, Form
from engine.forms.model import FILES
from engine.views import Actor, Startable, Started
from webui.words import localise, tell

if TYPE_CHECKING:
    from engine.engine import Engine

_LEFT_OUT = FILES | {FieldType.TABLE, FieldType.COMPUTED, FieldType.INFO}
_MOST = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: its number in the sheet, and the texts of its fields."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reported:
    """What became of a row: started, or what was wrong with it."""

    number: int
    words: str
    started: Started | None
    wrong: tuple[str, ...]


def columns(form: Form) -> list[Field]:
    """The fields that a cell can hold."""
    return [field for field in form if field.type not in _LEFT_OUT and not field.derived]


def template(form: Form) -> bytes:
    """An empty workbook: labels in the first row, the names of the fields in the second."""
    book = Workbook()
    sheet: Any = book.active
    sheet.append([localise(field.label) for field in columns(form)])
    sheet.append([field.name for field in columns(form)])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def rows(form: Form, content: bytes) -> Iterator[Row]:
    """The rows of a workbook; its columns are found by name or label in the first rows, in any order.

    Raises Invalid when it is no workbook, when no column is known, or when there are too many rows.
    """
    try:
        cells = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    except (CalamineError, IndexError) as error:
        raise Invalid("The file cannot be read as an Excel workbook. Use the template and save it as .xlsx.") from error
    known = {text: field for field in columns(form) for text in (field.name, field.label, localise(field.label))}
    start, heads = _heads(cells, known)
    if len(cells) - start > _MOST:
        raise Invalid("The file has more than %(most)d rows. Split it.", most=_MOST)
    for number, line in enumerate(cells[start:], start + 1):
        values = {field.name: _text(line[at], field) for at, field in heads.items() if at < len(line)}
        if any(values.values()):
            yield Row(number, values)


def start(engine: Engine, actor: Actor, at: Startable, form: Form, row: Row, submission: str) -> Reported:
    """Start one row; what is wrong with it is said, not raised."""
    words = " · ".join(text for text in row.values.values() if text)[:80]
    try:
        started = engine.instances.start(at.process_id, dict(row.values), actor, at.element_id, "", submission)
    except FormInvalid as error:
        return Reported(row.number, words, None, tuple(_told(form, error)))
    except GendanError as error:
        return Reported(row.number, words, None, (tell(error),))
    return Reported(row.number, words, started, ())


def _told(form: Form, error: FormInvalid) -> Iterator[str]:
    for path, found in error.errors.items():
        field = form.field(path)
        yield f"{localise(field.label) if field else path}: {' '.join(tell(one) for one in found)}"


def _heads(cells: list[list[Any]], known: Mapping[str, Field]) -> tuple[int, dict[int, Field]]:
    """Where the rows begin, and which column holds which field: one or two rows of heads."""
    for number, line in enumerate(cells[:3]):
        heads = {at: known[str(cell).strip()] for at, cell in enumerate(line) if str(cell).strip() in known}
        if heads:
            following = cells[number + 1] if number + 1 < len(cells) else []
            again = any(str(cell).strip() in known for cell in following)
            return number + (2 if again else 1), heads
    raise Invalid("No column of the file is a field of the form. Its first row names them: %(known)s.",
                  known=", ".join(field.name for field in dict.fromkeys(known.values())))  # fmt: skip


def _text(cell: Any, field: Field) -> str:
    """A cell as one would have typed it into the field."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if field.type is FieldType.DATE else cell.isoformat(timespec="minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    text = str(cell).strip()
    if field.options:
        return next((option.id for option in field.options if text in {option.label, localise(option.label)}), text)
    return text
