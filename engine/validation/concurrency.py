"""Which elements can be active at the same time: behind forks, and beside what does not interrupt.

An approximation from the picture: elements behind different ways out of a fork, each reachable from one way only
(what both reach lies behind the join); what stands behind a non-interrupting boundary event, beside its host; what
is in a non-interrupting event subprocess, beside its scope. Repetition of one element with itself is left out.

Beside what does not interrupt, two automatic steps are no conflict: each runs at once, and that the event's step
writes what it brings is its purpose. A task or call that lasts is: it may bring back what it was opened with.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import combinations
from typing import NamedTuple

from engine.definitions.model import Kind, Node, ProcessDefinition, Scope
from engine.validation.graph import reach, waits, with_boundaries

_WAYS = 32  # of a fork are compared with each other; nobody draws more
_FORKING = {Kind.PARALLEL_GATEWAY, Kind.INCLUSIVE_GATEWAY}
_JOINS = {*_FORKING, Kind.COMPLEX_GATEWAY}


class Beside(NamedTuple):
    """Two groups of element ids: each of one can be active at once with each of the other. `forked` tells ways of a
    fork from what does not interrupt."""

    one: list[str]
    other: list[str]
    forked: bool


def beside(process: ProcessDefinition, connectors: Collection[str]) -> Iterator[Beside]:
    """All pairs of groups in a process; topics of `connectors` are done at once, others by a worker."""
    yield from _of_scope(process.scope, connectors)


def _of_scope(scope: Scope, connectors: Collection[str]) -> Iterator[Beside]:
    after = with_boundaries(scope)
    for node in scope.nodes.values():
        if forks(node):
            ways = [reach(after, [scope.flows[flow].target], without=node.id) for flow in node.outgoing[:_WAYS]]
            for one, other in combinations(ways, 2):
                yield from _pairs(scope, one - other, other - one, True)
        if node.kind is Kind.BOUNDARY_EVENT and not node.interrupting and node.attached_to in scope.nodes:
            host = scope.nodes[node.attached_to]
            going_on = reach(after, [scope.flows[flow].target for flow in host.outgoing])
            aside = reach(after, [scope.flows[flow].target for flow in node.outgoing], without=host.id)
            yield from _pairs(scope, {host.id}, aside - going_on - {host.id})
            yield from _pairs(scope, aside - going_on, going_on - aside)
        if node.kind is Kind.EVENT_SUB_PROCESS and lets_go_on(node):
            yield from _pairs(scope, set(scope.nodes) - {node.id} - _at_once(scope, after, connectors), {node.id})
        if node.body is not None:
            yield from _of_scope(node.body, connectors)


def forks(node: Node) -> bool:
    """Whether several of its ways out can be taken at once."""
    if len(node.outgoing) < 2:
        return False
    gateway = node.kind in (Kind.EXCLUSIVE_GATEWAY, Kind.EVENT_BASED_GATEWAY, Kind.COMPLEX_GATEWAY)
    return node.kind in _FORKING or not gateway


def _at_once(scope: Scope, after: dict[str, tuple[str, ...]], connectors: Collection[str]) -> set[str]:
    """The nodes that are done in the step in which the scope begins: no event can come in between."""
    resting = {node.id for node in scope.nodes.values() if node.body is not None or waits(node, connectors)}
    onward = {name: () if name in resting else targets for name, targets in after.items()}
    first = reach(onward, [node.id for node in scope.nodes.values() if node.kind is Kind.START_EVENT])
    later = reach(after, [target for name in resting for target in after[name]])
    return first - resting - later


def lets_go_on(node: Node) -> bool:
    """Whether an event subprocess leaves its scope running."""
    starts = [inner for inner in node.body.nodes.values() if inner.kind is Kind.START_EVENT] if node.body else []
    return any(not start.interrupting for start in starts)


def _pairs(scope: Scope, one: set[str], other: set[str], forked: bool = False) -> Iterator[Beside]:
    if one and other:
        yield Beside(_inside(scope, one), _inside(scope, other), forked)


def _inside(scope: Scope, names: set[str]) -> list[str]:
    """The elements and all that stand in them, in the order of the file."""
    found: list[str] = []
    for node in scope.nodes.values():
        if node.id in names:
            found.append(node.id)
            found += [inner.id for inner in node.body.walk()] if node.body else []
    return found


def at_once(scope: Scope) -> Iterator[tuple[set[str], set[str]]]:
    """Groups of nodes that can be active at once: behind two ways of a fork, beside an event that does not interrupt.

    Wider than `beside`: ways that just run together, without a join, go on side by side, so that what stands behind is
    in both groups. For asking what can have happened, not what must not.
    """
    after = with_boundaries(scope)
    joins = {node.id for node in scope.nodes.values() if node.kind in _JOINS and len(node.incoming) > 1}
    short = {name: () if name in joins else targets for name, targets in after.items()}

    def pair(one: list[str], other: list[str], without: str) -> tuple[set[str], set[str]]:
        far = reach(after, one, without), reach(after, other, without)
        near = reach(short, one, without), reach(short, other, without)
        return far[0] - far[1] | near[0], far[1] - far[0] | near[1]

    for node in scope.nodes.values():
        if forks(node):
            ways = dict.fromkeys(scope.flows[flow].target for flow in node.outgoing[:_WAYS])
            yield from (pair([one], [other], node.id) for one, other in combinations(ways, 2))
        if node.kind is Kind.BOUNDARY_EVENT and not node.interrupting and node.attached_to in scope.nodes:
            host = scope.nodes[node.attached_to]
            one, other = pair([node.id], [scope.flows[flow].target for flow in host.outgoing], "")
            yield one, other | {host.id}
