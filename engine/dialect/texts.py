"""Texts of elements: compiled once, with their element in the error, and brought to the type that is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine import scalars
from engine.definitions.model import Mapping_, Node
from engine.errors import ExpressionError, ModelError
from engine.expressions import Compiled, compile_expression, compile_text
from engine.values import Value, YearsMonths


def text(node: Node, what: str, source: str) -> Compiled | None:
    """A text of the element, compiled; None when there is none. `what` names it in errors."""
    if not source.strip():
        return None
    try:
        return compile_text(source)
    except ExpressionError as error:
        raise _named(node, what, error) from error


def expression(node: Node, what: str, source: str) -> Compiled:
    """A bare expression of the element (a script), compiled."""
    try:
        return compile_expression(source)
    except ExpressionError as error:
        raise _named(node, what, error) from error


def _named(node: Node, what: str, error: ExpressionError) -> ExpressionError:
    return ExpressionError(
        "Element %(element)s %(name)s, %(what)s: %(cause)s", element=node.id, name=node.name, what=what, cause=error
    )


@dataclass(frozen=True, slots=True)
class Assigned:
    """One mapping target := expression; `is_list` when the expression was written as nothing."""

    target: str
    value: Compiled | None


def mappings(node: Node, what: str, written: Sequence[Mapping_]) -> tuple[Assigned, ...]:
    """`camunda:in/out`, `inputParameter` or `outputParameter`, in order. An empty one gives null."""
    return tuple(Assigned(each.target, text(node, f"{what} {each.target}", each.expression)) for each in written)


def compiled_properties(node: Node, names: Sequence[str]) -> Mapping[str, Compiled]:
    """Those of these `camunda:properties` that the element has, compiled."""
    found = {name: text(node, name, node.properties.get(name, "")) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def as_text(value: Value) -> str:
    """A value as the text of a name, key or id; null is empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    raise ExpressionError("%(value)r is not a text. Give a name, number or id.", value=value)


def as_list(value: Value) -> tuple[str, ...]:
    """Names: a list, or a text with commas. Empty ones and repetitions are left out."""
    if value is None:
        return ()
    parts = value if isinstance(value, list) else as_text(value).split(",")
    return tuple(dict.fromkeys(part for part in (as_text(each).strip() for each in parts) if part))


def as_truth(value: Value, what: str) -> bool | None:
    """True, false or null; anything else is an error."""
    if value is None or isinstance(value, bool):
        return value
    raise ExpressionError("%(what)s gives %(value)r, not true or false.", what=what, value=value)


def as_count(value: Value, what: str) -> int:
    """A whole number that is not negative."""
    if isinstance(value, str):
        try:
            value = scalars.number(value)
        except ValueError:
            value = None
    if isinstance(value, Decimal) and value == value.to_integral_value() and value >= 0:
        return int(value)
    raise ExpressionError("%(what)s is not a whole number of 0 or more.", what=what)


def as_moment(value: Value, now: datetime, zone: ZoneInfo, what: str) -> datetime | None:
    """A moment from a datetime, a date (its end), a duration from `now`, or the ISO text of one; null is none."""
    if isinstance(value, str):
        value = iso(value, zone, what)
    match value:
        case None:
            return None
        case datetime():
            return value if value.tzinfo else value.replace(tzinfo=zone)
        case date():
            return datetime.combine(value, time(23, 59, 59), zone)
        case timedelta():
            return later(now, value)
        case YearsMonths():
            return add_months(now, value.months)
    raise ExpressionError("%(what)s gives %(value)r, not a moment or a duration.", what=what, value=value)


def iso(source: str, zone: ZoneInfo, what: str) -> Value:
    """ISO 8601 text as a value: duration, date and time, or date."""
    plain = source.strip()
    try:
        if not plain:
            return None
        if plain.lstrip("-+").startswith("P"):
            return scalars.duration(plain)
        return scalars.moment(plain, zone) if ":" in plain else scalars.day(plain)
    except ValueError:
        raise ExpressionError(
            '%(what)s: "%(text)s" is neither a duration (PT4H, P2D) nor a date (2026-10-01T08:00).',
            what=what,
            text=source,
        ) from None


def later(moment: datetime, length: timedelta) -> datetime:
    """So much time after, whatever the clocks of the zone do in between."""
    return (moment.astimezone(UTC) + length).astimezone(moment.tzinfo)


def add_months(moment: datetime, months: int) -> datetime:
    """The same day and time so many months later, or the last day of that month where it is shorter."""
    index = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(index, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month + 1, day=min(moment.day, 28))


def refuse(node: Node, why: str, cure: str) -> ModelError:
    """The error for an element that the dialect does not run."""
    return ModelError(
        "Element %(element)s %(name)s: %(why)s. %(cure)s", element=node.id, name=node.name, why=why, cure=cure
    )
