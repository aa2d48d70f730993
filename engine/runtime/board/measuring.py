"""Arithmetic of figures. Pure: facts in, cells out; a recount in any order gives the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal

from engine.views import Cell

_EXACT = Decimal("0.0001")
_HIGH = Decimal("0.9")
EVERYBODY = ("", "")


@dataclass(frozen=True, slots=True)
class Fact:
    """What one instance adds to a figure: `top` is its value (of a share 1 or 0), `bottom` what it is a part of.

    `top` is None where the instance has no value: it is among the rows and adds nothing.
    """

    month: str
    top: Decimal | None
    bottom: Decimal = Decimal(1)
    members: Mapping[str, str] = field(default_factory=dict)


def cell(measure: str, facts: Iterable[Fact]) -> Cell:
    """The figure over these facts."""
    found = [fact for fact in facts if fact.top is not None]
    tops = sorted(fact.top for fact in found if fact.top is not None)
    if not tops:
        return Cell(0)
    total = sum(tops, Decimal(0))
    if measure == "median":
        return Cell(len(tops), _exact(percentile(tops, Decimal("0.5"))), _exact(percentile(tops, _HIGH)))
    if measure in ("sum", "count"):
        return Cell(len(tops), _exact(total))
    bottom = sum((fact.bottom for fact in found), Decimal(0))
    return Cell(len(tops), _exact(total / bottom) if bottom else None)


def percentile(ordered: list[Decimal], part: Decimal) -> Decimal:
    """The value below which a part of the ordered numbers lies, between two of them in proportion."""
    place = part * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def cells(measure: str, facts: Iterable[Fact]) -> dict[tuple[str, str, str], Cell]:
    """(dimension, member, month) → figure; empty texts stand for all together and for the whole period."""
    groups: dict[tuple[str, str, str], list[Fact]] = {("", "", ""): []}
    for fact in facts:
        for dimension, member in (EVERYBODY, *fact.members.items()):
            for month in ("", fact.month):
                groups.setdefault((dimension, member, month), []).append(fact)
    return {key: cell(measure, group) for key, group in groups.items()}


def _exact(value: Decimal) -> Decimal:
    return value.quantize(_EXACT, ROUND_HALF_EVEN).normalize()
