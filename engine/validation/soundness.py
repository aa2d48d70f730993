"""Whether tokens can get stuck in a scope: its states are gone through, whatever the conditions say.

A state is the flows on which tokens stand. Tokens do not disturb each other but at joins, so that of a state one token
is moved, in every way it can go: fewer states, the same ends (a persistent set). A subprocess is one step. An inclusive
join goes on when nothing else can and no token can still come to it (BPMN 2.0 §13.4.3). What cannot be told (complex
joins, more states than are looked at, more and more tokens) is passed over in silence.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import NamedTuple

from engine.definitions.model import EventKind, Kind, Node, Scope
from engine.validation.graph import followers, reach, with_boundaries

_STATES = 4_000
_TOKENS = 24
_SAME_PLACE = 3
_MOST_WAYS = 5
_CLEARING = {EventKind.TERMINATE, EventKind.ERROR, EventKind.CANCEL}
_AT = "@"
"""Before the id of a node: a token that has come there by no flow."""
State = tuple[str, ...]


class Stuck(NamedTuple):
    """A state from which nothing goes on: the joins where tokens stand, the choices that led there, and the nodes from
    which no token came."""

    joins: tuple[Node, ...]
    choices: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass
class Explored:
    """What going through the states gave: the first way to get stuck at each join, and the joins that let through."""

    stuck: dict[str, Stuck] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)
    complete: bool = True


def told(stuck: Stuck) -> Mapping[str, object]:
    """What is said of a way to get stuck: what is missing, and the choices on the way."""
    choices = "; ".join(stuck.choices)
    return {"missing": ", ".join(dict.fromkeys(stuck.missing)), "trace": f" (after {choices})" if choices else ""}


class _Unknown(Exception):
    """The states cannot be gone through."""


def explore(scope: Scope) -> Explored:
    """All states of a scope from each of its beginnings."""
    net = _Net(scope)
    found = Explored()
    if not net.joins:
        return found
    try:
        for state in net.beginnings():
            net.explore(state, found)
    except _Unknown:
        return Explored(complete=False)
    return found


class _Net:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.after = with_boundaries(scope)
        self.links = followers(scope)
        self.joins = {each.id for each in scope.nodes.values() if _is_join(each)}

    def beginnings(self) -> Iterator[State]:
        """A state for each start event; all nodes without a way in at once when there is none."""
        nodes = self.scope.nodes.values()
        starts = [node for node in nodes if node.kind is Kind.START_EVENT]
        yield from ((_AT + node.id,) for node in starts)
        free = [node for node in nodes if not node.incoming and not has_own_way(node)]
        if not starts and free:
            yield tuple(sorted(_AT + node.id for node in free))

    def explore(self, first: State, found: Explored) -> None:
        """Every state from this one."""
        came: dict[State, tuple[State, str]] = {first: ((), "")}
        left = deque([first])
        while left:
            state = left.popleft()
            steps = self.steps(state, found)
            if not steps and state:
                self.note(state, came, found)
            for following, choice in steps:
                if following not in came:
                    came[following] = (state, choice)
                    left.append(following)
            if len(came) > _STATES:
                raise _Unknown

    def note(self, state: State, came: Mapping[State, tuple[State, str]], found: Explored) -> None:
        """Remember how tokens got stuck here."""
        joins = tuple({self.target(place).id: self.target(place) for place in state}.values())
        missing = tuple(self.scope.flows[flow].source for join in joins for flow in join.incoming if flow not in state)
        choices = []
        while state:
            state, choice = came[state]
            choices.append(choice)
        told = tuple(each for each in reversed(choices) if each)
        for join in joins:
            known = found.stuck.get(join.id)
            if known is None or len(told) < len(known.choices):
                found.stuck[join.id] = Stuck(joins, told, missing)

    def target(self, place: str) -> Node:
        """The node to which a token on this place goes."""
        name = place[1:] if place.startswith(_AT) else self.scope.flows[place].target
        if name not in self.scope.nodes:
            raise _Unknown
        return self.scope.nodes[name]

    def steps(self, state: State, found: Explored) -> list[tuple[State, str]]:
        """The states that follow, each with the choice that was made, if there was one."""
        for place in state:
            node = self.target(place)
            if node.id not in self.joins or place.startswith(_AT):
                return [(_moved(state, [place], out), choice) for out, choice in self.ways(node)]
        return self.joined(state, found)

    def joined(self, state: State, found: Explored) -> list[tuple[State, str]]:
        """All tokens stand at joins: the first that is complete goes on."""
        waiting = list(dict.fromkeys(self.target(place).id for place in state))
        for node in (self.scope.nodes[name] for name in waiting):
            taken = [flow for flow in dict.fromkeys(node.incoming) if flow in state]
            if node.kind is Kind.PARALLEL_GATEWAY:
                ready = len(taken) == len(set(node.incoming))
            else:
                ready = not self._may_come(node, state, set(taken))
            if ready:
                found.passed.add(node.id)
                return [(_moved(state, taken, out), choice) for out, choice in self.ways(node)]
        return []

    def _may_come(self, node: Node, state: State, taken: set[str]) -> bool:
        """Whether a token elsewhere can still come to this inclusive join by a way on which none stands."""
        empty = [self.scope.flows[flow].source for flow in node.incoming if flow not in taken]
        others = [self.target(place).id for place in state if self.target(place).id != node.id]
        return not reach(self.after, others, without=node.id).isdisjoint(empty)

    def ways(self, node: Node) -> Iterator[tuple[tuple[str, ...] | None, str]]:
        """What can come out of a node: the places of the tokens (None: all tokens of the scope are gone), and the
        choice in words where there is one."""
        if node.kind is Kind.END_EVENT and any(event.kind in _CLEARING for event in node.events):
            yield None, ""
            return
        outs = list(dict.fromkeys(self._usual(node)))
        for name in node.boundaries:
            boundary = self.scope.nodes.get(name)
            if boundary is not None and not any(event.kind is EventKind.COMPENSATE for event in boundary.events):
                outs.append(boundary.outgoing if boundary.interrupting else (*outs[0], *boundary.outgoing))
        for out in outs:
            yield out, self._told(node, out) if len(outs) > 1 else ""

    def _usual(self, node: Node) -> Iterator[tuple[str, ...]]:
        flows = tuple(node.outgoing)
        if node.kind is Kind.EVENT_BASED_GATEWAY and not node.incoming:
            raise _Unknown  # one that begins an instance may wait for all its events
        if node.kind in (Kind.EXCLUSIVE_GATEWAY, Kind.EVENT_BASED_GATEWAY):
            yield from ((flow,) for flow in flows)
            return
        if node.kind is Kind.COMPLEX_GATEWAY:
            raise _Unknown
        if node.kind is Kind.INCLUSIVE_GATEWAY:
            yield from _subsets(flows)
            return
        if node.kind is Kind.THROW_EVENT and any(event.kind is EventKind.LINK for event in node.events):
            yield tuple(_AT + name for name in self.links[node.id])
            return
        asked = tuple(flow for flow in flows if self.scope.flows[flow].condition and flow != node.default_flow)
        always = tuple(flow for flow in flows if flow not in asked and flow != node.default_flow)
        default = (node.default_flow,) if asked and node.default_flow in flows else ()
        yield always + default if asked else flows
        yield from (always + some for some in _subsets(asked))

    def _told(self, node: Node, out: tuple[str, ...]) -> str:
        targets = (self.target(place).id for place in out)
        return f"{node.id} → {' + '.join(targets) or 'nothing'}"


def _is_join(node: Node) -> bool:
    several = len(set(node.incoming)) > 1
    if several and node.kind is Kind.COMPLEX_GATEWAY:
        return True
    return several and node.kind in (Kind.PARALLEL_GATEWAY, Kind.INCLUSIVE_GATEWAY)


def has_own_way(node: Node) -> bool:
    """Whether a token comes to the node otherwise than by a flow."""
    caught = node.kind is Kind.CATCH_EVENT and any(event.kind is EventKind.LINK for event in node.events)
    return caught or node.for_compensation or node.kind in (Kind.BOUNDARY_EVENT, Kind.EVENT_SUB_PROCESS)


def _subsets(flows: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every choice of one or more; of many flows each alone, and all."""
    if len(flows) > _MOST_WAYS:
        return chain(((flow,) for flow in flows), (flows,))
    return chain.from_iterable(combinations(flows, size) for size in range(1, len(flows) + 1))


def _moved(state: State, taken: list[str], out: tuple[str, ...] | None) -> State:
    if out is None:
        return ()
    left = list(state)
    for place in taken:
        left.remove(place)
    left += out
    if len(left) > _TOKENS or (left and Counter(left).most_common(1)[0][1] > _SAME_PLACE):
        raise _Unknown
    return tuple(sorted(left))
