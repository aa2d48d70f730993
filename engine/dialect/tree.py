"""The token store of one instance: SpiffWorkflow's workflow, with what is finished cut out at once.

Tokens are made, moved and dropped here; what an element does with them stands with the element.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.workflow import Workflow

from engine.dialect.occurrences import (
    ElementCancelled,
    ElementEntered,
    IncidentRaised,
    IncidentResolved,
    InstanceEnded,
    Occurrence,
)
from engine.dialect.token import COMPLETED, READY, ROOT, STARTED, Frame, Phase, Token
from engine.values import Value

if TYPE_CHECKING:
    from engine.dialect.element import Element, OutFlow
    from engine.dialect.environment import Environment
    from engine.dialect.program import Program
    from engine.dialect.scope import Plan

OPEN, DONE, CANCELLED = "open", "completed", "cancelled"


class Tree(Workflow):  # type: ignore[misc]
    """The live tokens of an instance, by id.

    `queue` holds the tokens that are ready, in the order in which they became so. `log` is what has been told and
    not yet drained, `undo` the writes of the running step. `joining` are the scopes with tokens at inclusive joins,
    `conditions` the triggers of conditional events; `dirty` says that a variable has changed since they were looked
    at. `ends` are the end events reached in the top process.
    """

    tasks: dict[int, Token]

    def __init__(self, program: Program, environment: Environment, names: Mapping[str, Value]) -> None:
        super().__init__(program.plan, deserializing=True)
        self.program = program
        self.environment = environment
        self.names = names
        self.state = OPEN
        self.ends: list[str] = []
        self.last_id = 0
        self.queue: deque[Token] = deque()
        self.log: list[Occurrence] = []
        self.undo: list[tuple[dict[str, Value], str, Any]] | None = None
        self.joining: dict[int, Token] = {}
        self.conditions: dict[int, Token] = {}
        self.abandoned: list[Token] = []
        self.dirty = False
        self.blame = ""

    @property
    def root(self) -> Token:
        """The token of the instance."""
        return self.tasks[ROOT]

    def tell(self, occurrence: Occurrence) -> None:
        """Something has happened."""
        self.log.append(occurrence)

    def make(self, parent: Token | None, spec: Element, id: int = 0) -> Token:
        """A token that nothing is done with yet."""
        self.last_id = id or self.last_id + 1
        return Token(self, spec, parent, self.last_id)

    def spawn(self, parent: Token, spec: Element, item: int | None = None) -> Token:
        """A token that begins the element."""
        token = self.make(parent, spec)
        token.item = item
        spec._update(token)
        return token

    def occur(self, parent: Token, spec: Element, local: dict[str, Value] | None) -> Token:
        """A token of an event that has occurred: what is left to do is to leave it."""
        token = self.make(parent, spec)
        token.phase = Phase.LEAVE
        token.local = local
        self.tell(ElementEntered(token.place()))
        spec._update(token)
        return token

    def again(self, token: Token, phase: Phase) -> None:
        """Give a waiting token its next step."""
        token.phase = phase
        token._ready()

    def open(self, host: Token | None, plan: Plan, program: Program, isolated: bool) -> Token:
        """Open a scope below its host, with nothing in it yet."""
        token = self.make(host, plan.start)
        token.frame = Frame(plan, program, isolated)
        token._set_state(STARTED)
        if isolated:
            token.local = {}
        return token

    def arrive(self, scope: Token, flow: OutFlow) -> None:
        """A token comes along a sequence flow."""
        flow.target.arrive(scope, flow)

    def pass_on(self, token: Token, flows: Sequence[OutFlow]) -> None:
        """A token has ended its element: cut it out, go on by the flows, tell what it stood under."""
        above = token.above
        self._remove_task(token.id)
        for flow in flows:
            flow.target.arrive(above, flow)
        above.task_spec.child_left(above)

    def drop(self, token: Token, by: str) -> None:
        """Withdraw a token with everything below it, because of the element `by`."""
        before, self.blame = self.blame, by
        self._remove_task(token.id)
        self.blame = before

    def clear(self, scope: Token, by: str, keep: Token | None = None) -> None:
        """Withdraw everything in a scope, waiting at joins included, but for one token."""
        for token in scope.below:
            if token is not keep:
                self.drop(token, by)
        if scope.frame is not None:
            scope.frame.arrived.clear()

    def end(self, state: str) -> None:
        """The instance is over."""
        self.state = state
        self.queue.clear()
        self.tell(InstanceEnded(tuple(self.ends), state))

    def fail(self, token: Token, code: str, text: str) -> None:
        """Remember and tell an incident."""
        token.incident = (code, text)
        self.tell(IncidentRaised(token.place(), code, text))

    def resolve(self, token: Token) -> None:
        """The incident of the token is over."""
        if token.incident is not None:
            token.incident = None
            self.tell(IncidentResolved(token.place()))

    def _task_removed_notify(self, token: Token) -> None:
        """SpiffWorkflow's hook: the token and all below it are out of the tree."""
        if token._state != COMPLETED:
            self.resolve(token)
        token.task_spec.removed(token)
        if token._state != COMPLETED and token.task_spec.told and not (token.frame or token.held):
            self.tell(ElementCancelled(token.place(), self.blame))

    def is_completed(self) -> bool:
        """SpiffWorkflow's question: whether nothing is left to do."""
        return self.state != OPEN


def ready(token: Token) -> bool:
    """Whether the token is to take a step: alive, ready, and without an incident."""
    return token.alive and token._state == READY and token.incident is None
