"""A message that no diagram throws and nobody may send never comes: who waits for it waits for ever."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import EventKind, Kind, Node
from engine.definitions.practice.source import nearest
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Place, Subject

_THROWING = {Kind.THROW_EVENT, Kind.END_EVENT, Kind.SEND_TASK}


def check(subject: Subject) -> Iterator[Found]:
    """Events and receive tasks whose message nothing in the practice throws and that name nobody to send it."""
    if not subject.whole:
        return
    nodes = [node for process in subject.practice.processes.values() for node in process.scope.walk()]
    thrown = {name for node in nodes for name in _thrown(node)}
    if any("${" in name for name in thrown):
        return
    for place in subject.places:
        node = place.node
        for name in _caught(node):
            drawn = any(flow.target == node.id for flow in subject.file.message_flows)
            if name not in thrown and not drawn and not _sent_by_people(place):
                yield Found(
                    at(node), "Nothing throws the message %(name)s, and nobody may send it.",
                    "Say who may send it (senders), or throw it.%(guess)s",
                    {"name": name, "guess": nearest(name, tuple(sorted(thrown)))},
                )  # fmt: skip


def _sent_by_people(place: Place) -> bool:
    """Whether somebody outside may send it: of a message that begins an instance those who may start one."""
    own = place.node.properties
    if place.node.kind is Kind.START_EVENT and place.around is None:
        return bool(own.get("starters") or own.get("senders") or place.process.properties.get("starters"))
    return bool(own.get("senders"))


def _caught(node: Node) -> Iterator[str]:
    if node.kind in _THROWING:
        return
    yield from (event.name for event in node.events if event.kind is EventKind.MESSAGE and event.name)
    if node.kind is Kind.RECEIVE_TASK and not node.events and node.message_name:
        yield node.message_name


def _thrown(node: Node) -> Iterator[str]:
    if node.kind in _THROWING:
        yield from (event.name for event in node.events if event.kind is EventKind.MESSAGE)
        if not node.events:
            yield node.message_name
    if node.topic == "send-message":
        yield from (item.expression for item in node.inputs if item.target == "message")


RULE = Rule("unsent-message", Level.WARNING, check)
