"""Questions about the sequence flows of one scope: who follows whom, what can be reached, what goes in circles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.definitions.model import EventKind, Kind, Node, Scope


def followers(scope: Scope) -> dict[str, tuple[str, ...]]:
    """The nodes a token can go to from each node: by its flows, and by a throwing link to the catching one."""
    catching = {
        event.name: node.id
        for node in scope.nodes.values()
        if node.kind is Kind.CATCH_EVENT
        for event in node.events
        if event.kind is EventKind.LINK
    }
    found: dict[str, tuple[str, ...]] = {}
    for node in scope.nodes.values():
        targets = [scope.flows[flow].target for flow in node.outgoing]
        if node.kind is Kind.THROW_EVENT:
            targets += [catching[event.name] for event in node.events if event.name in catching]
        found[node.id] = tuple(target for target in targets if target in scope.nodes)
    return found


def with_boundaries(scope: Scope) -> dict[str, tuple[str, ...]]:
    """As `followers`, and from each activity to the boundary events on it."""
    return {
        node: (*after, *(name for name in scope.nodes[node].boundaries if name in scope.nodes))
        for node, after in followers(scope).items()
    }


def reach(after: Mapping[str, Iterable[str]], starts: Iterable[str], without: str = "") -> set[str]:
    """Every node that can be reached from the starts, they included, without passing one."""
    seen: set[str] = set()
    left = [start for start in starts if start != without]
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            left.extend(follower for follower in after.get(name, ()) if follower != without)
    return seen


def cycles(after: Mapping[str, Iterable[str]], among: set[str]) -> list[list[str]]:
    """The groups of nodes, all of them in `among`, that go in circles (strongly connected), in order of the graph.

    Each group is found by two searches; groups are few, so that this is linear in practice.
    """
    inner = {name: [follower for follower in after[name] if follower in among] for name in after if name in among}
    before: dict[str, list[str]] = {name: [] for name in inner}
    for name, following in inner.items():
        for follower in following:
            before[follower].append(name)
    left = _peeled(inner, before)
    found: list[list[str]] = []
    done: set[str] = set()
    for name, following in inner.items():
        if name in left and name not in done:
            forward = reach(inner, following)
            group = {name} | (forward & reach(before, before[name])) if name in forward else set()
            done |= group
            if group:
                found.append([member for member in inner if member in group])
    return found


def _peeled(inner: Mapping[str, list[str]], before: Mapping[str, list[str]]) -> set[str]:
    """The nodes that remain when those without a way in or out are taken away again and again."""
    left = set(inner)
    for forward, backward in ((inner, before), (before, inner)):
        counts = {name: sum(other in left for other in backward[name]) for name in left}
        ready = [name for name, count in counts.items() if count == 0]
        while ready:
            name = ready.pop()
            left.discard(name)
            for other in forward[name]:
                if other in left:
                    counts[other] -= 1
                    if counts[other] == 0:
                        ready.append(other)
    return left


WAITING = {
    Kind.USER_TASK, Kind.RECEIVE_TASK, Kind.CALL_ACTIVITY, Kind.EVENT_BASED_GATEWAY,
}  # fmt: skip
DECIDING = {Kind.EXCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY, Kind.COMPLEX_GATEWAY}


def waits(node: Node, connectors: Iterable[str]) -> bool:
    """Whether a token rests at this node until something comes from outside."""
    if node.kind is Kind.CATCH_EVENT:
        return not any(event.kind is EventKind.LINK for event in node.events)
    if node.topic:
        return node.topic not in connectors
    if node.body is not None:
        return any(waits(inner, connectors) for inner in node.body.nodes.values())
    return node.kind in WAITING


def decides(node: Node, scope: Scope) -> bool:
    """Whether the node chooses among its ways by conditions."""
    conditional = any(scope.flows[flow].condition for flow in node.outgoing)
    return len(node.outgoing) > 1 and (node.kind in DECIDING or conditional)
