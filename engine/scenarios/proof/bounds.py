"""`coverage:` of scenario files: how much must be reached, and what may be left out, with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.scenarios.source import Place, Source

_ELEMENTS = 95
_RULES = 100


@dataclass(frozen=True, slots=True)
class Excepted:
    """Something that no scenario reaches, and why: an element of a process or a rule of a decision."""

    place: Place
    where: str
    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """Per cent of the elements of each diagram and of the rules of each table that must be reached."""

    elements: int = _ELEMENTS
    rules: int = _RULES
    excepted: tuple[Excepted, ...] = ()

    def reason(self, where: str, part: str) -> str:
        """Why something need not be reached; nothing when it must be."""
        return next((each.reason for each in self.excepted if (each.where, each.id) == (where, part)), "")


def read_bounds(source: Source) -> Bounds:
    """Read the block; without one the bounds are those of `Bounds`."""
    section = source.section("coverage")
    elements, rules, excepted = (section.take(key) for key in ("elements", "rules", "except"))
    section.done()
    return Bounds(
        elements.number() if elements else _ELEMENTS,
        rules.number() if rules else _RULES,
        tuple(part for each in (excepted.items() if excepted else ()) for part in _excepted(each)),
    )


def all_bounds(found: Iterable[Bounds]) -> Bounds:
    """Several blocks put together: the strictest figures, everything that is excepted."""
    blocks = list(found) or [Bounds()]
    return Bounds(
        max(each.elements for each in blocks),
        max(each.rules for each in blocks),
        tuple(part for each in blocks for part in each.excepted),
    )


def _excepted(source: Source) -> Iterable[Excepted]:
    section = source.section("an exception")
    process, decision = section.text("process"), section.text("decision")
    parts = section.take("elements") if process else section.take("rules")
    reason = section.text("reason")
    section.done()
    if not (process or decision) or parts is None:
        raise source.fault("Name a “process” and its “elements”, or a “decision” and its “rules”.")
    if not reason:
        raise source.fault("“reason” is missing: why does no scenario reach it?")
    return [Excepted(each.place, process or decision, each.text(), reason) for each in parts.items()]
