"""Behind an event-based gateway stand the events it waits for, and nothing else leads to them (BPMN 2.0 §10.6.6)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import EventKind, Kind, Node
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject

_KINDS = {EventKind.MESSAGE, EventKind.TIMER, EventKind.SIGNAL, EventKind.CONDITIONAL}


def check(subject: Subject) -> Iterator[Found]:
    """Event gateways with fewer than two ways out, and targets that cannot be waited for there."""
    for place in subject.places:
        node = place.node
        if node.kind is not Kind.EVENT_BASED_GATEWAY:
            continue
        if len(node.outgoing) < 2:
            yield Found(at(node), "The event gateway has fewer than two ways out.", "Lead it to two events or more.")
        for name in node.outgoing:
            target = place.scope.nodes.get(place.scope.flows[name].target)
            if target is not None and (why := _why(target)):
                yield Found(
                    at(target), "The event gateway %(gateway)s cannot lead here: %(why)s.",
                    "Lead it to catching events or receive tasks of their own.", {"gateway": node.id, "why": why},
                )  # fmt: skip


def _why(target: Node) -> str:
    catches = target.kind is Kind.CATCH_EVENT and all(event.kind in _KINDS for event in target.events)
    if not catches and target.kind is not Kind.RECEIVE_TASK:
        return "it waits for no message, timer, signal or condition"
    if target.parallel_multiple and len(target.events) > 1:
        return "it waits for all of several things"
    if len(target.incoming) > 1:
        return "another flow leads here too"
    if target.kind is Kind.RECEIVE_TASK and target.boundaries:
        return "the receive task has boundary events"
    if target.kind is Kind.RECEIVE_TASK and target.loop is not None:
        return "the receive task is repeated"
    return ""


RULE = Rule("event-gateway", Level.ERROR, check)
