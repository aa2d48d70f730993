"""Gateways and their joins (BPMN 2.0 §13.4).

Joins never look at what happened: each scope counts the tokens that have arrived by each incoming flow. A parallel
join takes one of each and leaves excess ones standing. An inclusive join is decided only when nothing automatic is
left to do in the whole instance; it fires unless a token elsewhere can still reach an empty incoming flow and none of
the filled ones without passing the join.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from engine.dialect.element import Element, OutFlow
from engine.dialect.occurrences import ElementLeft
from engine.dialect.token import COMPLETED, Token
from engine.errors import GendanError
from engine.values import Value

if TYPE_CHECKING:
    from engine.dialect.tree import Tree
    from engine.dialect.triggers import Trigger


class ExclusiveGateway(Element):
    """One token in, one token out: by the first flow that holds, in the order of the file, else by the default."""

    def pick(self, token: Token) -> tuple[OutFlow, ...]:
        """The first flow that holds."""
        for flow in self.flows:
            if not flow.default and self.holds(token, flow):
                return (flow,)
        chosen = tuple(flow for flow in self.flows if flow.default)
        if self.flows and not chosen:
            raise self.no_way(self.flows)
        return chosen


class CountingGateway(Element):
    """A gateway that joins when several flows lead into it."""

    def arrive(self, scope: Token, flow: OutFlow) -> None:
        """Count the token, and see whether the join fires."""
        if not self.joins:
            super().arrive(scope, flow)
            return
        frame = scope.open_frame
        counts = frame.arrived.setdefault(self.element_id, {})
        counts[flow.id] = counts.get(flow.id, 0) + 1
        self.counted(scope)

    @property
    def joins(self) -> bool:
        """Whether several flows lead into it."""
        return len(self.node.incoming) > 1

    def counted(self, scope: Token) -> None:
        """A token was counted."""

    def fire(self, scope: Token) -> None:
        """Take one token from each incoming flow that has one, and begin."""
        self.take(scope, list(scope.open_frame.arrived[self.element_id]))
        scope.tree.spawn(scope, self)

    def take(self, scope: Token, flows: Iterable[str]) -> None:
        """Take one token from each of these incoming flows."""
        arrived = scope.open_frame.arrived
        counts = arrived.pop(self.element_id, {})
        for flow in flows:
            counts[flow] -= 1
        left = {flow: number for flow, number in counts.items() if number}
        if left:
            arrived[self.element_id] = left


class ParallelGateway(CountingGateway):
    """A token from each incoming flow in, one for each outgoing flow out, whatever stands at the flows."""

    def counted(self, scope: Token) -> None:
        """Fire when each incoming flow has a token."""
        if len(scope.open_frame.arrived[self.element_id]) == len(self.node.incoming):
            self.fire(scope)

    def pick(self, token: Token) -> tuple[OutFlow, ...]:  # noqa: ARG002
        """All flows."""
        return self.flows


class InclusiveGateway(CountingGateway):
    """Joins what can still come; out by every flow that holds, else by the default."""

    reach: Mapping[str, frozenset[str]]

    def counted(self, scope: Token) -> None:
        """Remember that there is something to decide at rest."""
        scope.tree.joining[scope.id] = scope

    def decide(self, scope: Token) -> bool:
        """Fire, unless a token elsewhere in the scope can still come by an empty flow (§13.4.3); whether it fired."""
        if self.element_id not in scope.open_frame.arrived or self.blocked_by(scope, self.full(scope)):
            return False
        self.fire(scope)
        return True

    def full(self, scope: Token) -> set[str]:
        """The incoming flows that have a token."""
        return set(scope.open_frame.arrived[self.element_id])

    def blocked_by(self, scope: Token, full: set[str]) -> bool:
        """Whether a token elsewhere can still come by a flow that is not among these, and by none of these."""
        empty = [flow for flow in self.node.incoming if flow not in full]
        if not empty:
            return False
        for place in self._places(scope):
            if any(place in self.reach[flow] for flow in empty) and not any(place in self.reach[flow] for flow in full):
                return True
        return False

    def _places(self, scope: Token) -> Iterable[str]:
        yield from (token.task_spec.element_id for token in scope.below if token.task_spec.told)
        yield from (join for join in scope.open_frame.arrived if join != self.element_id)


def reach_of(join: Element, elements: Mapping[str, Element]) -> Mapping[str, frozenset[str]]:
    """For each flow into the join, the elements from which it can be reached without passing the join.

    From an activity one also gets to its boundary events.
    """
    before: dict[str, set[str]] = {name: set() for name in elements}
    last: dict[str, str] = {}
    for element in elements.values():
        for flow in element.flows:
            before[flow.target.element_id].add(element.element_id)
            if flow.target is join:
                last[flow.id] = element.element_id
        if element.node.attached_to in before:
            before[element.element_id].add(element.node.attached_to)
    return {flow: frozenset(_backward(source, before, join.element_id)) for flow, source in last.items()}


def _backward(source: str, before: Mapping[str, set[str]], stop: str) -> set[str]:
    found: set[str] = set()
    open_ends = [source]
    while open_ends:
        name = open_ends.pop()
        if name not in found and name != stop:
            found.add(name)
            open_ends.extend(before[name])
    return found


def decide_inclusive(tree: Tree) -> bool:
    """Fire one inclusive join that nothing blocks: of the innermost scope, the first by id. False when none is."""
    scopes = [scope for scope in tree.joining.values() if scope.alive]
    for scope in sorted(scopes, key=lambda each: (-_depth(each), each.id)):
        elements = scope.open_frame.plan.elements
        for name in _joins(scope):
            join = elements[name]
            if isinstance(join, InclusiveGateway) and decided(join, scope):
                return True
    tree.joining = {scope.id: scope for scope in scopes if _undecided(scope)}
    return False


def _undecided(scope: Token) -> bool:
    elements = scope.open_frame.plan.elements
    return any(isinstance(elements[name], InclusiveGateway) for name in _joins(scope))


def _joins(scope: Token) -> list[str]:
    """The elements at which tokens are counted, or a complex gateway waits to begin anew."""
    return sorted({*scope.open_frame.arrived, *scope.open_frame.resetting})


def decided(join: InclusiveGateway, scope: Token) -> bool:
    """Decide a join; a condition of its own that cannot be evaluated is an incident of its scope."""
    if scope.incident is not None:
        return False
    try:
        return join.decide(scope)
    except GendanError as error:
        scope.tree.fail(scope, error.code, f"Element {join.element_id} {join.node.name}: {error}")
        return False


def _depth(token: Token) -> int:
    depth = 0
    while token.id != 1:
        token = token.above
        depth += 1
    return depth


class EventBasedGateway(Element):
    """Waits for the first of the events that follow it (§10.6.6); the others are not waited for any more."""

    triggers: tuple[Trigger, ...] = ()

    def perform(self, token: Token) -> bool:
        """Let the triggers of all following events wait."""
        for trigger in self.triggers:
            token.tree.spawn(token, trigger)
        return False

    def decided(self, token: Token, event: Element, payload: Mapping[str, Value]) -> None:
        """One of the events has occurred."""
        tree, scope = token.tree, token.above
        took = tuple(flow.id for flow in self.flows if flow.target is event)
        tree.tell(ElementLeft(token.place(), took))
        token._set_state(COMPLETED)
        tree.drop(token, event.element_id)
        tree.occur(scope, event, {"payload": dict(payload)})
