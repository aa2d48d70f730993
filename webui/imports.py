"""Excel files of an import: the empty one that a start form is filled in with, a row each, and what came of one."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

from engine.forms import Field, FieldType, Form
from engine.forms.model import FILES
from engine.imports import RowResult
from engine.sheets import write_sheet
from webui.exports import XLSX
from webui.words import gettext, localise, tell

_LEFT_OUT = FILES | {FieldType.COMPUTED, FieldType.INFO}


def template(form: Form) -> bytes:
    """A workbook whose first row names the fields; a table's columns stand as `table.column`."""
    book = Workbook()
    sheet: Any = book.active
    for column, (name, text) in enumerate(_headings(form), 1):
        cell = sheet.cell(row=1, column=column, value=name)
        cell.font = Font(bold=True)
        cell.comment = None
        sheet.column_dimensions[cell.column_letter].width = max(12, len(text) * 2)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def results(form: Form, rows: Iterable[RowResult]) -> str:
    """What came of each row as a file in the page itself, for it is kept nowhere: the address of a link."""
    outcomes = {
        "created": gettext("started"),
        "repeated": gettext("was started before"),
        "refused": gettext("not started"),
    }
    lines = ((Decimal(row.number), outcomes[row.outcome], row.key, reason(form, row)) for row in rows)
    headings = (gettext("Row"), gettext("Result"), gettext("Number"), gettext("Reason"))
    return f"data:{XLSX};base64,{b64encode(write_sheet('import', headings, lines)).decode()}"


def reason(form: Form, row: RowResult) -> str:
    """Why a row was refused, in the reader's language; empty for one that was not."""
    said = ((_row_of(form, path), tell(error)) for path, error in row.errors)
    return "; ".join(f"{place}: {text}" if place else text for place, text in said)


def _row_of(form: Form, path: str) -> str:
    """Which row of which table the path of a cell means; empty for a field, which its error names already."""
    table, _, row = path.partition("].")[0].partition("[")
    field = form.field(table)
    return f"{localise(field.label)} {row}" if field is not None and row else ""


def _headings(form: Form) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for field in form:
        if field.type is FieldType.TABLE:
            found += [(f"{field.name}.{column.name}", column.label) for column in field.columns if _asked(column)]
        elif _asked(field):
            found.append((field.label or field.name, localise(field.label)))
    return found


def _asked(field: Field) -> bool:
    return field.type not in _LEFT_OUT and not field.derived
