"""Messages between the processes of one file: what message flows say that the events leave out (BPMN 2.0 §9.3).

An event or task that names no message sends or catches that of its message flow. A process that only messages of other
processes of the file begin belongs to the record of whoever sends them, as if it said so by `linkedTo`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.definitions.model import EventKind, Kind, MessageFlow, Node, ProcessDefinition, Scope

SENDING = {Kind.THROW_EVENT, Kind.END_EVENT, Kind.SEND_TASK}


def with_messages(
    processes: Sequence[ProcessDefinition], flows: Sequence[MessageFlow]
) -> tuple[ProcessDefinition, ...]:
    """The processes with the names that their message flows give, each joined to the record of its senders."""
    names = _names(processes, flows)
    named = [replace(process, scope=_named(process.scope, names)) if names else process for process in processes]
    joined = {process.id: _senders(process, named) for process in named}
    return tuple(_joined(process, joined) for process in named)


def message_of(node: Node) -> str | None:
    """The name of the message that the node sends or catches, empty when it names none; None when it does neither."""
    if node.kind in (Kind.SEND_TASK, Kind.RECEIVE_TASK):
        return node.message_name
    return next((event.name for event in node.events if event.kind is EventKind.MESSAGE), None)


def _names(processes: Sequence[ProcessDefinition], flows: Sequence[MessageFlow]) -> dict[str, str]:
    """Node → name of its message, for those that name none."""
    known = {node.id: message_of(node) for process in processes for node in process.scope.walk()}
    found: dict[str, str] = {}
    for flow in flows:
        ends = (flow.source, flow.target)
        name = next((known[end] or found.get(end) for end in ends if known.get(end) or found.get(end)), None)
        for end in ends:
            if known.get(end) == "":
                found.setdefault(end, name or flow.message or flow.name or flow.id)
    return found


def _named(scope: Scope, names: Mapping[str, str]) -> Scope:
    return replace(scope, nodes={id: _node(node, names) for id, node in scope.nodes.items()})


def _node(node: Node, names: Mapping[str, str]) -> Node:
    if node.body is not None:
        node = replace(node, body=_named(node.body, names))
    name = names.get(node.id)
    if name is None:
        return node
    events = tuple(
        replace(event, name=name) if event.kind is EventKind.MESSAGE and not event.name else event
        for event in node.events
    )
    return replace(node, events=events, message_name=name)


def _senders(process: ProcessDefinition, others: Sequence[ProcessDefinition]) -> list[str]:
    """The other processes that begin this one, when nothing else does and it says nothing of its record."""
    starts = process.scope.starts()
    messages = {message_of(node) for node in starts}
    if not starts or not all(messages) or process.properties.keys() & {"recordType", "linkedTo"}:
        return []
    return [
        other.id
        for other in others
        if other.id != process.id
        and any(
            node.kind in SENDING and message_of(node) in messages and "businessKey" not in node.properties
            for node in other.scope.walk()
        )
    ]


def _joined(process: ProcessDefinition, senders: Mapping[str, list[str]]) -> ProcessDefinition:
    found: list[str] = []
    ahead = list(senders[process.id])
    while ahead:
        name = ahead.pop(0)
        if name not in found and name != process.id:
            found.append(name)
            ahead += senders.get(name, [])
    if not found:
        return process
    return replace(process, properties={**process.properties, "linkedTo": ", ".join(found)})
