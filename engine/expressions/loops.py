"""`for`, `some`, `every` and filters: what goes through a list, within the budget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.expressions import tree
from engine.expressions.closures import Compiler, Run, maker
from engine.expressions.frame import MAX_ITEMS, Frame
from engine.expressions.members import member_of
from engine.expressions.operators import Range, is_context, kind, plain
from engine.expressions.tree import Node

_ALWAYS_CONDITIONS = ("=", "!=", "<", "<=", ">", ">=", "and", "or")


@maker(tree.Loop)
def _loop(compiler: Compiler, node: tree.Loop) -> Run:
    outside = compiler.around
    runs: list[tuple[str, Run, Node]] = []
    try:
        for each in node.iterations:
            runs.append((each.variable, compiler.run(each.over), each.over))
            compiler.around = (*compiler.around, frozenset({each.variable}))
        body = compiler.run(node.body)
    finally:
        compiler.around = outside
    return _for(runs, body) if node.kind == "for" else _quantified(runs, body, node)


def _for(runs: list[tuple[str, Run, Node]], body: Run) -> Run:
    def run(frame: Frame) -> Any:
        frames = _frames(frame, runs, 0)
        if frames is None:
            return None
        made: list[Any] = []
        for inside in frames:
            made.append(body(inside))
            if len(made) > MAX_ITEMS:
                inside.spend(inside.root.left + 1)
        return made

    return run


def _quantified(runs: list[tuple[str, Run, Node]], body: Run, node: tree.Loop) -> Run:
    decisive = node.kind == "some"

    def run(frame: Frame) -> Any:
        frames = _frames(frame, runs, 0)
        if frames is None:
            return None
        result: bool | None = not decisive
        for inside in frames:
            value = body(inside)
            if value is decisive:
                return decisive
            if value is not True and value is not False:
                if value is not None:
                    frame.wrong(node.body, "satisfies needs true or false, not a %(kind)s.", kind=kind(value))
                result = None
        return result

    return run


def _frames(frame: Frame, runs: list[tuple[str, Run, Node]], at: int) -> Iterator[Frame] | None:
    """A frame for each combination of the iterations' items; None when the first one is null."""
    variable, over, node = runs[at]
    items = _items_of(over(frame), frame, node)
    return None if items is None else _combine(frame, runs, at, variable, items)


def _combine(
    frame: Frame, runs: list[tuple[str, Run, Node]], at: int, variable: str, items: Iterable[Any]
) -> Iterator[Frame]:
    for item in items:
        frame.spend(1)
        inside = frame.inner({variable: item})
        if at + 1 == len(runs):
            yield inside
        else:
            yield from _frames(inside, runs, at + 1) or ()


def _items_of(value: Any, frame: Frame, node: Node) -> Iterable[Any] | None:
    if value is None or isinstance(value, (list, tuple)):
        return value
    if isinstance(value, Range):
        return _range_items(value, frame, node)
    if is_context(value) or not frame.strict:
        return [value]
    frame.wrong(node, "a list is needed here, not a %(kind)s.", kind=kind(value))
    return None


def _range_items(over: Range, frame: Frame, node: Node) -> Iterable[Any] | None:
    """Whole numbers or days from one end to the other; downward when the first is the greater (§10.3.2.14)."""
    low, high = plain(over.low), plain(over.high)
    whole = isinstance(low, Decimal) and low == low.to_integral_value() and high == high.to_integral_value()
    if whole:
        step: Any = Decimal(1 if low <= high else -1)
    elif type(low) is date:
        step = timedelta(days=1 if low <= high else -1)
    else:
        frame.wrong(node, "only whole numbers and dates can be gone through.")
        return None
    return _steps(low + step if over.low_open else low, high, step, over.high_open)


def _steps(at: Any, end: Any, step: Any, end_open: bool) -> Iterator[Any]:
    upward = end >= at if step in (Decimal(1), timedelta(days=1)) else False
    while (at < end if upward else at > end) or (at == end and not end_open):
        yield at
        if at == end:
            return
        at = at + step


@maker(tree.Filter)
def _filter(compiler: Compiler, node: tree.Filter) -> Run:
    of, condition = compiler.run(node.of), node.condition
    if isinstance(condition, tree.Literal):
        return _by_literal(of, condition, node)
    inside = compiler.within(None, condition)
    if _is_condition(condition):
        return lambda frame: _select(of(frame), inside, frame, node)
    return lambda frame: _select_or_pick(of(frame), inside, frame, node)


def _is_condition(node: Node) -> bool:
    return (
        (isinstance(node, tree.Binary) and node.op in _ALWAYS_CONDITIONS)
        or isinstance(node, tree.In | tree.Between)
        or (isinstance(node, tree.Unary) and node.op != "-")
        or (isinstance(node, tree.Loop) and node.kind != "for")
    )


def _by_literal(of: Run, literal: tree.Literal, node: tree.Filter) -> Run:
    value = literal.value
    if isinstance(value, Decimal):
        position = value
        return lambda frame: _pick(of(frame), position, frame, node)
    if isinstance(value, str):
        name = value
        return lambda frame: member_of(of(frame), name, frame, node)
    return lambda frame: _select(of(frame), lambda _: value, frame, node)


def _select_or_pick(found: Any, inside: Run, frame: Frame, node: tree.Filter) -> Any:
    """A filter whose condition may be a position, a member's name or a truth: seen from its value.

    For `context[name of member]` the condition is read as it stands outside the filter: in the frame without an item.
    """
    if is_context(found):
        key = inside(frame)
        return found.get(key) if isinstance(key, str) else _by_value([found], key, frame, node)
    items = _as_list(found)
    if not items:
        return None if found is None else _empty(inside, frame)
    frame.spend(1)
    first = plain(inside(_item_frame(frame, items[0])))
    if isinstance(first, Decimal):
        return _pick(items, first, frame, node)
    return _select(items, inside, frame, node)


def _empty(inside: Run, frame: Frame) -> Any:
    # Of an empty list a position gives null and a condition the empty list; without items only the name outside tells.
    return None if isinstance(plain(inside(frame.relaxed())), Decimal) else []


def _by_value(items: list[Any], value: Any, frame: Frame, node: tree.Filter) -> Any:
    value = plain(value)
    return _pick(items, value, frame, node) if isinstance(value, Decimal) else items if value is True else []


def _as_list(found: Any) -> list[Any]:
    if found is None:
        return []
    return list(found) if isinstance(found, (list, tuple)) else [found]


def _item_frame(frame: Frame, item: Any) -> Frame:
    inside = frame.inner({"item": item})
    return inside.inner(item) if is_context(item) else inside


def _select(found: Any, condition: Run, frame: Frame, node: tree.Filter) -> Any:
    if found is None:
        return None
    chosen = []
    for item in _as_list(found):
        frame.spend(1)
        value = condition(_item_frame(frame, item))
        if value is True:
            chosen.append(item)
        elif value is not False and value is not None:
            frame.wrong(node.condition, "a filter needs true or false, not a %(kind)s.", kind=kind(value))
    return chosen


def _pick(found: Any, position: Decimal, frame: Frame, node: tree.Filter) -> Any:
    """The item at a position counted from 1, or from the end when negative; null beyond the ends."""
    if found is None:
        return None
    items = _as_list(found)
    if position != position.to_integral_value() or position == 0:
        return frame.wrong(node, "there is no position %(position)s: positions count from 1.", position=position)
    if abs(position) > len(items):
        return None
    return items[int(position) - 1 if position > 0 else int(position)]
