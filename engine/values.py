"""The values that variables, forms, decisions and expressions share, and their canonical text.

A value is None, bool, Decimal (every number), str, date, time, aware datetime, timedelta (days and time),
YearsMonths, a list of values or a dict from str to value. A file is a dict with `file` (its SHA-256), `name`,
`type` and `size`; a person or a reference item is its key as str.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

import simplejson

Value: TypeAlias = (
    "bool | Decimal | str | date | time | datetime | timedelta | YearsMonths | list[Value] | dict[str, Value] | None"
)


@dataclass(frozen=True, order=True, slots=True)
class YearsMonths:
    """A duration in whole months, as FEEL's `years and months duration`."""

    months: int


def dumps(value: Value) -> str:
    """Canonical JSON text of a value: equal values give equal text; dates and durations are tagged objects."""
    text: str = _ENCODER.encode(value)
    return text


def loads(text: str) -> Value:
    """The value that `dumps` wrote. Numbers come back as Decimal."""
    kind = text[:1]  # a field of a record is nearly always a plain text or a date
    if kind == '"' and "\\" not in text and text.find('"', 1) == len(text) - 1:
        return text[1:-1]
    if kind == "{" and text[:10] == '{"$date":"' and len(text) == _DATE_LENGTH:
        return date.fromisoformat(text[10:20])
    if text.isdigit():
        return Decimal(text)
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    value: Value
    if kind in ("{", "["):
        value, end = _DECODER.scan_once(text, 0)
        if end == len(text):
            return value
    value = _DECODER.decode(text)
    return value


def digests_in(value: Value) -> set[str]:
    """The digests of all files within a submission."""
    if isinstance(value, dict):
        own = {str(value["file"])} if {"file", "name", "size"} <= value.keys() else set()
        return own.union(*(digests_in(each) for each in value.values()))
    if isinstance(value, list):
        return set().union(*(digests_in(each) for each in value))
    return set()


def _tag(value: object) -> dict[str, str | int]:
    match value:
        case datetime():
            return {"$datetime": value.isoformat()}
        case date():
            return {"$date": value.isoformat()}
        case time():
            return {"$time": value.isoformat()}
        case timedelta():
            return {"$duration": round(value.total_seconds() * 1_000_000)}
        case YearsMonths():
            return {"$months": value.months}
    raise TypeError(f"{type(value).__name__} is not a value of the engine")


def _untag(found: dict[str, Any]) -> Any:  # noqa: PLR0911 - one way out a tag
    if len(found) != 1:
        return found
    ((tag, inner),) = found.items()
    match tag:
        case "$datetime":
            return datetime.fromisoformat(inner)
        case "$date":
            return date.fromisoformat(inner)
        case "$time":
            return time.fromisoformat(inner)
        case "$duration":
            return timedelta(microseconds=int(inner))
        case "$months":
            return YearsMonths(int(inner))
    return found


_CONSTANTS: dict[str, Value] = {"null": None, "true": True, "false": False}
_DATE_LENGTH = len('{"$date":"2000-01-01"}')

# Made once: making them costs more than a small value.
_ENCODER = simplejson.JSONEncoder(
    default=_tag, use_decimal=True, ensure_ascii=False, separators=(",", ":"), sort_keys=True
)
_DECODER = simplejson.JSONDecoder(parse_float=Decimal, parse_int=Decimal, object_hook=_untag)
