"""When no condition is true and there is no default flow, the instance stops with an incident (BPMN 2.0 §13.4)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject

_ALWAYS = ("${true}", "true")


def check(subject: Subject) -> Iterator[Found]:
    """Deciding gateways whose flows all have conditions, none of which always holds."""
    for place in subject.places:
        node = place.node
        if node.kind not in (Kind.EXCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY) or node.default_flow:
            continue
        conditions = [place.scope.flows[name].condition for name in node.outgoing]
        if conditions and all(conditions) and not any(condition.strip() in _ALWAYS for condition in conditions):
            yield Found(
                at(node), "The gateway has no default flow: when no condition is true, the instance stops here.",
                "Mark one flow as the default.",
            )  # fmt: skip


RULE = Rule("missing-default", Level.WARNING, check)
