"""`value.name`: members of contexts, of each item of a list, and the properties of dates, times and durations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.expressions.frame import Frame
from engine.expressions.operators import Range, is_context, kind
from engine.expressions.tree import Node
from engine.values import YearsMonths


def _offset(at: datetime | time) -> timedelta | None:
    return at.utcoffset()


def _zone_name(at: datetime | time) -> str | None:
    return getattr(at.tzinfo, "key", None)


def _parts(length: timedelta) -> tuple[int, int, int, int]:
    """Days, hours, minutes and seconds, all with the sign of the length."""
    sign = -1 if length < timedelta() else 1
    size = abs(length)
    return sign * size.days, sign * (size.seconds // 3600), sign * (size.seconds // 60 % 60), sign * (size.seconds % 60)


_DATE: dict[str, Callable[[Any], Any]] = {
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "weekday": lambda day: Decimal(day.isoweekday()),
}
_TIME: dict[str, Callable[[Any], Any]] = {
    "hour": lambda at: Decimal(at.hour),
    "minute": lambda at: Decimal(at.minute),
    "second": lambda at: Decimal(at.second),
    "time offset": _offset,
    "timezone": _zone_name,
}
_PROPERTIES: dict[type, dict[str, Callable[[Any], Any]]] = {
    date: _DATE,
    datetime: _DATE | _TIME | {"date": lambda at: at.date(), "time": lambda at: at.timetz()},
    time: _TIME,
    timedelta: {
        "days": lambda length: Decimal(_parts(length)[0]),
        "hours": lambda length: Decimal(_parts(length)[1]),
        "minutes": lambda length: Decimal(_parts(length)[2]),
        "seconds": lambda length: Decimal(_parts(length)[3]),
    },
    YearsMonths: {
        "years": lambda length: Decimal(int(length.months / 12)),
        "months": lambda length: Decimal(length.months - int(length.months / 12) * 12),
    },
    Range: {
        "start": lambda found: found.low,
        "end": lambda found: found.high,
        "start included": lambda found: not found.low_open,
        "end included": lambda found: not found.high_open,
    },
}


def properties_of(value: object) -> dict[str, Callable[[Any], Any]]:
    """The properties that a date, time, duration or range has, each with what reads it; none for other values."""
    return _PROPERTIES.get(type(value), {})


def member_of(value: Any, name: str, frame: Frame, node: Node) -> Any:
    """The member; null of null and of a context without it, an answer of `frame.wrong` for values without members."""
    if value is None:
        return None
    if is_context(value):
        return value.get(name)
    if isinstance(value, (list, tuple)):
        frame.spend(len(value))
        return [each.get(name) if type(each) is dict else member_of(each, name, frame, node) for each in value]
    properties = _PROPERTIES.get(type(value), {})
    if name in properties:
        # A moment is meant on the clock of the place, in whatever zone it was kept.
        local = type(value) is datetime and value.tzinfo is not None
        return properties[name](value.astimezone(frame.context.zone()) if local else value)
    if not properties:
        return frame.wrong(node, "a %(kind)s has no members, and so no %(name)s.", kind=kind(value), name=name)
    return frame.wrong(
        node, "a %(kind)s has no %(name)s. It has: %(members)s.",
        kind=kind(value), name=name, members=", ".join(properties),
    )  # fmt: skip
