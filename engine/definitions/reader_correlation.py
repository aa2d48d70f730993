"""Correlation keys (BPMN 2.0 §8.4.2): which values of its messages tell one conversation from another.

A key is written out as what the dialect runs anyway: who sends a message of the key gives its value as `correlation`,
who begins by one or sends one keeps it in a variable, and who catches waits for the value kept, once there is one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.definitions.model import CorrelationPath, Kind, Mapping_, Node, ProcessDefinition, Scope
from engine.definitions.reader_events import EventReader
from engine.definitions.reader_messages import SENDING, message_of
from engine.definitions.xml import Element, attribute, child, children, line, local, reference, text

_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*", re.UNICODE)


@dataclass(frozen=True, slots=True)
class _Key:
    """A key: the variable it is kept in, and for each message that carries it the names its value is made of."""

    variable: str
    messages: Mapping[str, tuple[str, ...]]


def correlation_paths(root: Element, events: EventReader) -> tuple[CorrelationPath, ...]:
    """Where each correlation property stands in each message."""
    found = []
    for tag, element in children(root):
        if tag == "correlationProperty":
            for part, item in children(element):
                if part == "correlationPropertyRetrievalExpression":
                    written = text(child(item, "messagePath"))
                    message = events.message(reference(item, "messageRef"))
                    found.append(CorrelationPath(attribute(element, "id"), message, _plain(written), line(item)))
    return tuple(found)


def readable(path: CorrelationPath) -> bool:
    """Whether the path is a name of the payload, or a name within one."""
    return _PATH.fullmatch(path.path) is not None


def with_keys(
    root: Element, processes: Sequence[ProcessDefinition], paths: Sequence[CorrelationPath]
) -> tuple[ProcessDefinition, ...]:
    """The processes with what the correlation keys of the collaboration say, where the elements say nothing."""
    keys = [_key(element, paths) for element in _key_elements(root)]
    known = {message: (key, names) for key in keys for message, names in key.messages.items()}
    if not known:
        return tuple(processes)
    return tuple(replace(process, scope=_keyed(process.scope, known)) for process in processes)


def _plain(written: str) -> str:
    inner = written.strip()
    if inner.startswith("${") and inner.endswith("}"):
        inner = inner[2:-1].strip()
    return inner.removeprefix("payload.")


def _key_elements(root: Element) -> list[Element]:
    holders = [item for tag, item in children(root) if tag == "collaboration"]
    holders += [item for holder in list(holders) for tag, item in children(holder) if tag == "conversation"]
    return [item for holder in holders for tag, item in children(holder) if tag == "correlationKey"]


def _key(element: Element, paths: Sequence[CorrelationPath]) -> _Key:
    wanted = [local(text(item)) for tag, item in children(element) if tag == "correlationPropertyRef"]
    found: dict[str, tuple[str, ...]] = {}
    for message in {path.message for path in paths}:
        places = {each.property: each.path for each in paths if each.message == message and readable(each)}
        if wanted and all(name in places for name in wanted):
            found[message] = tuple(places[name] for name in wanted)
    name = re.sub(r"\W", "_", attribute(element, "name") or attribute(element, "id") or str(line(element)))
    return _Key(f"correlation_{name}", found)


_Known = Mapping[str, tuple[_Key, tuple[str, ...]]]


def _keyed(scope: Scope, known: _Known) -> Scope:
    return replace(scope, nodes={id: _node(node, known) for id, node in scope.nodes.items()})


def _node(node: Node, known: _Known) -> Node:
    if node.body is not None:
        node = replace(node, body=_keyed(node.body, known))
    found = known.get(message_of(node) or "")
    if found is None or "correlation" in node.properties:
        return node
    key, names = found
    sends = node.kind in SENDING
    value = ' + "/" + '.join(f"string({name if sends else 'payload.' + name})" for name in names)
    kept = Mapping_(key.variable, f"${{{value}}}", node.line)
    if sends:
        given = {**node.properties, "correlation": kept.expression}
        return replace(node, properties=given, outputs=(*node.outputs, kept))
    if node.kind is Kind.START_EVENT or node.instantiates:
        return replace(node, outputs=(*node.outputs, kept))
    waited = f'${{if is defined({key.variable}) then {key.variable} else ""}}'
    return replace(node, properties={**node.properties, "correlation": waited}, outputs=(*node.outputs, kept))
