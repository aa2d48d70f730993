"""Which elements can be active at the same time: behind forks, and beside what does not interrupt.

An approximation from the picture: elements behind different ways out of a fork, each reachable from one way only
(what both reach lies behind the join); what stands behind a non-interrupting boundary event, beside its host; what
is in a non-interrupting event subprocess, beside its scope. Repetition of one element with itself is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from engine.definitions.model import Kind, Node, ProcessDefinition, Scope
from engine.validation.graph import reach, with_boundaries

_FORKING = {Kind.PARALLEL_GATEWAY, Kind.INCLUSIVE_GATEWAY}


def beside(process: ProcessDefinition) -> Iterator[tuple[str, str]]:
    """Pairs of ids of elements of the process that can be active at once, the one that stands first in the file
    first; a pair may come more than once."""
    yield from _of_scope(process.scope)


def _of_scope(scope: Scope) -> Iterator[tuple[str, str]]:
    after = with_boundaries(scope)
    for node in scope.nodes.values():
        if _forks(node, scope):
            ways = [reach(after, [scope.flows[flow].target], without=node.id) for flow in node.outgoing]
            for one, other in combinations(ways, 2):
                yield from _pairs(scope, one - other, other - one)
        if node.kind is Kind.BOUNDARY_EVENT and not node.interrupting and node.attached_to in scope.nodes:
            host = scope.nodes[node.attached_to]
            going_on = reach(after, [scope.flows[flow].target for flow in host.outgoing])
            aside = reach(after, [scope.flows[flow].target for flow in node.outgoing], without=host.id)
            yield from _pairs(scope, {host.id}, aside - going_on - {host.id})
            yield from _pairs(scope, aside - going_on, going_on - aside)
        if node.kind is Kind.EVENT_SUB_PROCESS and _lets_go_on(node):
            yield from _pairs(scope, set(scope.nodes) - {node.id}, {node.id})
        if node.body is not None:
            yield from _of_scope(node.body)


def _forks(node: Node, scope: Scope) -> bool:
    if len(node.outgoing) < 2:
        return False
    gateway = node.kind in (Kind.EXCLUSIVE_GATEWAY, Kind.EVENT_BASED_GATEWAY, Kind.COMPLEX_GATEWAY)
    return node.kind in _FORKING or not gateway


def _lets_go_on(node: Node) -> bool:
    starts = [inner for inner in node.body.nodes.values() if inner.kind is Kind.START_EVENT] if node.body else []
    return any(not start.interrupting for start in starts)


def _pairs(scope: Scope, one: set[str], other: set[str]) -> Iterator[tuple[str, str]]:
    first = [inner for name in scope.nodes if name in one for inner in _inside(scope.nodes[name])]
    second = [inner for name in scope.nodes if name in other for inner in _inside(scope.nodes[name])]
    for left in first:
        for right in second:
            yield left, right


def _inside(node: Node) -> Iterator[str]:
    yield node.id
    if node.body is not None:
        for inner in node.body.walk():
            yield inner.id
