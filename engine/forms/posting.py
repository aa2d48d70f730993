"""From the names and values of an HTML form to a submission."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.forms.model import Field, FieldType, Form
from engine.forms.scope import ROW

_CELL = re.compile(r"([^\[\]]+)\[(\d{1,5})\](?:\.(.+))?")


def parse(form: Form, raw: Mapping[str, object]) -> dict[str, object]:
    """The submission that a posted page means, for `validate`.

    `raw` maps a name to a text, a list of texts, or a file reference. A page sends everything, so that every field it
    asks is in the answer: an unticked box is false, an empty field is empty. Cells are named `table[2].column`; rows
    may have gaps, keep their order, and are left out when all their cells are empty. Other names (tokens, buttons) are
    left alone. Nothing is checked here.
    """
    found: dict[str, object] = {}
    for field in form:
        if field.derived:
            continue
        if field.type is FieldType.TABLE:
            found[field.name] = _rows(field, raw)
        else:
            found[field.name] = _posted(field, raw.get(field.name))
    return found


def _rows(table: Field, raw: Mapping[str, object]) -> list[dict[str, object]]:
    rows: dict[int, dict[str, object]] = {}
    for name, value in raw.items():
        cell = _CELL.fullmatch(name)
        if cell and cell[1] == table.name:
            rows.setdefault(int(cell[2]), {})[cell[3] or ""] = value
    found = []
    for number, cells in sorted(rows.items()):
        row = {column.name: _posted(column, cells.get(column.name)) for column in table.columns if not column.derived}
        if table.fixed_rows or any(value not in (None, "", False, []) for value in row.values()):
            found.append({**row, ROW: str(number)} if table.fixed_rows or ROW in cells else row)
    return found


def _posted(field: Field, value: object) -> object:
    if field.multiple:
        given = value if isinstance(value, (list, tuple)) else [value]
        return [each for each in given if each not in (None, "")]
    if isinstance(value, (list, tuple)):
        # A tick box is often posted with a hidden "off" before it: the last one counts.
        value = value[-1] if value else None
    if field.type in (FieldType.BOOLEAN, FieldType.CONFIRM):
        return value not in (None, "", "false", "off", "0")
    return "" if value is None else value
