"""Which event may stand where is fixed by BPMN 2.0 (§10.5, tables 10.84–10.90); elsewhere it has no meaning."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import EventKind, Kind, Node
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Place, Subject

E = EventKind
_WAITING = {E.MESSAGE, E.TIMER, E.SIGNAL, E.CONDITIONAL}
_ALLOWED = {
    Kind.START_EVENT: _WAITING,
    Kind.CATCH_EVENT: _WAITING | {E.LINK},
    Kind.THROW_EVENT: {E.MESSAGE, E.SIGNAL, E.ESCALATION, E.COMPENSATE, E.LINK},
    Kind.BOUNDARY_EVENT: _WAITING | {E.ERROR, E.ESCALATION, E.COMPENSATE, E.CANCEL},
    Kind.END_EVENT: {E.MESSAGE, E.SIGNAL, E.ERROR, E.ESCALATION, E.COMPENSATE, E.CANCEL, E.TERMINATE},
}
_IN_EVENT_SUBPROCESS = _WAITING | {E.ERROR, E.ESCALATION, E.COMPENSATE}
_ALWAYS_INTERRUPTING = {E.ERROR, E.CANCEL}


def check(subject: Subject) -> Iterator[Found]:
    """Events with a definition that cannot stand there, without one they need, or not interrupting where they must."""
    for place in subject.places:
        if place.node.kind in _ALLOWED:
            yield from _event(place)


def _event(place: Place) -> Iterator[Found]:
    node, around = place.node, place.around
    allowed = _ALLOWED[node.kind]
    inside = around is not None and around.kind is Kind.EVENT_SUB_PROCESS
    if node.kind is Kind.START_EVENT and inside:
        allowed = _IN_EVENT_SUBPROCESS
    for event in node.events:
        fields = {"event": event.kind.value, "where": node.kind.value}
        if event.kind not in allowed:
            yield Found(
                at(node, event.line), "A %(event)s event cannot be a %(where)s.", "Use another event here.", fields
            )
        elif event.kind in _ALWAYS_INTERRUPTING and not node.interrupting and node.kind is not Kind.END_EVENT:
            yield Found(at(node, event.line), "A %(event)s event always interrupts.", "Make it interrupting.", fields)
    if node.kind is Kind.START_EVENT and around is None and E.CONDITIONAL in {event.kind for event in node.events}:
        yield Found(
            at(node), "A condition cannot start a process: there is no instance yet whose data it could look at.",
            "Start it by a message, a signal or a timer, or wait for the condition behind a plain start event.",
        )  # fmt: skip
    if not node.events and _must_wait(node):
        yield Found(at(node), "The event waits for nothing.", "Choose message, timer, signal or condition.")
    if E.CANCEL in {event.kind for event in node.events} and node.kind is Kind.END_EVENT and not _transaction(place):
        yield Found(at(node), "Only a transaction can be cancelled from within.", "Draw it in a transaction.")


def _must_wait(node: Node) -> bool:
    return node.kind in (Kind.CATCH_EVENT, Kind.BOUNDARY_EVENT)


def _transaction(place: Place) -> bool:
    return place.around is not None and place.around.kind is Kind.TRANSACTION


RULE = Rule("event-placement", Level.ERROR, check)
