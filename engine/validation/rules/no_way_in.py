"""A node that no flow leads to never runs (or, by the letter of BPMN, at once): both are surprises."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import EventKind, Kind, Node
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject

_STARTING = {Kind.START_EVENT, Kind.BOUNDARY_EVENT, Kind.EVENT_SUB_PROCESS}


def check(subject: Subject) -> Iterator[Found]:
    """Nodes without an incoming flow that are not entered in another way."""
    for place in subject.places:
        if not place.node.incoming and not _entered(place.node):
            yield Found(at(place.node), "No flow leads here.", "Draw a flow to it, or remove it.")


def _entered(node: Node) -> bool:
    link = node.kind is Kind.CATCH_EVENT and any(event.kind is EventKind.LINK for event in node.events)
    return node.kind in _STARTING or node.for_compensation or link


RULE = Rule("no-way-in", Level.ERROR, check)
