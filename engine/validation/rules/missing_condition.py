"""A way out of a deciding gateway without a condition: is it taken always or never? Condition or default say it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Flows out of diverging exclusive and inclusive gateways that have no condition and are not the default."""
    for place in subject.places:
        node = place.node
        if node.kind not in (Kind.EXCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY) or len(node.outgoing) < 2:
            continue
        for name in node.outgoing:
            flow = place.scope.flows[name]
            if not flow.condition and name != node.default_flow:
                yield Found(
                    at(flow), "The flow out of gateway %(gateway)s has no condition and is not its default.",
                    "Give it a condition, or make it the default flow.", {"gateway": node.id},
                )  # fmt: skip


RULE = Rule("missing-condition", Level.ERROR, check)
