"""A business rule task asks a decision of the same practice."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.practice.source import nearest
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject

_MAPS = ("singleEntry", "singleResult", "collectEntries", "resultList")


def check(subject: Subject) -> Iterator[Found]:
    """Decisions that the practice does not have, results that go nowhere, unknown ways to map them."""
    known = subject.practice.decisions
    for place in subject.places:
        decision = place.node.decision
        if decision is None:
            continue
        spot = at(place.node)
        if known is not None and "${" not in decision.ref and decision.ref not in known:
            yield Found(
                spot, "The decision %(ref)s is not in the practice.", "Add its table, or name another.%(guess)s",
                {"ref": decision.ref, "guess": nearest(decision.ref, tuple(sorted(known)))},
            )  # fmt: skip
        if decision.map_result not in _MAPS:
            yield Found(
                spot, "mapDecisionResult is %(map)s.", "Use one of: %(known)s.",
                {"map": decision.map_result, "known": ", ".join(_MAPS)},
            )  # fmt: skip
        if not decision.result_variable and not place.node.outputs:
            yield Found(
                spot, "The result of the decision goes nowhere.", "Set the result variable.", level=Level.WARNING
            )


RULE = Rule("decision-reference", Level.ERROR, check)
