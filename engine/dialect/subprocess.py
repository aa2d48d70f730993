"""Subprocesses: embedded, transaction, and event subprocesses (BPMN 2.0 §10.3.5, §13.3.4, §13.5.4)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.model import Node
from engine.dialect.activity import Activity
from engine.dialect.element import Element
from engine.dialect.events import PAYLOAD
from engine.dialect.occurrences import ElementEntered
from engine.dialect.scope import Plan, begin, empty, listen
from engine.dialect.token import STARTED, Phase, Record, Token
from engine.values import Value

DEEPEST = 60
"""How deep scopes may stand in each other: enough for every diagram, little enough for a call without end."""


class SubProcess(Activity):
    """An embedded subprocess or transaction: a scope below its token; it ends when the scope has ended."""

    body: Plan

    def perform(self, token: Token) -> bool:
        """Open the scope and begin it."""
        scope = token.tree.open(token, self.body, token.open_frame.program, isolated=False)
        begin(scope)
        return empty(scope)

    def body_done(self, token: Token, scope: Token) -> None:  # noqa: ARG002
        """Nothing is left in the scope."""
        token.tree.again(token, Phase.LEAVE)

    def records(self, token: Token) -> list[Record]:
        """Its own handler, or its compensation event subprocess, or what was done in it (§13.5.5)."""
        if self.node.compensated_by or self.node.for_compensation:
            return super().records(token)
        frame = inner(token).frame
        assert frame is not None
        local = dict(token.local or {})
        if self.body.undoing is not None:
            handler = self.body.undoing.element_id
            return [Record(self.element_id, handler, self.body.scope_id, local, nested=frame.records)]
        return [
            Record(each.activity, each.handler, each.scope, {**local, **each.local}, (self.element_id, *each.under))
            for each in frame.records
        ]


class EventSubProcess(Element):
    """Stands beside the flow of its scope and begins when its start event occurs: interrupting, it takes the place of
    everything in the scope; else it runs beside, any number of times."""

    beside = True
    body: Plan

    def __init__(self, plan: Plan, node: Node, start: Node) -> None:
        super().__init__(plan, node)
        self.catching = start
        self.interrupts = start.interrupting

    def occur(self, scope: Token, payload: Mapping[str, Value]) -> None:
        """Its start event has occurred in this scope."""
        if self.interrupts:
            scope.tree.clear(scope, self.element_id)
        self.start(scope, payload)

    def start(self, scope: Token, payload: Mapping[str, Value]) -> None:
        """Begin at the start event, with the payload."""
        tree = scope.tree
        host = tree.make(scope, self)
        host._set_state(STARTED)
        tree.tell(ElementEntered(host.place()))
        self.map_inputs(host)
        within = tree.open(host, self.body, scope.open_frame.program, isolated=False)
        listen(within)
        tree.occur(within, self.body.elements[self.catching.id], {PAYLOAD: dict(payload)})
        for element in self.body.loose:
            tree.spawn(within, element)

    def body_done(self, token: Token, scope: Token) -> None:  # noqa: ARG002
        """Nothing is left in it."""
        token.tree.again(token, Phase.LEAVE)


def inner(host: Token) -> Token:
    """The scope below its host."""
    return next(token for token in host.below if token.frame is not None)


def depth_of(token: Token) -> int:
    """How many scopes stand around the token."""
    depth = 0
    while token is not token.tree.root:
        depth += token.frame is not None
        token = token.above
    return depth
