"""A message or signal that nothing catches is thrown into the void; the names differ by a letter, mostly."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import EventKind, Kind, Node
from engine.definitions.practice.source import nearest
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject

_THROWING = {Kind.THROW_EVENT, Kind.END_EVENT, Kind.SEND_TASK}


def check(subject: Subject) -> Iterator[Found]:
    """Messages and signals thrown in the file that no executable process of the practice catches."""
    if not subject.whole:
        return
    nodes = [node for process in subject.practice.processes.values() for node in process.scope.walk()]
    caught = {pair for node in nodes if node.kind not in _THROWING for pair in _names(node)}
    for place in subject.places:
        if place.node.kind in _THROWING or place.node.topic == "send-message":
            for kind, name in _names(place.node):
                if (kind, name) not in caught and "${" not in name:
                    yield Found(
                        at(place.node), "Nothing catches the %(kind)s %(name)s.", "Draw who catches it.%(guess)s",
                        {"kind": kind, "name": name, "guess": nearest(name, tuple(other for _, other in caught))},
                    )  # fmt: skip


def _names(node: Node) -> Iterator[tuple[str, str]]:
    for event in node.events:
        if event.kind in (EventKind.MESSAGE, EventKind.SIGNAL) and event.name:
            yield event.kind.value, event.name
    if not node.events and node.message_name:
        yield "message", node.message_name
    if node.topic == "send-message":
        yield from (("message", item.expression) for item in node.inputs if item.target == "message")


RULE = Rule("uncaught-message", Level.WARNING, check)
