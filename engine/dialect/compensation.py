"""Compensation and the cancelling of transactions (BPMN 2.0 §10.6, §13.5.5).

Each scope keeps what was completed in it and can be undone. A throw runs the handlers, the last completed first and
one after the other, each in a scope of its own below the throwing token, with the local variables its activity saw;
then the throwing token goes on. One that does not wait for that (`waitForCompletion="false"`) goes on at once, and a
second token of its element stays in its place until all is undone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.definitions.model import EventKind, Node
from engine.dialect.element import Element, OutFlow
from engine.dialect.events import ThrowEvent
from engine.dialect.subprocess import EventSubProcess
from engine.dialect.token import COMPLETED, Frame, Phase, Record, Token
from engine.errors import ModelError

if TYPE_CHECKING:
    from engine.dialect.scope import Plan


class CompensationThrow(ThrowEvent):
    """Undoes the activity it names, or everything that was completed in its scope."""

    def __init__(self, plan: Plan, node: Node, ref: str = "", waits: bool = True) -> None:
        super().__init__(plan, node)
        self.ref = ref
        self.waits = waits

    def perform(self, token: Token) -> bool:
        """Take what is to be undone from the list of the scope, and begin with the last."""
        if token.pending is None:
            if not self.waits:
                return True
            token.pending = self._taken(token)
        return self._next(token)

    def choose(self, token: Token) -> tuple[OutFlow, ...]:
        """The flows; none for the token that has only undone."""
        return () if self._undid(token) else super().choose(token)

    def leave(self, token: Token) -> None:
        """Leave; what is not waited for is undone by a token that reaches no end."""
        if self._undid(token):
            Element.leave(self, token)
            return
        pending = [] if self.waits else self._taken(token)
        if pending:
            undoing = token.tree.make(token.above, self)
            undoing.pending = pending
            self._update(undoing)
        super().leave(token)

    def _undid(self, token: Token) -> bool:
        return not self.waits and token.phase is Phase.LEAVE

    def _taken(self, token: Token) -> list[Record]:
        frame = compensated(token)
        chosen = [record for record in frame.records if self._meant(record)]
        frame.records = [record for record in frame.records if not self._meant(record)]
        return chosen

    def _meant(self, record: Record) -> bool:
        return not self.ref or self.ref == record.activity or self.ref in record.under

    def _next(self, token: Token) -> bool:
        """Begin the next handler; True when there is none left."""
        if not token.pending:
            token.pending = None
            return True
        record, tree = token.pending[-1], token.tree
        program = token.open_frame.program
        plan = program.plans[record.scope]
        scope = tree.open(token, plan, program, isolated=False)
        assert scope.frame is not None
        scope.frame.replay = True
        scope.frame.records = record.nested
        scope.local = dict(record.local) or None
        handler = plan.elements[record.handler]
        if isinstance(handler, EventSubProcess):
            handler.start(scope, {})
        else:
            tree.spawn(scope, handler)
        token.pending = token.pending[:-1]
        return False

    def body_done(self, token: Token, scope: Token) -> None:
        """A handler has ended."""
        scope._set_state(COMPLETED)
        token.tree.drop(scope, self.element_id)
        if self._next(token):
            token.tree.again(token, Phase.LEAVE)


class CancelEnd(CompensationThrow):
    """Cancels its transaction: what runs is withdrawn, what was completed undone, then the cancel boundary occurs."""

    def perform(self, token: Token) -> bool:
        """Withdraw and undo."""
        token.tree.clear(token.above, self.element_id, keep=token)
        return super().perform(token)

    def choose(self, token: Token) -> tuple[OutFlow, ...]:
        """Leave the transaction by its cancel boundary event."""
        host = token.above.above
        if host.item is not None:
            host = host.above
        for boundary in host.task_spec.climbing:
            if boundary.node.events[0].kind is EventKind.CANCEL:
                boundary.occur(host, {})
                return ()
        raise ModelError(
            "Element %(element)s %(name)s: its transaction has no cancel boundary event. Attach one.",
            element=self.element_id,
            name=self.node.name,
        )


def compensated(token: Token) -> Frame:
    """The scope whose activities a throw here undoes: its own, or the one its event subprocess stands beside."""
    scope = token.above
    while scope is not token.tree.root and scope.above.task_spec.beside:
        scope = scope.above.above
    assert scope.frame is not None
    return scope.frame
