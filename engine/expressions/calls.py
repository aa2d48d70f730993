"""Calling functions: arguments by place or name, their types, null, the budget, and failures as answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.errors import ExpressionError, Invalid
from engine.expressions import tree
from engine.expressions.closures import Compiler, Run, maker
from engine.expressions.context import FUNCTIONS, Function
from engine.expressions.frame import MAX_ITEMS, MAX_TEXT, Frame, Unfit, nearest_name
from engine.expressions.members import member_of
from engine.expressions.operators import Range, is_context, kind, plain
from engine.expressions.tree import Node
from engine.values import YearsMonths

_TYPES: dict[str, tuple[type, ...]] = {
    "number": (Decimal,), "string": (str,), "boolean": (bool,), "date": (date,), "time": (time,),
    "date and time": (datetime,), "days and time duration": (timedelta,), "years and months duration": (YearsMonths,),
    "duration": (timedelta, YearsMonths), "list": (list,), "context": (dict,), "range": (Range,),
}  # fmt: skip


@maker(tree.Call)
def _call(compiler: Compiler, node: tree.Call) -> Run:
    if node.function == "is defined" and len(node.arguments) == 1:
        return _is_defined(compiler, node.arguments[0])
    compiler.functions.add(node.function)
    runs = tuple(compiler.run(each) for each in node.arguments)
    function = FUNCTIONS.get(node.function)
    if function is None or function.group == "context":
        return _contextual(node, runs)
    places = _places(function, node, compiler.source)
    _check_count(function, places, compiler.source)
    types = _types_of(function, len(places))

    def run(frame: Frame) -> Any:
        values = [None if place is None else runs[place](frame) for place in places]
        return apply(function, types, values, frame, node)

    return run


def _contextual(node: tree.Call, runs: tuple[Run, ...]) -> Run:
    """A function that the context offers is found when it is called: each context may offer others."""

    def run(frame: Frame) -> Any:
        offered = frame.context.functions
        function = offered.get(node.function) or FUNCTIONS.get(node.function)
        if function is None:
            raise unknown_function(node.function, frame.source, frozenset(offered) | frozenset(FUNCTIONS))
        places = _places(function, node, frame.source)
        _check_count(function, places, frame.source)
        values = [None if place is None else runs[place](frame) for place in places]
        return apply(function, _types_of(function, len(values)), values, frame, node)

    return run


def unknown_function(name: str, source: str, known: frozenset[str]) -> ExpressionError:
    """The error for a function that nobody offers, with the nearest one that is."""
    nearest = nearest_name(name, known)
    cure = f"Did you mean {nearest}(…)?" if nearest else "The page about expressions lists all functions."
    return ExpressionError(
        "%(expression)s calls %(name)s(…), which is no function here. %(cure)s",
        expression=source, name=name, nearest=nearest, cure=cure,
    )  # fmt: skip


def _places(function: Function, node: tree.Call, source: str) -> tuple[int | None, ...]:
    """For each parameter the place of its argument; None for an optional one left out before a given one."""
    if not node.keys:
        return tuple(range(len(node.arguments)))
    names = [each.name for each in function.parameters]
    for key in node.keys:
        if key not in names:
            raise ExpressionError(
                "%(expression)s: %(call)s has no parameter %(name)s.",
                expression=source, call=function.signature, name=key,
            )  # fmt: skip
    places = [node.keys.index(name) if name in node.keys else None for name in names]
    while places and places[-1] is None:
        places.pop()
    return tuple(places)


def _check_count(function: Function, places: tuple[int | None, ...], source: str) -> None:
    parameters = function.parameters
    required = sum(1 for each in parameters if not each.optional)
    missing = any(place is None and not parameters[at].optional for at, place in enumerate(places))
    if len(places) < required or missing or (len(places) > len(parameters) and not function.variadic):
        raise ExpressionError(
            "%(expression)s calls %(name)s(…) with %(count)d arguments. It is written %(call)s.",
            expression=source, name=function.name, count=len(places), call=function.signature,
        )  # fmt: skip


def _types_of(function: Function, count: int) -> tuple[tuple[tuple[type, ...], bool, str], ...]:
    """For each argument the types it may have (none: any), whether it is optional, and their names."""
    return tuple(_type_of(function, min(at, len(function.parameters) - 1)) for at in range(count))


def _type_of(function: Function, at: int) -> tuple[tuple[type, ...], bool, str]:
    parameter = function.parameters[at]
    names = [each.strip() for each in parameter.type.split("|")]
    if "any" in names:
        return (), True, parameter.type
    return tuple(found for name in names for found in _TYPES[name]), parameter.optional, " or ".join(names)


def apply(
    function: Function,
    types: tuple[tuple[tuple[type, ...], bool, str], ...],
    values: list[Any],
    frame: Frame,
    node: Node,
) -> Any:
    """Check the arguments, call the function, bound what it made."""
    for at, (allowed, optional, names) in enumerate(types):
        value = values[at]
        if not allowed:
            continue
        if value is None:
            if not optional:
                return None
        elif type(value) not in allowed:
            fitted = _fit(value, allowed)
            if fitted is None:
                return frame.wrong(
                    node, "argument %(place)d of %(call)s needs a %(needed)s, not a %(kind)s.",
                    place=at + 1, call=function.signature, needed=names, kind=kind(value),
                )  # fmt: skip
            values[at] = fitted
    frame.spend(1 + sum(_weight(value) for value in values))
    try:
        result = function.call(frame.context, *values)
    except Unfit as error:
        return frame.wrong(node, "%(why)s", why=str(error))
    except ExpressionError:
        raise
    except Invalid as error:
        raise ExpressionError(
            "%(expression)s, at %(part)s: %(why)s", expression=frame.source, part=tree.show(node), why=str(error)
        ) from error
    except (ArithmeticError, ValueError, RecursionError) as error:
        return frame.wrong(node, "%(name)s(…) has no answer: %(why)s.", name=function.name, why=str(error))
    return _bounded(result, frame)


def _fit(value: Any, allowed: tuple[type, ...]) -> Any:
    """The value in an allowed type where FEEL converts on its own (§10.3.2.9.4): one value to a list of it."""
    value = plain(value)
    if type(value) in allowed:
        return value
    if list in allowed:
        return list(value) if isinstance(value, tuple) else [value]
    if dict in allowed and isinstance(value, Mapping):
        return dict(value)
    return None


def _weight(value: Any) -> int:
    if isinstance(value, str):
        return len(value) >> 6
    return len(value) if isinstance(value, list | dict) else 0


def _bounded(result: Any, frame: Frame) -> Any:
    if isinstance(result, str):
        if len(result) > MAX_TEXT:
            raise _too_large(frame, "a text", MAX_TEXT)
    elif isinstance(result, list):
        if len(result) > MAX_ITEMS:
            raise _too_large(frame, "a list", MAX_ITEMS)
        frame.spend(len(result))
    return result


def _too_large(frame: Frame, what: str, most: int) -> ExpressionError:
    return ExpressionError(
        "%(expression)s makes %(what)s longer than %(most)d. Shorten what goes in.",
        expression=frame.source, what=what, most=most,
    )  # fmt: skip


def _is_defined(compiler: Compiler, node: Node) -> Run:
    """`is defined(x)`: whether the name is there, even with null; never an error for an unknown one."""
    if isinstance(node, tree.Name):
        compiler.maybe.add(node.name)
        name = node.name
        return lambda frame: _is_visible(frame, name)
    names, paths = set(compiler.names), set(compiler.paths)
    member = node.name if isinstance(node, tree.Member) else ""
    run = compiler.run(node.of if isinstance(node, tree.Member) else node)
    compiler.maybe |= compiler.names - names
    compiler.names, compiler.paths = names, paths
    if not member:
        return lambda frame: run(frame.relaxed()) is not None

    def has_member(frame: Frame) -> bool:
        inside = frame.relaxed()
        value = run(inside)
        return value is not None and ((is_context(value) and member in value) or _property(value, member, inside, node))

    return has_member


def _is_visible(frame: Frame, name: str) -> bool:
    at: Frame | None = frame
    while at is not None:
        if name in at.names:
            return True
        at = at.outer
    return False


def _property(value: Any, member: str, frame: Frame, node: Node) -> bool:
    return member_of(value, member, frame, node) is not None
