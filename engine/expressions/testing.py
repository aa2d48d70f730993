"""The tests of a cell and of `in (…)`: what a value must be to pass (DMN 1.5, §7.3.13 and §10.3.2.8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.errors import ExpressionError
from engine.expressions import tree
from engine.expressions.closures import Compiler, Run, maker, misfit
from engine.expressions.frame import Frame
from engine.expressions.operators import ORDERED, ORDERS, UNFIT, Range, compare, kind, same, within
from engine.expressions.tree import Node

Test = Callable[[Frame, Any], Any]
"""Whether a value passes: True, False or None (not decided)."""


@maker(tree.In)
def _in(compiler: Compiler, node: tree.In) -> Run:
    value, test = compiler.run(node.value), tests(compiler, node.tests)
    return lambda frame: test(frame, value(frame))


@maker(tree.Tests)
def _bare_tests(compiler: Compiler, node: tree.Tests) -> Run:
    if not compiler.tests_input:
        raise ExpressionError(
            "%(expression)s: not(…) with several tests stands only in a cell of a decision table. "
            "Write not(value in (…)).",
            expression=compiler.source,
        )
    compiler.reads_input = True
    test = tests(compiler, node)
    return lambda frame: test(frame, frame.tested)


def tests(compiler: Compiler, node: tree.Tests) -> Test:
    """The test of a cell: one of its alternatives passes, or with `not` none."""
    choices = tuple(alternative(compiler, each) for each in node.alternatives)
    if not choices:
        return lambda *_: True
    if len(choices) == 1:
        any_of = choices[0]
    else:

        def any_of(frame: Frame, value: Any) -> Any:
            result: bool | None = False
            for choice in choices:
                passed = choice(frame, value)
                if passed is True:
                    return True
                if passed is None:
                    result = None
            return result

    if not node.negated:
        return any_of

    def none_of(frame: Frame, value: Any) -> Any:
        passed = any_of(frame, value)
        return None if passed is None else not passed

    return none_of


def alternative(compiler: Compiler, node: Node) -> Test:
    """One test: an operator with its operand, a range, an expression with `?`, or a value to be equal to."""
    if isinstance(node, tree.Compare):
        return _compared(compiler, node)
    if isinstance(node, tree.Literal):
        return _literal(node)
    if isinstance(node, tree.Interval) and isinstance(node.low, tree.Literal) and isinstance(node.high, tree.Literal):
        low, high = node.low.value, node.high.value
        if type(low) is type(high) and type(low) in ORDERED:
            return _between_constants(node, low, high)
    read_before = compiler.reads_input
    compiler.reads_input = False
    run = compiler.run(node)
    is_condition, compiler.reads_input = compiler.reads_input, compiler.reads_input or read_before
    if is_condition:
        return lambda frame, _: _truth(run(frame), frame, node)
    return lambda frame, value: _matches(run(frame), value, frame, node)


def _literal(node: tree.Literal) -> Test:
    expected = node.value
    type_expected = type(expected)

    def test(frame: Frame, value: Any) -> Any:
        if type(value) is type_expected:
            return value == expected
        return _matches(expected, value, frame, node)

    return test


def _compared(compiler: Compiler, node: tree.Compare) -> Test:
    operand, op = compiler.run(node.operand), node.op
    if isinstance(node.operand, tree.Literal) and op in ORDERS and type(node.operand.value) in ORDERED:
        return _compared_to(node, node.operand.value, op)

    def ordered(frame: Frame, value: Any) -> Any:
        other = operand(frame)
        result = compare(op, value, other)
        return misfit(frame, node, op, value, other) if result is UNFIT else result

    def equal(frame: Frame, value: Any) -> Any:
        other = operand(frame)
        result = same(value, other, frame)
        if result is UNFIT:
            return misfit(frame, node, op, value, other)
        return result is (op == "=")

    return equal if op in ("=", "!=") else ordered


def _compared_to(node: tree.Compare, expected: Any, op: str) -> Test:
    """A comparison with a constant, which most cells of tables are."""
    order, type_expected = ORDERS[op], type(expected)

    def test(frame: Frame, value: Any) -> Any:
        if type(value) is type_expected:
            return order(value, expected)
        result = compare(op, value, expected)
        return misfit(frame, node, op, value, expected) if result is UNFIT else result

    return test


def _between_constants(node: tree.Interval, low: Any, high: Any) -> Test:
    """A range of constants, without making a range value each time."""
    above, below = ORDERS[">" if node.low_open else ">="], ORDERS["<" if node.high_open else "<="]
    interval, type_expected = Range(low, high, node.low_open, node.high_open), type(low)

    def test(frame: Frame, value: Any) -> Any:
        if type(value) is type_expected:
            return above(value, low) and below(value, high)
        return _matches(interval, value, frame, node)

    return test


def _truth(result: Any, frame: Frame, node: Node) -> Any:
    if result is None or isinstance(result, bool):
        return result
    return frame.wrong(node, "a test needs true or false, not a %(kind)s.", kind=kind(result))


def _matches(expected: Any, value: Any, frame: Frame, node: Node) -> Any:
    if isinstance(expected, Range):
        result = within(value, expected)
    elif isinstance(expected, list) and not isinstance(value, list):
        return _one_of(expected, value, frame)
    elif isinstance(expected, bool) and not isinstance(value, bool) and not isinstance(node, tree.Literal):
        return expected
    else:
        result = same(value, expected, frame)
    return misfit(frame, node, "=", value, expected) if result is UNFIT else result


def _one_of(expected: list[Any], value: Any, frame: Frame) -> bool:
    frame.spend(len(expected))
    for each in expected:
        found = within(value, each) if isinstance(each, Range) else same(value, each, frame)
        if found is True:
            return True
    return False
