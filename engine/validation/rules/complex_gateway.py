"""A complex gateway joins when its activation condition is true (BPMN 2.0 §10.6.5); without one nobody knows when."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject
from engine.validation.uses import unreadable


def check(subject: Subject) -> Iterator[Found]:
    """Complex gateways with several flows in and no activation condition, or one that cannot be read."""
    for place in subject.places:
        node = place.node
        if node.kind is Kind.COMPLEX_GATEWAY and len(node.incoming) > 1 and not node.activation:
            yield Found(
                at(node), "The complex gateway does not say when it goes on.",
                "Give it an activation condition, as ${activationCount >= 2}.",
            )  # fmt: skip
        elif node.activation and (why := unreadable(node.activation)):
            yield Found(at(node), "The activation condition: %(error)s", "Correct the expression.", {"error": why})


RULE = Rule("complex-gateway", Level.ERROR, check)
