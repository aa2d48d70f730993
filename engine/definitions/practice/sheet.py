"""The working sheet of a kind of record: its columns, and by which date its rows stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.definitions.practice.source import Entry, Label, nearest, unique

if TYPE_CHECKING:
    from engine.definitions.practice.records import RecordField

SHOWN = ("text", "number", "share", "days", "date", "datetime")
_NAMELESS = Label()


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A published `field`, or the `value` of an expression over published fields.

    `show` is how a value is written: a `share` of 1 in percent, `days` left in red when they are past; empty for a
    field, which has its own type. The rows stand in the order of the column that is `urgent`.
    """

    id: str
    label: Label
    field: str = ""
    value: str = ""
    show: str = ""
    urgent: bool = False
    file: str = ""
    line: int = 0


def read_sheet(entry: Entry, fields: Mapping[str, RecordField]) -> tuple[SheetColumn, ...]:
    """The columns of a kind of record; none where it has no sheet."""
    found = tuple(_column(item, fields) for item in entry.entries("sheet", "field"))
    unique(entry.source, "Column", [(column.id, column.line) for column in found])
    urgent = [column for column in found if column.urgent]
    if found and len(urgent) != 1:
        entry.report("sheet", "sheet of %(element)s has %(found)d columns that are urgent.",
                     "Mark the one date that its rows stand by: urgent: true.", found=len(urgent))  # fmt: skip
    for column in urgent:
        if column.field not in fields or fields[column.field].type != "date":
            entry.source.report(
                column.line,
                "Column %(element)s is urgent, but no field of type date.",
                "Mark a date that is published.",
                element=column.id,
            )
    return found


def _column(item: Entry, fields: Mapping[str, RecordField]) -> SheetColumn:
    name = item.text("field", "")
    value = item.text("value", "")
    if bool(name) == bool(value):
        item.report("field", "%(element)s needs either field or value.", "Give one of the two.")
    if name and name not in fields:
        item.report(
            "field",
            "%(key)s of %(element)s names %(found)s, which is unknown.",
            "Use one of: %(known)s.%(guess)s",
            found=name,
            known=", ".join(fields),
            guess=nearest(name, tuple(fields)),
        )
    own = fields[name].label if name in fields else _NAMELESS
    column = SheetColumn(
        id=name or item.name("id"),
        label=Label(item.text("zh", own.zh if name else None), item.text("en", own.en if name else None)),
        field=name,
        value=value,
        show=item.one_of("show", SHOWN, "text") if value else "",
        urgent=item.boolean("urgent"),
        file=item.source.file,
        line=item.line,
    )
    item.finish()
    return column
