"""Functions of numbers; all of them decimal, with 34 digits."""

from __future__ import annotations

import decimal
from decimal import Decimal
from typing import Any

from engine.expressions.context import Context
from engine.expressions.frame import Unfit
from engine.expressions.functions.declare import feel
from engine.expressions.operators import NUMBERS, Range, plain

_GROUP = "numeric"
_WIDE = decimal.Context(prec=7000, Emin=-7000, Emax=7000, traps=[decimal.InvalidOperation])


def _rounded(value: Decimal, scale: Decimal | None, rounding: str) -> Decimal:
    digits = int(scale or 0)
    if not -6111 <= digits <= 6176:
        raise Unfit("the scale must lie between -6111 and 6176.")
    result = value.quantize(Decimal(1).scaleb(-digits), rounding=rounding, context=_WIDE)
    return NUMBERS.plus(result)


@feel(
    _GROUP, "decimal(n: number, scale: number)", "number",
    en="Rounded to so many decimals, halves to even.", zh="保留几位小数，逢五取偶。",
)  # fmt: skip
def _decimal(_: Context, value: Decimal, scale: Decimal) -> Decimal:
    return _rounded(value, scale, decimal.ROUND_HALF_EVEN)


@feel(_GROUP, "floor(n: number, scale?: number)", "number", en="Rounded down.", zh="向下取整。")
def _floor(_: Context, value: Decimal, scale: Decimal | None = None) -> Decimal:
    return _rounded(value, scale, decimal.ROUND_FLOOR)


@feel(_GROUP, "ceiling(n: number, scale?: number)", "number", en="Rounded up.", zh="向上取整。")
def _ceiling(_: Context, value: Decimal, scale: Decimal | None = None) -> Decimal:
    return _rounded(value, scale, decimal.ROUND_CEILING)


@feel(_GROUP, "round up(n: number, scale?: number)", "number", en="Rounded away from zero.", zh="向远离零取整。")
def _round_up(_: Context, value: Decimal, scale: Decimal | None = None) -> Decimal:
    return _rounded(value, scale, decimal.ROUND_UP)


@feel(_GROUP, "round down(n: number, scale?: number)", "number", en="Rounded toward zero.", zh="向零取整。")
def _round_down(_: Context, value: Decimal, scale: Decimal | None = None) -> Decimal:
    return _rounded(value, scale, decimal.ROUND_DOWN)


@feel(
    _GROUP, "round half up(n: number, scale?: number)", "number",
    en="Rounded to the nearest, halves away from zero.", zh="四舍五入。",
)  # fmt: skip
def _round_half_up(_: Context, value: Decimal, scale: Decimal | None = None) -> Decimal:
    return _rounded(value, scale, decimal.ROUND_HALF_UP)


@feel(
    _GROUP, "round half down(n: number, scale?: number)", "number",
    en="Rounded to the nearest, halves toward zero.", zh="五舍六入。",
)  # fmt: skip
def _round_half_down(_: Context, value: Decimal, scale: Decimal | None = None) -> Decimal:
    return _rounded(value, scale, decimal.ROUND_HALF_DOWN)


@feel(
    _GROUP, "abs(n: number | duration)", "number or duration",
    en="Without the sign.", zh="绝对值。",
)  # fmt: skip
def _abs(_: Context, value: Any) -> Any:
    if hasattr(value, "months"):
        return type(value)(abs(value.months))
    return abs(value)


@feel(
    _GROUP, "modulo(dividend: number, divisor: number)", "number",
    en="The remainder, with the sign of the divisor.", zh="余数，符号与除数相同。",
)  # fmt: skip
def _modulo(_: Context, dividend: Decimal, divisor: Decimal) -> Decimal:
    if divisor == 0:
        raise Unfit("division by zero.")
    rest = NUMBERS.remainder(dividend, divisor)
    return NUMBERS.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


@feel(_GROUP, "sqrt(number: number)", "number", en="The square root.", zh="平方根。")
def _sqrt(_: Context, value: Decimal) -> Decimal:
    if value < 0:
        raise Unfit("a negative number has no square root.")
    return NUMBERS.sqrt(value)


@feel(_GROUP, "log(number: number)", "number", en="The natural logarithm.", zh="自然对数。")
def _log(_: Context, value: Decimal) -> Decimal:
    if value <= 0:
        raise Unfit("only a positive number has a logarithm.")
    return NUMBERS.ln(value)


@feel(_GROUP, "exp(number: number)", "number", en="e to the power of a number.", zh="e 的幂。")
def _exp(_: Context, value: Decimal) -> Decimal:
    return NUMBERS.exp(value)


@feel(_GROUP, "odd(number: number)", "boolean", en="Whether a number is odd.", zh="是否为奇数。")
def _odd(_: Context, value: Decimal) -> bool:
    return NUMBERS.remainder(value, Decimal(2)) in (1, -1)


@feel(_GROUP, "even(number: number)", "boolean", en="Whether a number is even.", zh="是否为偶数。")
def _even(_: Context, value: Decimal) -> bool:
    return NUMBERS.remainder(value, Decimal(2)) == 0


@feel(
    _GROUP, "number(from: string | number, grouping separator?: string, decimal separator?: string)", "number",
    en="The number a text spells.", zh="把文本转成数字。",
)  # fmt: skip
def _number(_: Context, value: Any, grouping: str | None = None, point: str | None = None) -> Decimal:
    value = plain(value)
    if isinstance(value, Decimal):
        return value
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", ".") or (point and grouping == point):
        raise Unfit("a separator is a space, a comma or a full stop, and the two differ.")
    text = value.strip()
    if grouping:
        text = text.replace(grouping, "")
    if point:
        text = text.replace(point, ".")
    if len(text) > 100 or not text.isascii() or not text.replace("_", "x")[-1:].isdigit():
        raise Unfit(f"“{value[:40]}” is no number.")
    try:
        return NUMBERS.create_decimal(text)
    except decimal.InvalidOperation:
        raise Unfit(f"“{value[:40]}” is no number.") from None


@feel(
    "range", "includes(range: range, point: any)", "boolean",
    en="Whether a range holds a value.", zh="区间是否包含某值。",
)  # fmt: skip
def _includes(_: Context, interval: Range, point: Any) -> Any:
    from engine.expressions.operators import UNFIT, within

    found = within(point, interval)
    return None if found is UNFIT else found
