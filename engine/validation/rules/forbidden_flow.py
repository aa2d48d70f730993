"""Start events, end events, boundary events and event subprocesses have flows on one side only (BPMN 2.0 §10.5)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import EventKind, Kind, Node
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject

_NO_WAY_IN = {Kind.START_EVENT, Kind.BOUNDARY_EVENT, Kind.EVENT_SUB_PROCESS}
_NO_WAY_OUT = {Kind.END_EVENT, Kind.EVENT_SUB_PROCESS}


def check(subject: Subject) -> Iterator[Found]:
    """Flows into what is entered otherwise, and out of what ends."""
    for place in subject.places:
        node = place.node
        for flow in node.incoming:
            if node.kind in _NO_WAY_IN or node.for_compensation:
                yield Found(at(node), "The flow %(flow)s may not lead here.", "Remove the flow.", {"flow": flow})
        for flow in node.outgoing:
            if node.kind in _NO_WAY_OUT or node.for_compensation or _sealed(node):
                yield Found(at(node), "The flow %(flow)s may not leave here.", "Remove the flow.", {"flow": flow})


def _sealed(node: Node) -> bool:
    kinds = {event.kind for event in node.events}
    return (node.kind is Kind.BOUNDARY_EVENT and EventKind.COMPENSATE in kinds) or (
        node.kind is Kind.THROW_EVENT and EventKind.LINK in kinds
    )


RULE = Rule("forbidden-flow", Level.ERROR, check)
