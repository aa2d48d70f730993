"""An event subprocess is started by the one start event in it, which says by what (BPMN 2.0 §10.3.5)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Event subprocesses without a start event, with several, or with one that waits for nothing."""
    for place in subject.places:
        body = place.node.body
        if place.node.kind is not Kind.EVENT_SUB_PROCESS or body is None:
            continue
        starts = [node for node in body.nodes.values() if node.kind is Kind.START_EVENT]
        if len(starts) != 1:
            yield Found(
                at(place.node), "The event subprocess has %(count)d start events.", "Give it exactly one.",
                {"count": len(starts)},
            )  # fmt: skip
        elif not starts[0].events:
            yield Found(
                at(starts[0]), "The start event of an event subprocess says what starts it; this one says nothing.",
                "Choose message, timer, signal, error, escalation or condition.",
            )  # fmt: skip


RULE = Rule("event-subprocess", Level.ERROR, check)
