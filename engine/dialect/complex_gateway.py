"""The complex gateway (BPMN 2.0 §13.4.5): it goes on when its activation condition is true of what has come.

First it waits for that, takes a token from each flow that has one, and goes on by the ways whose condition is true.
Then it waits until nothing more can come by the other flows, as an inclusive join does, takes what has come by them,
and goes on by the ways whose condition is true now; only then it begins anew. Conditions may ask `waitingForStart`; a
way without condition is taken the first time only. `activationCount` is how many incoming flows have a token.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from engine.definitions.model import Node
from engine.dialect import texts
from engine.dialect.element import OutFlow
from engine.dialect.gateways import InclusiveGateway
from engine.dialect.token import Token
from engine.dialect.variables import visible

if TYPE_CHECKING:
    from engine.dialect.scope import Plan

COUNT, STARTING = "activationCount", "waitingForStart"


class ComplexGateway(InclusiveGateway):
    """Joins by its activation condition, and forks as an inclusive gateway."""

    def __init__(self, plan: Plan, node: Node) -> None:
        super().__init__(plan, node)
        self.activation = texts.text(node, "activation condition", node.activation)
        if self.activation is None and len(node.incoming) > 1:
            raise texts.refuse(node, "it joins without an activation condition", "Give it as ${activationCount >= 2}.")

    def decide(self, scope: Token) -> bool:
        """Activate or reset, if that can be; may raise a GendanError for its condition."""
        frame = scope.open_frame
        consumed = frame.resetting.get(self.element_id)
        came = frame.arrived.get(self.element_id, {})
        if consumed is None:
            if not came or not self._activated(scope, len(came)):
                return False
            frame.resetting[self.element_id] = sorted(came)
            self._go(scope, list(came), True)
            return True
        if self.blocked_by(scope, {*consumed, *came}):
            return False
        del frame.resetting[self.element_id]
        self._go(scope, [flow for flow in came if flow not in consumed], False)
        return True

    def _activated(self, scope: Token, count: int) -> bool:
        assert self.activation is not None
        names = {**visible(scope), COUNT: Decimal(count), STARTING: True}
        value = self.activation.evaluate(names, scope.tree.environment.context())
        return bool(texts.as_truth(value, f"The activation condition of {self.element_id}"))

    def _go(self, scope: Token, flows: list[str], starting: bool) -> None:
        self.take(scope, flows)
        scope.tree.spawn(scope, self).local = {STARTING: starting}

    def pick(self, token: Token) -> tuple[OutFlow, ...]:
        """The ways that hold; none the second time is no error."""
        if (token.local or {}).get(STARTING, True):
            return super().pick(token)
        return tuple(flow for flow in self.flows if flow.condition is not None and self.holds(token, flow))
