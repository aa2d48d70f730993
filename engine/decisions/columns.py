"""The values of one input column, cut into pieces at every value that its cells name."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.decisions.model import InputClause
from engine.expressions import CompiledUnary
from engine.expressions import tree as syntax
from engine.expressions.operators import NUMBERS
from engine.expressions.showing import show_number
from engine.expressions.static import STATIC

_OTHER = "\ufffe any other text"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's pieces: what each is called, which of them each rule's cell takes, which are to be expected.

    `decides` is false when every rule takes everything.
    """

    title: str
    labels: tuple[str, ...]
    cells: tuple[frozenset[int], ...]
    expected: frozenset[int]
    decides: bool


def column_of(clause: InputClause, cells: list[CompiledUnary | None]) -> Column | None:
    """The pieces of a column, or None when a cell is no constant."""
    tests = [cell for cell in (*cells, clause.allowed) if cell is not None]
    named: list[Any] = []
    for test in tests:
        found = _named(test.tree)
        if found is None:
            return None
        named.extend(found)
    pieces = _pieces(clause, named)
    if pieces is None:
        return None
    samples, labels, expected = pieces
    everything = frozenset(range(len(samples)))
    if clause.allowed is not None:
        allowed = frozenset(at for at in everything if clause.allowed.test(samples[at], {}, STATIC))
        everything, expected = allowed, allowed
    taken = tuple(
        everything if cell is None else frozenset(at for at in everything if cell.test(samples[at], {}, STATIC))
        for cell in cells
    )
    return Column(clause.title, labels, taken, expected or everything, any(each != everything for each in taken))


def _named(tests: syntax.Tests) -> list[Any] | None:
    """The values that a cell names; None when it holds more than constants."""
    values: list[Any] = []
    for each in tests.alternatives:
        match each:
            case syntax.Literal():
                parts: tuple[syntax.Node, ...] = (each,)
            case syntax.Compare():
                parts = (each.operand,)
            case syntax.Interval():
                parts = (each.low, each.high)
            case _:
                return None
        for part in parts:
            if not isinstance(part, syntax.Literal):
                return None
            values.append(part.value)
    return values


def _pieces(clause: InputClause, named: list[Any]) -> tuple[list[Any], tuple[str, ...], frozenset[int]] | None:
    """Samples, labels and the expected pieces; null is never expected, and neither is a text that no cell names."""
    values = [value for value in named if value is not None]
    kinds = {type(value) for value in values}
    if kinds == {bool} or (not kinds and clause.type.base == "boolean"):
        return [True, False], ("true", "false"), frozenset({0, 1})
    if not kinds:
        return [_OTHER], ("(any)",), frozenset({0})
    if kinds == {str}:
        texts = sorted(set(values))
        labels = (*(f'"{text}"' for text in texts), "(any other text)")
        return [*texts, _OTHER], labels, frozenset(range(len(texts)))
    if kinds == {Decimal}:
        samples, labels = _number_pieces(sorted(set(values)), clause.type.base == "integer")
        return samples, labels, frozenset(range(len(samples)))
    return None


def _number_pieces(points: list[Decimal], whole: bool) -> tuple[list[Decimal], tuple[str, ...]]:
    samples = [points[0] - 1]
    labels = [f"< {show_number(points[0])}"]
    for at, point in enumerate(points):
        if not whole or point == point.to_integral_value():
            samples.append(point)
            labels.append(f"= {show_number(point)}")
        following = points[at + 1] if at + 1 < len(points) else None
        sample = _between(point, following, whole)
        if sample is not None:
            samples.append(sample)
            end = "" if following is None else f" and < {show_number(following)}"
            labels.append(f"> {show_number(point)}{end}")
    if whole:
        samples[0] = Decimal(math.ceil(points[0]) - 1)
    return samples, tuple(labels)


def _between(low: Decimal, high: Decimal | None, whole: bool) -> Decimal | None:
    """A number between two others, a whole one if need be; None when there is none."""
    if whole:
        following = Decimal(math.floor(low) + 1)
        return following if high is None or following < high else None
    return low + 1 if high is None else NUMBERS.divide(NUMBERS.add(low, high), Decimal(2))
