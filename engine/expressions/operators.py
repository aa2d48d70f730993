"""What the operators mean for each type of value (DMN 1.5, §10.3.2). Nothing here knows the tree.

A result that FEEL leaves as null because the types do not fit is `UNFIT`; a null operand simply gives None.
"""

from __future__ import annotations

import decimal
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from engine.expressions.frame import MAX_TEXT, Frame
from engine.expressions.temporal import shift, shift_months, shift_time
from engine.values import YearsMonths

NUMBERS = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
"""Arithmetic of decimal128 (DMN 1.5, §10.3.2.3.1)."""


class _Unfit:
    __slots__ = ()


UNFIT: Final = _Unfit()
"""The operands' types do not fit the operator."""


@dataclass(frozen=True, slots=True)
class Range:
    """A range as a value inside an evaluation; it never leaves it."""

    low: Any
    high: Any
    low_open: bool
    high_open: bool


_KINDS: dict[type, str] = {
    type(None): "null", bool: "boolean", Decimal: "number", int: "number", float: "number", str: "string", date: "date",
    datetime: "date and time", time: "time", timedelta: "days and time duration",
    YearsMonths: "years and months duration", list: "list", tuple: "list", dict: "context", Range: "range",
}  # fmt: skip


def kind(value: object) -> str:
    """The FEEL name of a value's type."""
    found = _KINDS.get(type(value))
    if found is None:
        found = "context" if hasattr(value, "keys") else "string" if isinstance(value, str) else type(value).__name__
    return found


def is_context(value: object) -> bool:
    """Whether a value has named members; the plain case first, since asking an abstract class is slow."""
    return type(value) is dict or (type(value) not in _KINDS and isinstance(value, Mapping))


def plain(value: Any) -> Any:
    """A value as the language has it: whole Python numbers and floats from outside become Decimal."""
    found = type(value)
    if found is int:
        return Decimal(value)
    if found is float:
        return Decimal(repr(value))
    if isinstance(value, str) and found is not str:
        return str(value)
    return value


_Operation = Callable[[Any, Any], Any]


def _operation(table: dict[tuple[type, type], _Operation]) -> _Operation:
    """An operator from what it does for each pair of types; two numbers first, since most operands are."""
    numbers = table[Decimal, Decimal]

    def run(left: Any, right: Any) -> Any:
        if type(left) is Decimal and type(right) is Decimal:
            return numbers(left, right)
        if left is None or right is None:
            return None
        left, right = plain(left), plain(right)
        found = table.get((type(left), type(right)))
        return UNFIT if found is None else found(left, right)

    return run


def _join(left: str, right: str) -> str:
    if len(left) + len(right) > MAX_TEXT:
        raise OverflowError(f"a text of more than {MAX_TEXT} characters")
    return left + right


def _day_later(day: date, length: timedelta) -> date:
    # Of a date only whole days count; the rest is cut toward the past, as for its midnight (§10.3.2.3.4).
    return day + timedelta(days=length.days)


def _elapsed(later: datetime, earlier: datetime) -> Any:
    if (later.tzinfo is None) != (earlier.tzinfo is None):
        return UNFIT
    return later - earlier if later.tzinfo is None else later.astimezone(UTC) - earlier.astimezone(UTC)


def _elapsed_clock(later: time, earlier: time) -> Any:
    day = date(2000, 1, 1)
    return _elapsed(datetime.combine(day, later), datetime.combine(day, earlier))


def _months(count: Decimal) -> YearsMonths:
    return YearsMonths(int(count))


def _micros(length: timedelta) -> Decimal:
    return Decimal((length.days * 86_400 + length.seconds) * 1_000_000 + length.microseconds)


def _length(micros: Decimal) -> timedelta:
    return timedelta(microseconds=int(micros.to_integral_value(decimal.ROUND_HALF_EVEN)))


_D, _S, _L, _M = Decimal, str, timedelta, YearsMonths

