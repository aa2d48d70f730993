"""Functions of lists. Sums and the like take a list or the values themselves, as FEEL does."""

from __future__ import annotations

import functools
from decimal import Decimal
from typing import Any

from engine.expressions.context import Context
from engine.expressions.frame import MAX_ITEMS, Frame, Unfit
from engine.expressions.functions.declare import feel
from engine.expressions.operators import NUMBERS, UNFIT, add, compare, kind, plain, same

_GROUP = "list"


def _items(values: tuple[Any, ...]) -> list[Any] | None:
    """One list given, or the values themselves; None for a null list."""
    if len(values) == 1 and (values[0] is None or isinstance(values[0], list | tuple)):
        return None if values[0] is None else list(values[0])
    return list(values)


def _numbers(items: list[Any], name: str) -> list[Decimal] | None:
    """The numbers of a list; None when one is null, as FEEL's sums are null then."""
    found = [plain(item) for item in items]
    if any(item is None for item in found):
        return None
    for item in found:
        if not isinstance(item, Decimal):
            raise Unfit(f"{name} needs numbers, not a {kind(item)}.")
    return found


def _equal(context: Context, left: Any, right: Any) -> bool:
    """Equality within a budget of its own: nested lists may share parts and be far larger than they look."""
    return same(left, right, Frame({}, context, False, "=")) is True


@feel(_GROUP, "count(list: list)", "number", en="How many items a list has.", zh="列表的项数。")
def _count(_: Context, items: list[Any]) -> Decimal:
    return Decimal(len(items))


@feel(
    _GROUP, "sum(list: any)", "number", en="The sum; null for an empty list.", zh="求和；空列表为空值。", variadic=True
)
def _sum(_: Context, *values: Any) -> Any:
    items = _items(values)
    if not items:
        return None
    if any(item is None for item in items):
        return None
    total = functools.reduce(_plus, items[1:], plain(items[0]))
    if isinstance(total, str | bool | list | dict):
        raise Unfit(f"sum needs numbers or durations, not a {kind(total)}.")
    return total


def _plus(left: Any, right: Any) -> Any:
    total = UNFIT if isinstance(left, str) else add(left, right)
    if total is UNFIT:
        raise Unfit(f"sum does not go with a {kind(left)} and a {kind(right)}.")
    return total


@feel(_GROUP, "product(list: any)", "number", en="The product of numbers.", zh="求积。", variadic=True)
def _product(_: Context, *values: Any) -> Any:
    items = _items(values)
    numbers = _numbers(items, "product") if items else None
    return functools.reduce(NUMBERS.multiply, numbers) if numbers else None


@feel(_GROUP, "mean(list: any)", "number", en="The average of numbers.", zh="平均值。", variadic=True)
def _mean(_: Context, *values: Any) -> Any:
    items = _items(values)
    numbers = _numbers(items, "mean") if items else None
    return NUMBERS.divide(functools.reduce(NUMBERS.add, numbers), Decimal(len(numbers))) if numbers else None


@feel(_GROUP, "median(list: any)", "number", en="The middle one of numbers.", zh="中位数。", variadic=True)
def _median(_: Context, *values: Any) -> Any:
    items = _items(values)
    numbers = sorted(_numbers(items, "median") or []) if items else []
    if not numbers:
        return None
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return NUMBERS.divide(NUMBERS.add(numbers[middle - 1], numbers[middle]), Decimal(2))


def _extreme(op: str, values: tuple[Any, ...]) -> Any:
    items = _items(values)
    if not items or any(item is None for item in items):
        return None
    best = items[0]
    for item in items[1:]:
        before = compare(op, item, best)
        if before is UNFIT:
            raise Unfit(f"a {kind(item)} and a {kind(best)} have no order.")
        best = item if before else best
    return best


@feel(_GROUP, "min(list: any)", "any", en="The least value.", zh="最小值。", variadic=True)
def _min(_: Context, *values: Any) -> Any:
    return _extreme("<", values)


@feel(_GROUP, "max(list: any)", "any", en="The greatest value.", zh="最大值。", variadic=True)
def _max(_: Context, *values: Any) -> Any:
    return _extreme(">", values)


def _decide(values: tuple[Any, ...], decisive: bool, name: str) -> Any:
    items = _items(values)
    if items is None:
        return None
    for item in items:
        if item is not None and not isinstance(item, bool):
            raise Unfit(f"{name} needs true and false, not a {kind(item)}.")
    if decisive in items:
        return decisive
    return None if None in items else not decisive


@feel(_GROUP, "all(list: any)", "boolean", en="Whether all are true.", zh="是否全部为真。", variadic=True)
def _all(_: Context, *values: Any) -> Any:
    return _decide(values, False, "all")


@feel(_GROUP, "any(list: any)", "boolean", en="Whether one is true.", zh="是否至少一个为真。", variadic=True)
def _any(_: Context, *values: Any) -> Any:
    return _decide(values, True, "any")


@feel(
    _GROUP, "list contains(list: list, element: any)", "boolean",
    en="Whether a list holds a value.", zh="列表是否含有某值。",
)  # fmt: skip
def _contains(context: Context, items: list[Any], element: Any) -> bool:
    return any(_equal(context, item, element) for item in items)


