"""Values as text: FEEL's `string` and, for people, what a text with `${…}` shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.expressions.frame import MAX_TEXT, Unfit
from engine.expressions.operators import Range, plain
from engine.expressions.temporal import show_datetime, show_duration, show_time
from engine.values import YearsMonths


def show_number(value: Decimal) -> str:
    """A number without exponent and without zeros behind its fraction."""
    if value == 0:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def show_value(value: Any) -> str:
    """A value as FEEL's `string` writes it; texts inside lists and contexts are quoted. Raises Unfit when too long."""
    made: list[str] = []
    _write(value, made, [MAX_TEXT], 0)
    return "".join(made)


def show_to_people(value: Any, zone: ZoneInfo) -> str:
    """A value inside a text of a diagram: nothing for null, local date and time without seconds, lists by commas."""
    match value:
        case None:
            return ""
        case datetime():
            local = value.astimezone(zone) if value.tzinfo else value
            return local.strftime("%Y-%m-%d %H:%M")
        case time():
            return value.strftime("%H:%M") if not value.second else value.isoformat()
        case list() | tuple():
            return ", ".join(show_to_people(each, zone) for each in value)
    return show_value(value)


def _write(value: Any, made: list[str], left: list[int], depth: int) -> None:
    if left[0] < 0 or depth > 50:
        raise Unfit(f"the text becomes longer than {MAX_TEXT} characters.")
    if isinstance(value, list | tuple):
        _write_all("[", [("", each) for each in value], "]", made, left, depth)
    elif isinstance(value, Mapping):
        _write_all("{", [(f"{key}: ", each) for key, each in value.items()], "}", made, left, depth)
    else:
        text = _scalar(value, quoted=depth > 0)
        left[0] -= len(text)
        made.append(text)


def _write_all(
    start: str, items: list[tuple[str, Any]], end: str, made: list[str], left: list[int], depth: int
) -> None:
    made.append(start)
    for at, (label, each) in enumerate(items):
        head = (", " if at else "") + label
        left[0] -= len(head)
        made.append(head)
        _write(each, made, left, depth + 1)
    left[0] -= 2
    made.append(end)


def _scalar(value: Any, *, quoted: bool) -> str:  # noqa: PLR0911 - a table of types
    value = plain(value)
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Decimal():
            return show_number(value)
        case str():
            return f'"{value}"' if quoted else value
        case datetime():
            return show_datetime(value)
        case date():
            return value.isoformat()
        case time():
            return show_time(value)
        case timedelta() | YearsMonths():
            return show_duration(value)
        case Range():
            low, high = "(" if value.low_open else "[", ")" if value.high_open else "]"
            return f"{low}{show_value(value.low)}..{show_value(value.high)}{high}"
    raise Unfit(f"a {type(value).__name__} is no value of the language.")
