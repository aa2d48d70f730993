"""What several conditions say together about the values they test, found by trying a sample of each piece.

A condition is cut into tests of a value with constants; what is tested may be a name, a path, a call: a piece of its
own, whatever it computes. The values of a piece are cut at the constants it is compared with, so that the samples are
all there is to know. Tests of two such values with each other are pieces that are true, false or null.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.errors import ExpressionError
from engine.expressions import compile_text, tree
from engine.expressions.frame import Frame
from engine.expressions.operators import UNFIT, Range, compare, same, within
from engine.expressions.showing import show_number
from engine.expressions.static import STATIC
from engine.validation.inference import Names

_MOST = 4_000
_OTHER = "\ufffe"
Sample = Mapping[tree.Node, Any]


class Undecided(Exception):
    """Too many values to try."""


class Conditions:
    """Some conditions over the same values; `names` tells what choices a name has, if that shall count."""

    def __init__(
        self, conditions: Sequence[tree.Node], names: Names | None = None, never_null: frozenset[str] = frozenset()
    ) -> None:
        self._conditions = conditions
        self._constants: dict[tree.Node, list[Any]] = {}
        for each in conditions:
            self._gather(each)
        self._samples = {key: self._values(key, names, never_null) for key in self._constants}

    def samples(self) -> Iterator[Sample]:
        """Every combination of values, those without null first. Raises Undecided when there are too many."""
        keys = list(self._samples)
        count = 1
        for key in keys:
            count *= len(self._samples[key])
        if count > _MOST:
            raise Undecided
        made = [dict(zip(keys, values, strict=True)) for values in itertools.product(*self._samples.values())]
        yield from sorted(made, key=lambda sample: sum(value is None for value in sample.values()))

    def holds(self, at: int, sample: Sample) -> bool:
        """Whether a condition is true for these values; null is not."""
        return self._value(self._conditions[at], sample) is True

    def told(self, sample: Sample) -> str:
        """The values in words."""
        return ", ".join(f"{tree.show(node)} = {_shown(value)}" for node, value in sample.items()) or "any values"

    # ---- pieces

    def _gather(self, node: tree.Node) -> None:
        match node:
            case tree.Literal():
                pass
            case tree.Binary() if node.op in ("and", "or"):
                self._gather(node.left)
                self._gather(node.right)
            case tree.Unary() if node.op == "not":
                self._gather(node.operand)
            case tree.Unary() if node.op == "empty":
                self._piece(node.operand)
            case tree.Binary() | tree.Between() | tree.In() if (tested := _tested(node)) is not None:
                value, constants = tested
                self._piece(value, constants)
            case _:
                self._piece(node, [True, False])

    def _piece(self, node: tree.Node, constants: Sequence[Any] = ()) -> None:
        self._constants.setdefault(node, []).extend(constants)

    def _values(self, node: tree.Node, names: Names | None, never_null: frozenset[str]) -> list[Any]:
        found = list(dict.fromkeys(each for each in self._constants[node] if each is not None))
        numbers = sorted(each for each in found if isinstance(each, Decimal))
        texts = [each for each in found if isinstance(each, str)]
        others = [each for each in found if not isinstance(each, (Decimal, str))]
        values: list[Any] = [*_between(numbers), *_texts(node, texts, names, bool(numbers or others)), *others]
        known = isinstance(node, tree.Name) and node.name in never_null
        return values if known and values else [*values, None]

    # ---- values

    def _value(self, node: tree.Node, sample: Sample) -> Any:
        match node:
            case tree.Literal():
                return node.value
            case tree.Binary() if node.op in ("and", "or"):
                return _logic(node.op == "or", self._value(node.left, sample), self._value(node.right, sample))
            case tree.Unary() if node.op == "not":
                value = self._value(node.operand, sample)
                return (not value) if isinstance(value, bool) else None
            case tree.Unary() if node.op == "empty":
                return sample[node.operand] in (None, "")
            case tree.Binary() | tree.Between() | tree.In() if (tested := _tested(node)) is not None:
                return _test(node, sample[tested[0]])
        return sample[node]


def _texts(node: tree.Node, texts: list[str], names: Names | None, typed: bool) -> list[str]:
    """The texts it is compared with, and one for all others: of a choice one that it has."""
    known = names(node.name).texts if names is not None and isinstance(node, tree.Name) else None
    if known:
        return [*(each for each in texts if each in known), *sorted(known - set(texts))[:1]]
    if not texts and typed:
        return []
    return [*texts, _OTHER]


def _tested(node: tree.Node) -> tuple[tree.Node, list[Any]] | None:
    """What a test tests, and the constants it compares with; None when it compares with anything else."""
    match node:
        case tree.Binary() if node.op in ("=", "!=", "<", "<=", ">", ">="):
            for value, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(other, tree.Literal) and not isinstance(value, tree.Literal):
                    return value, [other.value]
        case tree.Between() if isinstance(node.low, tree.Literal) and isinstance(node.high, tree.Literal):
            return node.value, [node.low.value, node.high.value]
        case tree.In():
            constants: list[Any] = []
            for each in node.tests.alternatives:
                found = _constants(each)
                if found is None:
                    return None
                constants += found
            return node.value, constants
    return None


def _constants(node: tree.Node) -> list[Any] | None:
    match node:
        case tree.Literal():
            return [node.value]
        case tree.Compare() if isinstance(node.operand, tree.Literal):
            return [node.operand.value]
        case tree.Interval() if isinstance(node.low, tree.Literal) and isinstance(node.high, tree.Literal):
            return [node.low.value, node.high.value]
        case tree.Items() if all(isinstance(each, tree.Literal) for each in node.items):
            return [each.value for each in node.items if isinstance(each, tree.Literal)]
    return None


def _test(node: tree.Node, value: Any) -> Any:
    match node:
        case tree.Binary():
            left, right = (
                (value, _constant(node.right))
                if isinstance(node.right, tree.Literal)
                else (_constant(node.left), value)
            )
            if node.op in ("=", "!="):
                return _null_if_unfit(same(left, right, _frame()), node.op == "!=")
            return _null_if_unfit(compare(node.op, left, right))
        case tree.Between():
            return _null_if_unfit(within(value, Range(_constant(node.low), _constant(node.high), False, False)))
        case tree.In():
            found = [_alternative(each, value) for each in node.tests.alternatives]
            return True if True in found else None if None in found else False
    return None


def _alternative(node: tree.Node, value: Any) -> Any:
    match node:
        case tree.Compare() if node.op in ("=", "!="):
            return _null_if_unfit(same(value, _constant(node.operand), _frame()), node.op == "!=")
        case tree.Compare():
            return _null_if_unfit(compare(node.op, value, _constant(node.operand)))
        case tree.Interval():
            ends = Range(_constant(node.low), _constant(node.high), node.low_open, node.high_open)
            return _null_if_unfit(within(value, ends))
        case tree.Items():
            return any(same(value, _constant(each), _frame()) is True for each in node.items)
    return _null_if_unfit(same(value, _constant(node), _frame()))


def _constant(node: tree.Node) -> Any:
    return node.value if isinstance(node, tree.Literal) else None


def _null_if_unfit(found: Any, negated: bool = False) -> Any:
    if found is UNFIT or found is None:
        return None
    return (not found) if negated else found


def _logic(decisive: bool, one: Any, other: Any) -> Any:
    if decisive in (one, other):
        return decisive
    return None if one is None or other is None else not decisive


def _between(numbers: list[Decimal]) -> Iterator[Decimal]:
    """A number below, each number, one between each two if there is a whole one, one above."""
    if not numbers:
        return
    yield numbers[0] - 1
    for one, other in itertools.pairwise(numbers):
        yield one
        middle = one.to_integral_value() + 1
        if one < middle < other:
            yield middle
    yield from (numbers[-1], numbers[-1] + 1)


def _frame() -> Frame:
    return Frame({}, STATIC, False, "")


def _shown(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return "any other text" if value == _OTHER else f'"{value}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    return show_number(value) if isinstance(value, Decimal) else str(value)


def condition_of(source: str) -> tree.Node | None:
    """The tree of a condition; None when it cannot be read or is a text."""
    try:
        compiled = compile_text(source)
    except ExpressionError:
        return None
    return compiled.trees[0] if len(compiled.trees) == 1 and "${" in source and not compiled.mixed else None
