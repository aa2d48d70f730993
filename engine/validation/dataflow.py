"""Which names can be set, and which are set for certain, at each point of a process.

Two readings of the same graph of points. *Can be set* joins all ways that lead to a point, and adds what elements write
that can be active at the same time. *Set for certain* is what all ways have in common, and at a join of parallel ways
what any brings; of what begins at an unknown moment nothing is said. Names are bits of a number, so that a point costs
next to nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import and_, or_
from typing import NamedTuple

from engine.definitions.model import Kind, Node, ProcessDefinition, Scope
from engine.validation.concurrency import at_once, lets_go_on
from engine.validation.dialect import RESERVED_NAMES
from engine.validation.graph import reach, with_boundaries
from engine.validation.names import fields, local, names_in, written
from engine.validation.points import At, Point, comes_anytime, points_before

JOINS = {Kind.PARALLEL_GATEWAY, Kind.INCLUSIVE_GATEWAY, Kind.COMPLEX_GATEWAY}
_ANY = 1
"""The bit that says that any name can have been set."""
State = Mapping[Point, int]


class Entry(NamedTuple):
    """One way in which a process begins: the names that it hands over, whether it may hand over any other (`any`), and
    whether it is begun from outside by who may add variables of their own (`outside`)."""

    names: frozenset[str]
    any: bool = False
    outside: bool = False


class _Reading(NamedTuple):
    """How points are solved: what a point begins with, how ways meet, what a node writes, what is written beside."""

    first: int
    meet: Callable[[int, int], int]
    writes: Callable[[Node], int]
    beside: Mapping[str, int]
    certain: bool

    def all(self, bits: Iterable[int]) -> int:
        """What several ways bring; the beginning when there is none."""
        found = list(bits)
        return reduce(self.meet, found) if found else self.first


@dataclass
class Flow:
    """The data flow of one process. `entries` are the ways it begins other than by events of its own; `connectors`
    the topics that write nothing but their results."""

    process: ProcessDefinition
    entries: tuple[Entry, ...]
    connectors: frozenset[str]
    _bits: dict[str, int] = field(default_factory=dict)
    _known: dict[int, frozenset[str]] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Whether the process may begin with variables that no diagram knows of."""
        return any(entry.outside for entry in self.entries)

    def can_be_set(self, node: Node, after: bool, inputs: int | None = None) -> frozenset[str] | None:
        """The names that something can have set when a text of the node is read; None: any name, or no token ever
        comes here."""
        if not self._follows(node):
            return None
        bits = self._read(self._may, node, after, inputs)
        return None if bits & _ANY or node.id not in self._reached else self._names(bits)

    def is_set(self, node: Node, after: bool, inputs: int | None = None) -> frozenset[str] | None:
        """The names that are set on every way to where a text of the node is read; None: nothing is known."""
        if not self._follows(node):
            return None
        bits = self._read(self._must, node, after, inputs)
        return None if bits == self._top else self._names(bits)

    def way_without(self, name: str, node: Node) -> tuple[str, ...]:
        """The elements on a way from the start to this node on which nothing sets the name."""
        bit = self._mask([name])
        came: dict[str, str] = {node.id: ""}
        left = deque([node.id])
        while left:
            at = left.popleft()
            for point in self._before.get(Point(at, At.IN), ()):
                if point.id == self.process.id:
                    return _back(came, at)
                if point.id not in came and not self._must[point] & bit:
                    came[point.id] = at
                    left.append(point.id)
        return (node.id,)

    def guards(self, node: Node) -> frozenset[str]:
        """The names that decide whether a token comes to this node: those of the conditions of nodes that have
        another way, which does not lead here."""
        if node.id not in self._guards:
            scope = self._scopes[node.id]
            after = self._after[scope.id]
            found: set[str] = set()
            for each in scope.nodes.values():
                ways = [node.id in reach(after, [scope.flows[flow].target]) for flow in each.outgoing]
                if any(ways) and not all(ways):
                    found |= {name for flow in each.outgoing for name in names_in(scope.flows[flow].condition)}
            around = self._nodes.get(scope.id)
            self._guards[node.id] = frozenset(found) | (self.guards(around) if around is not None else frozenset())
        return self._guards[node.id]

    def writers(self, name: str) -> tuple[Node, ...]:
        """The elements that set a name, in the order of the file."""
        return tuple(node for node in self._nodes.values() if name in written(node))

    def _read(self, state: State, node: Node, after: bool, inputs: int | None) -> int:
        if after:
            ends = state[Point(node.id, At.OUT)] if node.body is not None else 0
            return state[Point(node.id, At.OPEN)] | self._writes[node.id] | ends
        if inputs is None:
            return state[Point(node.id, At.OPEN)]
        before = [mapping.target for mapping in node.inputs[:inputs]]
        return state[Point(node.id, At.IN)] | self._mask((*before, *_element(node)))

    # ---- the process

    def _follows(self, node: Node) -> bool:
        """Whether a name can be traced to the node: not when it is of another file whose process has the same id, nor
        when the process is damaged. Both are findings of their own."""
        return node.id in self._nodes and self._sound

    @cached_property
    def _sound(self) -> bool:
        """Whether the elements can be told apart by their ids, and each flow joins two of its scope."""
        nodes = list(self.process.scope.walk())
        ids = {self.process.id, *(node.id for node in nodes)}
        scopes = (self.process.scope, *(node.body for node in nodes if node.body is not None))
        flows = [(scope, flow) for scope in scopes for flow in scope.flows.values()]
        joined = all(flow.source in scope.nodes and flow.target in scope.nodes for scope, flow in flows)
        return joined and len(ids) == len(nodes) + 1

    @cached_property
    def _nodes(self) -> Mapping[str, Node]:
        return {node.id: node for node in self.process.scope.walk()}

    @cached_property
    def _before(self) -> Mapping[Point, tuple[Point, ...]]:
        return points_before(self.process)

    @cached_property
    def _reached(self) -> frozenset[str]:
        """The elements that a token can come to; of the others nothing is asked here."""
        reached = {self.process.id}
        changed = True
        while changed:
            fresh = {
                node.id
                for node in self._nodes.values()
                if node.id not in reached
                and any(at.id in reached for at in self._before.get(Point(node.id, At.IN), ()))
            }
            reached |= fresh
            changed = bool(fresh)
        return frozenset(reached)

    @cached_property
    def _scopes(self) -> Mapping[str, Scope]:
        found = dict.fromkeys(self.process.scope.nodes, self.process.scope)
        for node in self._nodes.values():
            if node.body is not None:
                found |= dict.fromkeys(node.body.nodes, node.body)
        return found

    @cached_property
    def _after(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        scopes = {scope.id: scope for scope in self._scopes.values()}
        return {name: with_boundaries(scope) for name, scope in scopes.items()}

    @cached_property
    def _guards(self) -> dict[str, frozenset[str]]:
        return {}

    # ---- what is written

    def _mask(self, names: Iterable[str]) -> int:
        return reduce(or_, (1 << self._bits.setdefault(name, len(self._bits) + 1) for name in names if name), 0)

    def _names(self, bits: int) -> frozenset[str]:
        if bits not in self._known:
            self._known[bits] = frozenset(name for name, at in self._bits.items() if bits >> at & 1)
        return self._known[bits]

    @cached_property
    def _writes(self) -> Mapping[str, int]:
        return {name: self._mask(self._written(node)) for name, node in self._nodes.items()}

    def _written(self, node: Node) -> Iterator[str]:
        """What a node writes; the form of a plain start is filled only where the entry says so."""
        plain = node.kind is Kind.START_EVENT and not node.events
        form = {*fields(node.form), node.id} if plain else ()
        return (name for name in written(node) if name not in form)

    @cached_property
    def _own(self) -> Mapping[str, int]:
        """The names that each node declares for itself; a compensation handler sees those of its activity too."""
        found = {name: self._mask((*local(node), *_element(node))) for name, node in self._nodes.items()}
        for name, node in self._nodes.items():
            if node.compensated_by in found:
                found[node.compensated_by] |= found[name]
        return found

    @cached_property
    def _beside(self) -> Mapping[str, int]:
        """What elements write that can be active at the same time as each node."""
        found = dict.fromkeys(self._nodes, 0)
        for scope in {each.id: each for each in (self.process.scope, *self._scopes.values())}.values():
            self._of_scope(scope, found)
        return found

    def _of_scope(self, scope: Scope, found: dict[str, int]) -> None:
        for one, other in at_once(scope):
            for readers, writers in ((one, other), (other, one)):
                bits = self._all_of(scope, writers)
                for name in readers:
                    found[name] |= bits
        for node in scope.nodes.values():
            if node.kind is Kind.EVENT_SUB_PROCESS or node.for_compensation:
                found[node.id] |= self._all_of(scope, scope.nodes)
            if node.kind is Kind.EVENT_SUB_PROCESS and lets_go_on(node):
                for name in scope.nodes:
                    found[name] |= self._all_of(scope, [node.id])
            if node.loop is not None or node.kind is Kind.AD_HOC_SUB_PROCESS:
                found[node.id] |= self._all_of(scope, [node.id])

    def _all_of(self, scope: Scope, ids: Iterable[str]) -> int:
        """What these nodes and all within them can write."""
        found = 0
        for node in (scope.nodes[name] for name in ids):
            found |= self._changes(node)
            for inner in node.body.walk() if node.body is not None else ():
                found |= self._changes(inner)
        return found

    def _changes(self, node: Node) -> int:
        """What a node can write: an external worker whose answer nothing maps may write any name."""
        external = node.topic and node.topic not in self.connectors and not node.result_variable and not node.outputs
        passes_all = node.call is not None and bool(node.call.variables_out)
        return self._writes[node.id] | (_ANY if external or passes_all else 0)

    # ---- the two readings

    @cached_property
    def _may(self) -> State:
        begun = [self._mask(entry.names) | (_ANY if entry.any else 0) for entry in self.entries]
        return self._solved(reduce(or_, begun, 0), _Reading(0, or_, self._changes, self._beside, False))

    @cached_property
    def _must(self) -> State:
        begun = [self._top if entry.any else self._mask(entry.names) for entry in self.entries]
        reading = _Reading(self._top, and_, lambda node: self._writes[node.id], {}, True)
        return self._solved(reduce(and_, begun) if begun else 0, reading)

    @cached_property
    def _top(self) -> int:
        """All names: what is not reached yet has everything."""
        self._mask(RESERVED_NAMES.union(*(entry.names for entry in self.entries)))
        _ = self._writes, self._own
        return (1 << len(self._bits) + 1) - 2

    def _solved(self, begun: int, reading: _Reading) -> State:
        state: dict[Point, int] = {Point(name, at): reading.first for name in self._nodes for at in At}
        state[Point(self.process.id, At.OPEN)] = begun | self._mask(RESERVED_NAMES)
        changed = True
        while changed:
            changed = False
            for name, node in self._nodes.items():
                for at, bits in zip(At, self._step(node, state, reading), strict=True):
                    if state[Point(name, at)] != bits:
                        state[Point(name, at)] = bits
                        changed = True
        return state

    def _step(self, node: Node, state: State, reading: _Reading) -> tuple[int, int, int]:
        """What is set when a token comes, when it is open, and when it is left."""
        own, beside = self._own[node.id], reading.beside.get(node.id, 0)
        came = self._came(node, state, reading) | beside
        opened = inside = came | own
        if node.body is not None:
            ends = self._before.get(Point(node.id, At.OUT), ())
            inside = reading.all(state[point] for point in ends) | beside
        return came, opened, inside & ~own | came & own | reading.writes(node)

    def _came(self, node: Node, state: State, reading: _Reading) -> int:
        if node.kind is Kind.START_EVENT and node.events and node.id in self.process.scope.nodes:
            return self._mask(RESERVED_NAMES)
        if reading.certain and comes_anytime(node, self._nodes):
            return reading.first
        points = [point for point in self._before.get(Point(node.id, At.IN), ()) if point.id in self._reached]
        if not points:
            return reading.first
        if node.for_compensation:
            return reading.all(state[point] | self._own.get(point.id, 0) for point in points)
        if node.kind in JOINS and len(points) > 1:
            reached = [state[point] for point in points if not reading.certain or state[point] != reading.first]
            return reduce(or_, reached) if reached else reading.first
        return reading.all(self._leaving(node, point, state) for point in points)

    def _leaving(self, node: Node, point: Point, state: State) -> int:
        """What a way out of an activity by its boundary brings: nothing of the activity's own names."""
        if node.kind is not Kind.BOUNDARY_EVENT or node.attached_to not in self._nodes:
            return state[point]
        own = self._own[node.attached_to]
        return state[point] & ~own | state[Point(node.attached_to, At.IN)] & own


def _element(node: Node) -> tuple[str, ...]:
    return (node.loop.element,) if node.loop is not None else ()


def _back(came: Mapping[str, str], start: str) -> tuple[str, ...]:
    way = [start]
    while came[way[-1]]:
        way.append(came[way[-1]])
    return tuple(way)