add = _operation({
    (_D, _D): NUMBERS.add,
    (_S, _S): _join,
    (_L, _L): operator.add,
    (_M, _M): lambda left, right: YearsMonths(left.months + right.months),
    (datetime, _L): shift,
    (_L, datetime): lambda left, right: shift(right, left),
    (datetime, _M): lambda left, right: shift_months(left, right.months),
    (_M, datetime): lambda left, right: shift_months(right, left.months),
    (date, _L): _day_later,
    (_L, date): lambda left, right: _day_later(right, left),
    (date, _M): lambda left, right: shift_months(left, right.months),
    (_M, date): lambda left, right: shift_months(right, left.months),
    (time, _L): shift_time,
    (_L, time): lambda left, right: shift_time(right, left),
})  # fmt: skip
subtract = _operation({
    (_D, _D): NUMBERS.subtract,
    (_L, _L): operator.sub,
    (_M, _M): lambda left, right: YearsMonths(left.months - right.months),
    (datetime, datetime): _elapsed,
    (date, date): operator.sub,
    (time, time): _elapsed_clock,
    (datetime, _L): lambda left, right: shift(left, -right),
    (datetime, _M): lambda left, right: shift_months(left, -right.months),
    (date, _L): lambda left, right: _day_later(left, -right),
    (date, _M): lambda left, right: shift_months(left, -right.months),
    (time, _L): lambda left, right: shift_time(left, -right),
})  # fmt: skip
multiply = _operation({
    (_D, _D): NUMBERS.multiply,
    (_L, _D): lambda left, right: _length(NUMBERS.multiply(_micros(left), right)),
    (_D, _L): lambda left, right: _length(NUMBERS.multiply(left, _micros(right))),
    (_M, _D): lambda left, right: _months(NUMBERS.multiply(Decimal(left.months), right)),
    (_D, _M): lambda left, right: _months(NUMBERS.multiply(left, Decimal(right.months))),
})  # fmt: skip
divide = _operation({
    (_D, _D): NUMBERS.divide,
    (_L, _D): lambda left, right: _length(NUMBERS.divide(_micros(left), right)),
    (_M, _D): lambda left, right: _months(NUMBERS.divide(Decimal(left.months), right)),
    (_L, _L): lambda left, right: NUMBERS.divide(_micros(left), _micros(right)),
    (_M, _M): lambda left, right: NUMBERS.divide(Decimal(left.months), Decimal(right.months)),
})  # fmt: skip
# `%` is JUEL's and keeps the sign of the left operand; FEEL's `modulo` is a function.
remainder = _operation({(_D, _D): NUMBERS.remainder})
power = _operation({(_D, _D): NUMBERS.power})

ARITHMETIC: dict[str, _Operation] = {
    "+": add, "-": subtract, "*": multiply, "/": divide, "%": remainder, "**": power,
}  # fmt: skip


def negate(value: Any) -> Any:
    """Unary `-`: numbers and durations."""
    value = plain(value)
    match value:
        case None:
            return None
        case Decimal():
            return NUMBERS.minus(value)
        case timedelta():
            return -value
        case YearsMonths():
            return YearsMonths(-value.months)
    return UNFIT


ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
ORDERED = frozenset({Decimal, str, date, datetime, time, timedelta, YearsMonths})


def compare(op: str, left: Any, right: Any) -> Any:
    """`< <= > >=` of two values of one ordered type; None with a null, UNFIT otherwise."""
    if type(left) is type(right) and type(left) in ORDERED:
        try:
            return ORDERS[op](left, right)
        except TypeError:  # a time with an offset and one without
            return UNFIT
    if left is None or right is None:
        return None
    left, right = plain(left), plain(right)
    return compare(op, left, right) if type(left) is type(right) and type(left) in ORDERED else UNFIT


def same(left: Any, right: Any, frame: Frame) -> Any:
    """`=`: whether two values are equal; UNFIT when they are of different types and none is null."""
    if type(left) is type(right):
        if isinstance(left, (list, dict)):
            return _same_deep(left, right, frame)
        try:
            return bool(left == right)
        except TypeError:
            return UNFIT
    if left is None or right is None:
        return False
    plain_left, plain_right = _seen(left), _seen(right)
    if type(plain_left) is not type(left) or type(plain_right) is not type(right):
        return same(plain_left, plain_right, frame)
    return UNFIT


def _seen(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if hasattr(value, "keys") and type(value) is not dict:
        return dict(value)
    return plain(value)


def _same_deep(left: Any, right: Any, frame: Frame) -> bool:
    frame.spend(1 + len(left))
    if len(left) != len(right):
        return False
    if isinstance(left, dict):
        if left.keys() != right.keys():
            return False
        pairs = [(value, right[key]) for key, value in left.items()]
    else:
        pairs = list(zip(left, right, strict=True))
    return all(same(one, other, frame) is True for one, other in pairs)


def within(value: Any, interval: Range) -> Any:
    """Whether a value lies in a range; an end that is null is unbounded (`> x` as a range)."""
    low, high = interval.low, interval.high
    above = True if low is None else compare(">" if interval.low_open else ">=", value, low)
    below = True if high is None else compare("<" if interval.high_open else "<=", value, high)
    if above is False or below is False:
        return False
    if above is UNFIT or below is UNFIT:
        return UNFIT
    return None if above is None or below is None else True
