"""A condition that can never be true, or only where an earlier one is true already: a way that nobody ever takes."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Flow, Kind
from engine.validation.conditions import Conditions, Undecided
from engine.validation.deciding import conditions_at
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Conditions of gateways that hold for no value, and of exclusive ones that an earlier one always forestalls."""
    for place in subject.places:
        if (found := conditions_at(subject, place, choices=False)) is None:
            continue
        flows, conditions = found
        try:
            yield from _dead(flows, conditions, place.node.kind is Kind.EXCLUSIVE_GATEWAY)
        except Undecided:
            continue


def _dead(flows: list[Flow], conditions: Conditions, first_wins: bool) -> Iterator[Found]:
    samples = list(conditions.samples())
    taken: list[set[int]] = []
    for number, flow in enumerate(flows):
        holds = {each for each, sample in enumerate(samples) if conditions.holds(number, sample)}
        if not holds:
            yield Found(at(flow), "The condition can never be true.", "Correct it: it contradicts itself.")
        elif first_wins and holds <= set().union(*taken):
            earlier = ", ".join(other.id for other, theirs in zip(flows, taken, strict=False) if theirs & holds)
            yield Found(
                at(flow), "The condition is never asked where it is true: %(earlier)s is taken before.",
                "Put the narrower condition first, or make them exclude each other.", {"earlier": earlier},
            )  # fmt: skip
        taken.append(holds)


RULE = Rule("dead-condition", Level.WARNING, check)
