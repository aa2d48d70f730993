"""An Excel sheet as typed cells: the first row names the columns, each row below keeps its number in the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import chain, islice

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from python_calamine import CalamineWorkbook

from engine.errors import Invalid
from engine.values import Value

_MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with the number Excel shows for it; `cells` stand in the order of the headings."""

    number: int
    cells: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Headings and the rows below them."""

    headings: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def read_sheet(content: bytes) -> Sheet:
    """The first sheet of an Excel file (xlsx, xls, ods). Empty rows are left out; other bytes are Invalid."""
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        found = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except Exception as error:
        raise Invalid(
            "This is not an Excel file (%(error)s). Save the table as .xlsx and give that file.", error=error
        ) from error
    return _sheet(found)


def sheet_of(rows: Sequence[Mapping[str, Value]]) -> Sheet:
    """A sheet made of mappings: its headings are all their keys, its rows begin at 2 as in a file."""
    headings = tuple(dict.fromkeys(name for row in rows for name in row))
    made = (SheetRow(number, tuple(row.get(name) for name in headings)) for number, row in enumerate(rows, 2))
    return Sheet(headings, tuple(made))


def write_sheet(name: str, headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """An Excel file of one sheet. A text that begins like a formula is kept as text when the file is opened; what Excel
    cannot hold (control characters) is left out. `rows` are taken one by one, so that they may come page by page."""
    pending = iter(rows)
    first = list(islice(pending, 1))  # a refusal comes with it, before a file is begun that cannot be left half open
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name)
    for row in chain([headings], first, pending):
        sheet.append([_safe(cell) for cell in row])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _safe(cell: Value) -> Value:
    if not isinstance(cell, str):
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub("", cell)
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") else text


def _sheet(found: Sequence[Sequence[object]]) -> Sheet:
    numbered = [(number, row) for number, row in enumerate(found, 1) if any(cell not in ("", None) for cell in row)]
    if not numbered:
        raise Invalid("The sheet is empty. The first row names the columns, each row below is one entry.")
    if len(numbered) - 1 > _MOST_ROWS:
        raise Invalid("The sheet has %(rows)d rows; at most %(most)d are taken at once. Divide it.",
                      rows=len(numbered) - 1, most=_MOST_ROWS)  # fmt: skip
    headings = [str(cell).strip() for cell in numbered[0][1]]
    while headings and not headings[-1]:
        headings.pop()
    rows = (SheetRow(number, tuple(_value(cell) for cell in row[: len(headings)])) for number, row in numbered[1:])
    return Sheet(tuple(headings), tuple(row for row in rows if any(cell is not None for cell in row.cells)))


def _value(cell: object) -> Value:
    """A cell as a value: numbers lose the binary fraction Excel stores them with (15 significant digits count)."""
    match cell:
        case None | "":
            return None
        case bool() | datetime() | date() | time() | timedelta() | Decimal():
            return cell
        case int():
            return Decimal(cell)
        case float():
            exact = Decimal(format(cell, ".15g"))
            return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact
    text = str(cell).strip()
    return text or None
