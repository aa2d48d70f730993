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

_WAYS = 32  # of a fork are compared with each other; nobody draws more
_FORKING = {Kind.PARALLEL_GATEWAY, Kind.INCLUSIVE_GATEWAY}


def beside(process: ProcessDefinition) -> Iterator[tuple[list[str], list[str]]]:
    """Pairs of groups of element ids: each element of one can be active at once with each of the other."""
    yield from _of_scope(process.scope)


def _of_scope(scope: Scope) -> Iterator[tuple[list[str], list[str]]]:
    after = with_boundaries(scope)
    for node in scope.nodes.values():
        if _forks(node):
            ways = [reach(after, [scope.flows[flow].target], without=node.id) for flow in node.outgoing[:_WAYS]]
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


def _forks(node: Node) -> bool:
    if len(node.outgoing) < 2:
        return False
    gateway = node.kind in (Kind.EXCLUSIVE_GATEWAY, Kind.EVENT_BASED_GATEWAY, Kind.COMPLEX_GATEWAY)
    return node.kind in _FORKING or not gateway


def _lets_go_on(node: Node) -> bool:
    starts = [inner for inner in node.body.nodes.values() if inner.kind is Kind.START_EVENT] if node.body else []
    return any(not start.interrupting for start in starts)


def _pairs(scope: Scope, one: set[str], other: set[str]) -> Iterator[tuple[list[str], list[str]]]:
    if one and other:
        yield _inside(scope, one), _inside(scope, other)


def _inside(scope: Scope, names: set[str]) -> list[str]:
    """The elements and all that stand in them, in the order of the file."""
    found: list[str] = []
    for node in scope.nodes.values():
        if node.id in names:
            found.append(node.id)
            found += [inner.id for inner in node.body.walk()] if node.body else []
    return found
