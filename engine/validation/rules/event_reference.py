"""Messages, signals, errors and escalations meet by name or code: an event without one meets nothing."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import EventDefinition, EventKind, Kind, Node
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject

_NAMED = {EventKind.MESSAGE, EventKind.SIGNAL, EventKind.LINK}
_CODED = {EventKind.ERROR, EventKind.ESCALATION}


def check(subject: Subject) -> Iterator[Found]:
    """Events (and send and receive tasks) that name no message, signal, link, error or escalation code, condition."""
    for place in subject.places:
        node = place.node
        for event in node.events:
            if (what := _missing(event, node)) and not (event.kind is EventKind.MESSAGE and node.topic):
                yield Found(
                    at(node, event.line), "The event names no %(what)s.", "Choose or make one in the properties panel.",
                    {"what": what},
                )  # fmt: skip
        if node.kind in (Kind.SEND_TASK, Kind.RECEIVE_TASK) and not node.message_name and not node.topic:
            yield Found(at(node), "The task names no %(what)s.", "Choose or make one.", {"what": "message"})


def _missing(event: EventDefinition, node: Node) -> str:
    throwing = node.kind in (Kind.THROW_EVENT, Kind.END_EVENT)
    if event.kind in _NAMED and not event.name:
        return f"{event.kind} name" if event.kind is EventKind.LINK or event.ref else event.kind.value
    if event.kind in _CODED and not event.name and (throwing or event.ref):
        return f"{event.kind} code"
    if event.kind is EventKind.CONDITIONAL and not event.condition.strip():
        return "condition"
    return ""


RULE = Rule("event-reference", Level.ERROR, check)
