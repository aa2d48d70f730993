"""A receive task or event gateway may begin a process (BPMN 2.0 §10.3.3, §10.6.6): nothing leads to it, and it waits
for what reaches a process that is not there yet."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import EventKind, Kind, Node
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Place, Subject

_REACHING = {EventKind.MESSAGE, EventKind.SIGNAL}


def check(subject: Subject) -> Iterator[Found]:
    """Instantiating ones in subprocesses, with a flow in or a loop; gateways that wait for other than messages and
    signals."""
    for place in subject.places:
        if place.node.instantiates and (why := _why(place)):
            yield Found(
                at(place.node), "It cannot begin the process: %(why)s.", "Use a message start event.", {"why": why}
            )


def _why(place: Place) -> str:
    node = place.node
    if place.around is not None:
        return "it stands in a subprocess"
    if node.incoming:
        return "a flow leads here"
    if node.loop is not None:
        return "it is repeated"
    if node.kind is Kind.EVENT_BASED_GATEWAY:
        targets = [place.scope.nodes.get(place.scope.flows[flow].target) for flow in node.outgoing]
        if not all(target is not None and _reaches(target) for target in targets):
            return "an event behind it is no message and no signal"
    return ""


def _reaches(node: Node) -> bool:
    return node.kind is Kind.RECEIVE_TASK or all(event.kind in _REACHING for event in node.events)


RULE = Rule("instantiation", Level.ERROR, check)
