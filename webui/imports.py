"""The empty Excel file that a start form is filled in with, a row each."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

from engine.forms import Field, FieldType, Form
from engine.forms.model import FILES
from webui.words import localise

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
