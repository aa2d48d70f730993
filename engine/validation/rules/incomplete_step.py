"""A system step that does not say what it does would do nothing, silently."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind, Node
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Service tasks without a topic, business rule tasks without a decision, call activities that call nothing."""
    for place in subject.places:
        node = place.node
        if not node.implementation and (missing := _missing(node)):
            yield Found(at(node), "The step has no %(what)s.", "Set it in the properties panel.", {"what": missing})


def _missing(node: Node) -> str:
    if node.kind is Kind.SERVICE_TASK and not node.topic:
        return "topic"
    if node.kind is Kind.BUSINESS_RULE_TASK and node.decision is None and not node.topic:
        return "decision"
    if node.kind is Kind.CALL_ACTIVITY and (node.call is None or not node.call.element):
        return "called element"
    return ""


RULE = Rule("incomplete-step", Level.ERROR, check)
