"""Which of a record's published fields a page shows: few where one decides, all where one looks things up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.views import FieldValue, RecordView
from webui.practice import surroundings

_STRIP = 5
_FEW = 8


@dataclass(frozen=True, slots=True)
class Facts:
    """The fields of a record's page: the strip on top, dates, the rest, and what is a list of its own."""

    strip: tuple[FieldValue, ...]
    dated: tuple[FieldValue, ...]
    data: tuple[FieldValue, ...]
    lists: tuple[FieldValue, ...]


def essential(record: RecordView) -> tuple[FieldValue, ...]:
    """What the practice lists records with; of an unlisted type the first few."""
    known = surroundings().records.get(record.record_type)
    by_name = {field.name: field for field in _given(record.fields)}
    if known is None or not known.list:
        return tuple(by_name.values())[:_FEW]
    return tuple(by_name[name] for name in known.list if name in by_name)


def parted(record: RecordView) -> Facts:
    """All fields with a value, sorted into the sections of the page."""
    given = _given(record.fields)
    lists = tuple(field for field in given if isinstance(field.value, list))
    dated = tuple(field for field in given if field.type in {"date", "datetime"})
    marked = [field for field in essential(record) if field.type in {"date", "money", "integer"} or field.tone]
    data = tuple(field for field in given if field not in lists and field not in dated)
    return Facts(tuple(marked[:_STRIP]), dated, data, lists)


def _given(fields: Sequence[FieldValue]) -> list[FieldValue]:
    """Without what is empty or simply not so."""
    return [field for field in fields if field.value is not False and field.value not in (None, "", [], {})]
