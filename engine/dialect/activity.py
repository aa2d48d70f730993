"""What activities have in common: boundary events, loops, compensation (BPMN 2.0 §13.3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.definitions.model import Node
from engine.dialect.element import Element, OutFlow
from engine.dialect.events import BoundaryEvent
from engine.dialect.looping import Looping, looping
from engine.dialect.occurrences import ElementLeft
from engine.dialect.token import Phase, Record, Token
from engine.dialect.variables import declare

if TYPE_CHECKING:
    from engine.dialect.scope import Plan
    from engine.dialect.triggers import Trigger


class Activity(Element):
    """An element that can take time, be repeated, be interrupted and be compensated.

    With a loop its token is a container: the items below it are tokens of the same element, each with its own
    input and output mapping; boundary events belong to the container.
    """

    result_variable = ""

    def __init__(self, plan: Plan, node: Node) -> None:
        super().__init__(plan, node)
        self.looping: Looping | None = looping(node)
        self.boundary_triggers: tuple[Trigger, ...] = ()

    def enter(self, token: Token) -> bool:
        """Begin the activity, or its loop; while it takes time its boundary events wait."""
        if self.looping is not None and token.item is None:
            done = self.looping.begin(token)
        else:
            if token.item is not None and self.result_variable and self.looping and self.looping.keeps_result:
                declare(token, self.result_variable, None)
            self.map_inputs(token)
            done = self.perform(token)
        if not done and token.item is None and token.phase is not Phase.AGAIN:
            for trigger in self.boundary_triggers:
                token.tree.spawn(token, trigger)
        return done

    def arrive(self, scope: Token, flow: OutFlow) -> None:
        """Begin, or wait until as many tokens have come as it takes (`startQuantity`, §13.3.2)."""
        if self.node.start_quantity == 1:
            super().arrive(scope, flow)
            return
        arrived = scope.open_frame.arrived
        counts = arrived.setdefault(self.element_id, {})
        counts[flow.id] = counts.get(flow.id, 0) + 1
        if sum(counts.values()) == self.node.start_quantity:
            del arrived[self.element_id]
            scope.tree.spawn(scope, self)

    def choose(self, token: Token) -> tuple[OutFlow, ...]:
        """Results and outputs; an item goes back to its container, everything else takes its flows."""
        if token.rounds is not None and self.looping is not None:
            self.looping.collect(token)
            return self._ways(token)
        self.conclude(token)
        self.map_outputs(token)
        if token.item is not None and self.looping is not None:
            self.looping.weigh(token)
            return ()
        return self._ways(token)

    def _ways(self, token: Token) -> tuple[OutFlow, ...]:
        """The flows to take, each for as many tokens as it gives (`completionQuantity`)."""
        if self.plan.any_order is not None:
            token.closes = self.plan.any_order.completed(token)
        return self.pick(token) * self.node.completion_quantity

    def leave(self, token: Token) -> None:
        """Remember what can be compensated, and go on."""
        if token.item is not None and self.looping is not None:
            container = token.above
            assert container.rounds is not None
            container.rounds.records.extend(self.records(token))
            token.tree.tell(ElementLeft(token.place(), ()))
            self.looping.item_done(container, token)
            return
        scope = token.above.frame
        if scope is not None and not scope.replay:
            scope.records.extend(token.rounds.records if token.rounds is not None else self.records(token))
        if self.plan.any_order is not None:
            self.plan.any_order.done(token, token.closes)
        super().leave(token)

    def boundaries(self) -> list[BoundaryEvent]:
        """The boundary events attached to it."""
        found = [self.plan.elements[name] for name in self.node.boundaries]
        return [each for each in found if isinstance(each, BoundaryEvent)]

    def records(self, token: Token) -> list[Record]:
        """What can be compensated of this completed activity."""
        if not self.node.compensated_by or self.node.for_compensation:
            return []
        return [Record(self.element_id, self.node.compensated_by, self.plan.scope_id, dict(token.local or {}))]
