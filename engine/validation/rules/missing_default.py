"""When no condition is true and there is no default flow, the instance stops with an incident (BPMN 2.0 §13.4)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind
from engine.validation.conditions import Undecided
from engine.validation.deciding import conditions_at
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Place, Subject

_ALWAYS = ("${true}", "true")


def check(subject: Subject) -> Iterator[Found]:
    """Deciding gateways whose flows all have conditions that can fail together, with values for which they do."""
    for place in subject.places:
        node = place.node
        if node.kind not in (Kind.EXCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY) or node.default_flow:
            continue
        conditions = [place.scope.flows[name].condition for name in node.outgoing]
        if not conditions or not all(conditions) or any(condition.strip() in _ALWAYS for condition in conditions):
            continue
        example = _example(subject, place)
        if example is None:
            yield Found(
                at(node), "The gateway has no default flow: when no condition is true, the instance stops here.",
                "Mark one flow as the default.",
            )  # fmt: skip
        elif example:
            yield Found(
                at(node),
                "The gateway has no default flow, and no condition is true for %(example)s: the instance stops here.",
                "Mark one flow as the default, or add a flow for it.", {"example": example},
            )  # fmt: skip


def _example(subject: Subject, place: Place) -> str | None:
    """Values for which no condition is true; empty when there are none, None when that cannot be told."""
    found = conditions_at(subject, place, choices=True)
    if found is None:
        return None
    flows, conditions = found
    try:
        for sample in conditions.samples():
            if not any(conditions.holds(number, sample) for number in range(len(flows))):
                return conditions.told(sample)
    except Undecided:
        return None
    return ""


RULE = Rule("missing-default", Level.WARNING, check)
