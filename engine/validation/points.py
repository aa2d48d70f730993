"""The moments of a process and how a token comes from one to the next: by flows, links, boundaries, scopes.

IN: a token comes to an element. OPEN: its own names are there. OUT: it has written, and is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import NamedTuple

from engine.definitions.model import EventKind, Kind, Node, ProcessDefinition, Scope
from engine.validation.concurrency import lets_go_on
from engine.validation.graph import followers

_THROWN = {EventKind.ERROR, EventKind.ESCALATION}
_NEVER_AFTER = {EventKind.ERROR, EventKind.CANCEL}


class At(IntEnum):
    """A moment of an element."""

    IN = 0
    OPEN = 1
    OUT = 2


class Point(NamedTuple):
    """A moment of the element with this id; the process itself is the element around all others."""

    id: str
    at: At


def points_before(process: ProcessDefinition) -> Mapping[Point, tuple[Point, ...]]:
    """From where a token comes to each IN, and of an element with a body to its OUT."""
    found: dict[Point, list[Point]] = {}
    _of_scope(process.scope, process.id, found)
    return {point: tuple(dict.fromkeys(points)) for point, points in found.items()}


def _of_scope(scope: Scope, around: str, found: dict[Point, list[Point]]) -> None:
    opened = Point(around, At.OPEN)
    no_start = not any(node.kind is Kind.START_EVENT for node in scope.nodes.values())
    ends = found.setdefault(Point(around, At.OUT), [])
    for source, targets in followers(scope).items():
        for target in targets:
            found.setdefault(Point(target, At.IN), []).append(Point(source, At.OUT))
    for node in scope.nodes.values():
        came = found.setdefault(Point(node.id, At.IN), [])
        came += _undrawn(node, scope, opened)
        # What no flow leads to is a finding of its own; what it could read is not asked.
        if node.kind is Kind.START_EVENT or (not came and no_start):
            came.append(opened)
        if _ends(node):
            ends.append(Point(node.id, At.OUT))
        if node.body is not None:
            _of_scope(node.body, node.id, found)
            if node.loop is not None or node.kind is Kind.AD_HOC_SUB_PROCESS:
                found[Point(node.id, At.OUT)].append(Point(node.id, At.OPEN))


def _undrawn(node: Node, scope: Scope, opened: Point) -> Iterator[Point]:
    """Ways to a node that no flow draws: to boundary events, event subprocesses, compensation handlers."""
    if node.kind is Kind.BOUNDARY_EVENT and node.attached_to in scope.nodes:
        host = scope.nodes[node.attached_to]
        yield from thrown(node, host) or (Point(host.id, At.OPEN), *_within(host))
    elif node.kind is Kind.EVENT_SUB_PROCESS:
        yield opened
        yield from (Point(each, At.OUT) for each in scope.nodes if each != node.id)
    elif node.for_compensation:
        undone = (each for each in scope.nodes.values() if each.compensated_by == node.id)
        yield from (Point(each.id, At.OUT) for each in undone if each.kind is not Kind.BOUNDARY_EVENT)


def _ends(node: Node) -> bool:
    """Whether the scope can end where this node is left."""
    if node.kind is Kind.EVENT_SUB_PROCESS:
        return not lets_go_on(node)
    if node.kind is Kind.END_EVENT and any(event.kind in _NEVER_AFTER for event in node.events):
        return False
    return not node.outgoing and not node.for_compensation


def _within(host: Node) -> Iterator[Point]:
    return (Point(each.id, At.OUT) for each in host.body.walk()) if host.body is not None else iter(())


def thrown(boundary: Node, host: Node) -> tuple[Point, ...]:
    """Where in a subprocess an error or escalation can come from that this event catches; calls and topics may throw
    one too, before they have written anything. Nothing when it catches anything else."""
    caught = {event.name for event in boundary.events if event.kind in _THROWN}
    if not caught or host.body is None:
        return ()
    return tuple(Point(node.id, At.IN) for node in host.body.walk() if _may_throw(node, caught))


def _may_throw(node: Node, caught: set[str]) -> bool:
    if node.kind in (Kind.END_EVENT, Kind.THROW_EVENT):
        return any(each.kind in _THROWN and ("" in caught or each.name in caught) for each in node.events)
    return node.call is not None or bool(node.topic)


def comes_anytime(node: Node, nodes: Mapping[str, Node]) -> bool:
    """Whether a token comes here at a moment that nobody knows: to an event subprocess, to what compensates, or to a
    boundary event of a subprocess that catches what comes from outside."""
    if node.kind is Kind.BOUNDARY_EVENT and node.attached_to in nodes:
        host = nodes[node.attached_to]
        return host.body is not None and not thrown(node, host)
    return node.kind is Kind.EVENT_SUB_PROCESS or node.for_compensation
