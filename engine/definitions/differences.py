"""What differs between two versions of a process, element by element: what a deployment shows before it happens.

Where something stands in the file or on the drawing is no difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from engine.definitions.model import Flow, Node, ProcessDefinition

_ELSEWHERE = frozenset({"line", "file", "digest", "plane", "body", "incoming", "outgoing", "boundaries", "lanes"})
"""Places, and what flows, inner nodes and attached events say of themselves."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing an element says differently. `kind` is new, changed or removed; `path` as in `assignment.due`;
    the texts are empty where a whole part came or went."""

    kind: str
    path: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """An element that is new, changed or removed; `tag` is its BPMN tag. A changed one has parts."""

    kind: str
    tag: str
    id: str
    name: str
    parts: tuple[Part, ...] = ()


def differences(before: ProcessDefinition, after: ProcessDefinition) -> tuple[Difference, ...]:
    """What the later version says otherwise: the process itself, then its elements, steps before flows."""
    itself = tuple(_parts("", before, after, frozenset({"scope"})))
    found = [Difference("changed", "process", after.id, after.name, itself)] if itself else []
    old, new = _elements(before), _elements(after)
    for key in {**new, **old}:
        if key not in old:
            found.append(_whole("new", new[key]))
        elif key not in new:
            found.append(_whole("removed", old[key]))
        elif parts := tuple(_parts("", old[key], new[key])):
            found.append(Difference("changed", _tag(new[key]), key, new[key].name, parts))
    return tuple(found)


def _elements(process: ProcessDefinition) -> dict[str, Node | Flow]:
    scopes = [process.scope, *(node.body for node in process.scope.walk() if node.body is not None)]
    nodes: dict[str, Node | Flow] = {each.id: each for scope in scopes for each in scope.nodes.values()}
    return nodes | {each.id: each for scope in scopes for each in scope.flows.values()}


def _whole(kind: str, element: Node | Flow) -> Difference:
    return Difference(kind, _tag(element), element.id, element.name)


def _tag(element: Node | Flow) -> str:
    return str(element.kind) if isinstance(element, Node) else "sequenceFlow"


def _parts(path: str, before: object, after: object, without: frozenset[str] = frozenset()) -> Iterator[Part]:
    old, new = _children(before), _children(after)
    if old is None or new is None:
        if before != after:
            yield _leaf(path, before, after)
        return
    for name in {**old, **new}:
        if name in without:
            continue
        below = f"{path}.{name}" if path else name
        if name not in old:
            yield Part("new", below)
        elif name not in new:
            yield Part("removed", below)
        else:
            yield from _parts(below, old[name], new[name])


def _leaf(path: str, before: object, after: object) -> Part:
    if before in (None, ""):
        return Part("new", path, "", _text(after))
    if after in (None, ""):
        return Part("removed", path, _text(before))
    return Part("changed", path, _text(before), _text(after))


def _text(value: object) -> str:
    return "" if is_dataclass(value) else str(value)


def _children(value: object) -> Mapping[str, object] | None:
    """What a value is made of, by name; None for a text, a number or nothing."""
    if is_dataclass(value):
        names = [each.name for each in fields(value) if each.name not in _ELSEWHERE]
        return {name: getattr(value, name) for name in names}
    if isinstance(value, Mapping):
        return value
    if isinstance(value, tuple):
        return {_name(item, place): item for place, item in enumerate(value, 1)}
    return None


def _name(item: object, place: int) -> str:
    return str(getattr(item, "target", "") or getattr(item, "id", "") or place)
