"""From tree to closures: each node becomes a function of the frame, once, and is then only called.

The compiler also gathers what validation asks for: free names, paths and functions. How tests of a cell, loops and
calls work stands in the modules beside this one.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.errors import ExpressionError
from engine.expressions import tree
from engine.expressions.frame import MAX_ITEMS, Frame
from engine.expressions.members import member_of
from engine.expressions.operators import ARITHMETIC, UNFIT, Range, compare, kind, negate, same, within
from engine.expressions.temporal import parse_moment
from engine.expressions.tree import Node

Run = Callable[[Frame], Any]

MAX_DEPTH = 150
"""How deep an expression may be nested."""
_SIMPLE = frozenset({Decimal, str, bool})


class Compiler:
    """Makes the closures of one expression and remembers what it reads."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.names: set[str] = set()
        self.maybe: set[str] = set()
        self.paths: set[str] = set()
        self.functions: set[str] = set()
        self.reads_input = False
        self.tests_input = False
        # The variables of the loops around the present place; None stands for a filter, whose names are its items'.
        self.around: tuple[frozenset[str] | None, ...] = ()
        self._depth = 0

    def run(self, node: Node) -> Run:
        """The closure of a node. Raises ExpressionError where nesting is too deep or a test has no input."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionError(
                "%(expression)s is nested more than %(most)d deep. Split it into steps.",
                expression=self.source[:80], most=MAX_DEPTH,
            )  # fmt: skip
        try:
            return _MAKERS[type(node)](self, node)
        finally:
            self._depth -= 1

    def within(self, names: frozenset[str] | None, node: Node) -> Run:
        """The closure of a node inside a loop over `names`, or inside a filter (None)."""
        outside = self.around
        self.around = (*outside, names)
        try:
            return self.run(node)
        finally:
            self.around = outside

    def is_bound(self, name: str) -> bool:
        """Whether a loop around the present place gives the name."""
        return any(each is not None and name in each for each in self.around)


def _literal(_: Compiler, node: tree.Literal) -> Run:
    value = node.value
    return lambda _: value


def _moment(compiler: Compiler, node: tree.Moment) -> Run:
    compiler.functions.add("@")

    def run(frame: Frame) -> Any:
        value = parse_moment(node.text, frame.context.zone())
        return frame.wrong(node, "this is no date, time or duration.") if value is None else value

    return run


def _name(compiler: Compiler, node: tree.Name) -> Run:
    name = node.name
    if not compiler.is_bound(name):
        in_filter = None in compiler.around
        (compiler.maybe if in_filter else compiler.names).add(name)
        if not in_filter:
            compiler.paths.add(name)
    if compiler.around:
        return lambda frame: look_up(frame, name)

    def run(frame: Frame) -> Any:
        try:
            return frame.names[name]
        except KeyError:
            return frame.unknown(name)

    return run


def look_up(frame: Frame, name: str) -> Any:
    """A name from the inside outward."""
    at: Frame | None = frame
    while at is not None:
        if name in at.names:
            return at.names[name]
        at = at.outer
    return frame.unknown(name)


def _input(compiler: Compiler, _: tree.Input) -> Run:
    if not compiler.tests_input:
        raise ExpressionError(
            "%(expression)s uses ? outside a cell of a decision table. Name the value instead.",
            expression=compiler.source,
        )
    compiler.reads_input = True
    return lambda frame: frame.tested


def _member(compiler: Compiler, node: tree.Member) -> Run:
    of, name = compiler.run(node.of), node.name
    path = _free_path(compiler, node)
    if path:
        compiler.paths.discard(path.rpartition(".")[0])
        compiler.paths.add(path)

    def run(frame: Frame) -> Any:
        value = of(frame)
        if type(value) is dict:
            return value.get(name)
        return member_of(value, name, frame, node)

    return run


def _free_path(compiler: Compiler, node: Node) -> str:
    parts = []
    while isinstance(node, tree.Member):
        parts.append(node.name)
        node = node.of
    if not isinstance(node, tree.Name) or compiler.is_bound(node.name) or None in compiler.around:
        return ""
    return ".".join([node.name, *reversed(parts)])


def _unary(compiler: Compiler, node: tree.Unary) -> Run:
    operand = compiler.run(node.operand)

    def minus(frame: Frame) -> Any:
        value = operand(frame)
        result = negate(value)
        if result is UNFIT:
            return frame.wrong(node, "- needs a number or a duration, not a %(kind)s.", kind=kind(value))
        return result

    def negation(frame: Frame) -> Any:
        value = operand(frame)
        if value is True or value is False:
            return not value
        return (
            None if value is None else frame.wrong(node, "not needs true or false, not a %(kind)s.", kind=kind(value))
        )

    def empty(frame: Frame) -> Any:
        value = operand(frame)
        return value is None or (hasattr(value, "__len__") and len(value) == 0)

    return {"-": minus, "not": negation, "empty": empty}[node.op]


def _binary(compiler: Compiler, node: tree.Binary) -> Run:
    left, right = compiler.run(node.left), compiler.run(node.right)
    if node.op in ("and", "or"):
        return _logic(node, left, right)
    if node.op in ("=", "!="):
        return _equality(node, left, right)
    if node.op in ARITHMETIC:
        return _arithmetic(node, left, right)
    op = node.op

    def run(frame: Frame) -> Any:
        one, other = left(frame), right(frame)
        result = compare(op, one, other)
        return misfit(frame, node, op, one, other) if result is UNFIT else result

    return run


def _arithmetic(node: tree.Binary, left: Run, right: Run) -> Run:
    operation, op = ARITHMETIC[node.op], node.op

    def run(frame: Frame) -> Any:
        one, other = left(frame), right(frame)
        try:
            result = operation(one, other)
        except ZeroDivisionError:
            return frame.wrong(node, "division by zero.")
        except (ArithmeticError, ValueError) as error:
            return frame.wrong(node, "the result is out of range (%(limit)s).", limit=_reason(error))
        return misfit(frame, node, op, one, other) if result is UNFIT else result

    return run


def _reason(error: Exception) -> str:
    return str(error) if error.args and isinstance(error.args[0], str) else type(error).__name__


def _equality(node: tree.Binary, left: Run, right: Run) -> Run:
    positive = node.op == "="

    def run(frame: Frame) -> Any:
        one, other = left(frame), right(frame)
        if type(one) is type(other) and type(one) in _SIMPLE:
            return (one == other) is positive
        result = same(one, other, frame)
        if result is UNFIT:
            return misfit(frame, node, node.op, one, other)
        return result is positive

    return run


def _logic(node: tree.Binary, left: Run, right: Run) -> Run:
    """`and`, `or` of three values: true, false and null (DMN 1.5, table 50); the right side only when it matters."""
    decisive = node.op == "or"

    def run(frame: Frame) -> Any:
        one = _truth(left(frame), frame, node)
        if one is decisive:
            return decisive
        other = _truth(right(frame), frame, node)
        if other is decisive:
            return decisive
        return None if one is None or other is None else not decisive

    return run


def _truth(value: Any, frame: Frame, node: tree.Binary) -> Any:
    if value is True or value is False or value is None:
        return value
    return frame.wrong(node, "%(op)s needs true or false, not a %(kind)s.", op=node.op, kind=kind(value))


def misfit(frame: Frame, node: Node, op: str, left: Any, right: Any) -> Any:
    """The answer to operands whose types do not go together."""
    kinds = {kind(left), kind(right)}
    cure = "Compare and compute values of one type."
    if "string" in kinds and op == "+":
        cure = "Write string(…) around what is no text."
    elif kinds == {"date", "date and time"}:
        cure = "Write date(…) around the date and time."
    elif kinds == {"number", "string"}:
        cure = "Write number(…) around the text."
    elif "list" in kinds:
        cure = "Use list contains(list, value) or count(list)."
    return frame.wrong(
        node, "%(op)s does not go with a %(left)s and a %(right)s. %(cure)s",
        op=op, left=kind(left), right=kind(right), cure=cure,
    )  # fmt: skip


def _between(compiler: Compiler, node: tree.Between) -> Run:
    value, low, high = compiler.run(node.value), compiler.run(node.low), compiler.run(node.high)

    def run(frame: Frame) -> Any:
        one, bottom, top = value(frame), low(frame), high(frame)
        if bottom is None or top is None:
            return None
        result = within(one, Range(bottom, top, False, False))
        return misfit(frame, node, "between", one, bottom) if result is UNFIT else result

    return run


def _if(compiler: Compiler, node: tree.If) -> Run:
    condition, yes, no = compiler.run(node.condition), compiler.run(node.yes), compiler.run(node.no)

    def run(frame: Frame) -> Any:
        value = condition(frame)
        if value is True:
            return yes(frame)
        if value is not False and value is not None:
            frame.wrong(node.condition, "a condition needs true or false, not a %(kind)s.", kind=kind(value))
        return no(frame)

    return run


def _interval(compiler: Compiler, node: tree.Interval) -> Run:
    low, high = compiler.run(node.low), compiler.run(node.high)

    def run(frame: Frame) -> Any:
        bottom, top = low(frame), high(frame)
        if bottom is None or top is None:
            return None
        if compare("<=", bottom, top) is UNFIT:
            return misfit(frame, node, "..", bottom, top)
        return Range(bottom, top, node.low_open, node.high_open)

    return run


def _items(compiler: Compiler, node: tree.Items) -> Run:
    runs = tuple(compiler.run(each) for each in node.items)
    if len(runs) > MAX_ITEMS:
        raise ExpressionError("A list has more than %(most)d items. Shorten it.", most=MAX_ITEMS, expression="")

    def run(frame: Frame) -> Any:
        return [each(frame) for each in runs]

    return run


def _entries(compiler: Compiler, node: tree.Entries) -> Run:
    keys = [key for key, _ in node.entries]
    if len(set(keys)) != len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ExpressionError(
            "%(expression)s has the entry %(key)s twice. Keep one.", expression=compiler.source, key=twice
        )
    runs = []
    for place, (key, value) in enumerate(node.entries):
        runs.append((key, compiler.within(frozenset(keys[:place]), value)))

    def run(frame: Frame) -> Any:
        made: dict[str, Any] = {}
        inside = frame.inner(made)
        for key, each in runs:
            made[key] = each(inside)
        return made

    return run


_MAKERS: dict[type, Callable[[Compiler, Any], Run]] = {
    tree.Literal: _literal, tree.Moment: _moment, tree.Name: _name, tree.Input: _input, tree.Member: _member,
    tree.Unary: _unary, tree.Binary: _binary, tree.Between: _between, tree.If: _if, tree.Interval: _interval,
    tree.Items: _items, tree.Entries: _entries,
}  # fmt: skip


def maker(kind_of_node: type) -> Callable[[Callable[[Compiler, Any], Run]], Callable[[Compiler, Any], Run]]:
    """Declare how a kind of node becomes a closure."""

    def declare(make: Callable[[Compiler, Any], Run]) -> Callable[[Compiler, Any], Run]:
        _MAKERS[kind_of_node] = make
        return make

    return declare