@feel(
    _GROUP, "index of(list: list, match: any)", "list",
    en="The positions at which a value stands.", zh="某值在列表中的所有位置。",
)  # fmt: skip
def _index_of(context: Context, items: list[Any], match: Any) -> list[Any]:
    return [Decimal(at) for at, item in enumerate(items, 1) if _equal(context, item, match)]


@feel(
    _GROUP, "sublist(list: list, start position: number, length?: number)", "list",
    en="The part from a position, counted from 1 or from the end when negative.",
    zh="从第几项起截取；从 1 数起，负数从末尾数。",
)  # fmt: skip
def _sublist(_: Context, items: list[Any], start: Decimal, length: Decimal | None = None) -> list[Any]:
    begin = _place(items, start)
    return items[begin:] if length is None else items[begin : begin + max(int(length), 0)]


def _place(items: list[Any], position: Decimal) -> int:
    at = int(position)
    if at == 0 or abs(at) > len(items):
        raise Unfit(f"the list has no position {at}: positions count from 1.")
    return at - 1 if at > 0 else len(items) + at


@feel(
    _GROUP, "append(list: list, item: any)", "list",
    en="The list with further items.", zh="在列表末尾添加。", variadic=True,
)  # fmt: skip
def _append(_: Context, items: list[Any], *more: Any) -> list[Any]:
    return [*items, *more]


@feel(_GROUP, "concatenate(list: list)", "list", en="Lists one after another.", zh="依次连接列表。", variadic=True)
def _concatenate(_: Context, *lists: list[Any]) -> list[Any]:
    return [item for items in lists for item in items or []]


@feel(
    _GROUP, "union(list: list)", "list",
    en="Lists one after another, each value once.", zh="合并列表并去重。", variadic=True,
)  # fmt: skip
def _union(context: Context, *lists: list[Any]) -> list[Any]:
    return _distinct_values(context, _concatenate(context, *lists))


@feel(_GROUP, "distinct values(list: list)", "list", en="Each value once.", zh="去重。")
def _distinct_values(context: Context, items: list[Any]) -> list[Any]:
    seen: set[tuple[type, Any]] = set()
    made: list[Any] = []
    deep: list[Any] = []
    for item in items:
        if isinstance(item, list | dict):
            if not any(_equal(context, item, other) for other in deep):
                deep.append(item)
                made.append(item)
            if len(deep) > 500:
                raise Unfit("more than 500 different lists or contexts are too many to compare.")
        elif (type(item), item) not in seen:
            seen.add((type(item), item))
            made.append(item)
    return made


@feel(
    _GROUP, "insert before(list: list, position: number, new item: any)", "list",
    en="The list with an item before a position.", zh="在某位置之前插入。",
)  # fmt: skip
def _insert(_: Context, items: list[Any], position: Decimal, item: Any) -> list[Any]:
    at = len(items) if int(position) == len(items) + 1 else _place(items, position)
    return [*items[:at], item, *items[at:]]


@feel(
    _GROUP, "remove(list: list, position: number)", "list",
    en="The list without the item at a position.", zh="去掉某位置的项。",
)  # fmt: skip
def _remove(_: Context, items: list[Any], position: Decimal) -> list[Any]:
    at = _place(items, position)
    return [*items[:at], *items[at + 1 :]]


@feel(
    _GROUP, "list replace(list: list, position: number, new item: any)", "list",
    en="The list with another item at a position.", zh="替换某位置的项。",
)  # fmt: skip
def _replace(_: Context, items: list[Any], position: Decimal, item: Any) -> list[Any]:
    at = _place(items, position)
    return [*items[:at], item, *items[at + 1 :]]


@feel(_GROUP, "reverse(list: list)", "list", en="From the last to the first.", zh="倒序。")
def _reverse(_: Context, items: list[Any]) -> list[Any]:
    return items[::-1]


@feel(_GROUP, "flatten(list: list)", "list", en="Nested lists as one.", zh="展平嵌套列表。")
def _flatten(_: Context, items: list[Any]) -> list[Any]:
    made: list[Any] = []
    waiting = [iter(items)]
    looked = 0
    while waiting:
        for item in waiting[-1]:
            looked += 1
            if looked > 4 * MAX_ITEMS or len(made) > MAX_ITEMS:
                raise Unfit(f"the list becomes longer than {MAX_ITEMS} items.")
            if isinstance(item, list | tuple):
                waiting.append(iter(item))
                break
            made.append(item)
        else:
            waiting.pop()
    return made


@feel(
    _GROUP, "sort(list: list, member?: string, descending?: boolean)", "list",
    en="The list in order, of contexts by a member; nulls last.",
    zh="排序；各项为上下文时按某成员排序，空值排在最后。",
)  # fmt: skip
def _sort(_: Context, items: list[Any], member: str | None = None, descending: bool | None = None) -> list[Any]:
    keys = [plain(item.get(member) if member and isinstance(item, dict) else item) for item in items]
    known = [at for at in range(len(items)) if keys[at] is not None]
    unknown = [items[at] for at in range(len(items)) if keys[at] is None]

    def order(one: int, other: int) -> int:
        before = compare("<", keys[one], keys[other])
        if before is UNFIT:
            raise Unfit(f"a {kind(keys[one])} and a {kind(keys[other])} have no order.")
        return -1 if before else int(keys[one] != keys[other])

    ordered = sorted(known, key=functools.cmp_to_key(order), reverse=bool(descending))
    return [items[at] for at in ordered] + unknown
