"""Functions of truth and of null."""

from __future__ import annotations

from typing import Any

from engine.expressions.context import Context
from engine.expressions.frame import Frame
from engine.expressions.functions.declare import feel
from engine.expressions.operators import same

_GROUP = "logic"


@feel(
    _GROUP, "is defined(value: any)", "boolean",
    en="Whether a name or member is there, even with null; no error for an unknown one.",
    zh="名称或成员是否存在（即使为空值）；名称未知也不报错。",
)  # fmt: skip
def _is_defined(_: Context, value: Any) -> bool:
    return value is not None


@feel(
    _GROUP, "get or else(value: any, default: any)", "any",
    en="The value, or the default for null.", zh="值；为空值时取默认值。",
)  # fmt: skip
def _get_or_else(_: Context, value: Any, default: Any) -> Any:
    return default if value is None else value


@feel(
    _GROUP, "coalesce(value: any)", "any",
    en="The first value that is not null.", zh="第一个非空值。", variadic=True,
)  # fmt: skip
def _coalesce(_: Context, *values: Any) -> Any:
    return next((value for value in values if value is not None), None)


@feel(
    _GROUP, "is(value1: any, value2: any)", "boolean",
    en="Whether two values are the same in type and value.", zh="两个值的类型和值是否都相同。",
)  # fmt: skip
def _is(context: Context, left: Any, right: Any) -> bool:
    return type(left) is type(right) and same(left, right, Frame({}, context, False, "is")) is True
