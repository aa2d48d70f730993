"""Tokens: what changes while a process runs, as tasks of SpiffWorkflow's tree.

The tree holds nothing but live tokens. The children of a token are: of a scope (a token of `scope.Opening`) the tokens
in it and the triggers of its event subprocesses; of an activity its boundary triggers and its inner scope or its
multi-instance items; of an event-based gateway and of a catching event its triggers; of a compensation throw the
scope its handler runs in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.dialect.occurrences import Place
from engine.values import Value

if TYPE_CHECKING:
    from engine.definitions.model import EventDefinition
    from engine.dialect.element import Element, OutFlow
    from engine.dialect.program import Program
    from engine.dialect.scope import Plan
    from engine.dialect.tree import Tree

READY: int = TaskState.READY
STARTED: int = TaskState.STARTED
WAITING: int = TaskState.WAITING
COMPLETED: int = TaskState.COMPLETED
FUTURE: int = TaskState.FUTURE

ROOT = 1
"""The token of the instance itself; SpiffWorkflow takes 0 for no id."""


class Phase(StrEnum):
    """Which step a ready token takes next: begin its element, begin it again after an incident while it waited, end
    it, or set its timer to the next round."""

    ENTER = "e"
    AGAIN = "g"
    LEAVE = "l"
    ADVANCE = "a"


@dataclass(slots=True)
class Record:
    """A completed activity that can be compensated: its handler, the scope the handler stands in, the local
    variables it saw. `under` are the subprocesses between that scope and the list the record is in; `nested` what
    a compensation event subprocess can compensate itself."""

    activity: str
    handler: str
    scope: str
    local: dict[str, Value]
    under: tuple[str, ...] = ()
    nested: list[Record] = field(default_factory=list)


@dataclass(slots=True)
class Frame:
    """A scope that is open: a process or the body of a subprocess.

    `arrived` counts tokens that wait at joins, by join and incoming flow. `isolated` ends the search for variables
    (the instance, a called process). `records` are what can be compensated, in order of completion. `abandoned`
    marks a scope that a modification has emptied, `replay` one in which a compensation handler runs, `closing` an
    ad-hoc subprocess that is over but for what is still being done. `resetting` are the flows that a complex gateway
    has taken tokens from and does not wait for, until it begins anew.
    """

    plan: Plan
    program: Program
    isolated: bool
    arrived: dict[str, dict[str, int]] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    abandoned: bool = False
    replay: bool = False
    closing: bool = False
    resetting: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Held:
    """What a waiting trigger holds. Timers: `due`, `anchor` (the moment it was computed from), `left` rounds after
    this one (None: no end), `cycle` (its ISO text, or `*` for a schedule). Messages and signals: `name` and
    `correlation`. Conditions: whether it was true when last seen."""

    due: datetime | None = None
    anchor: datetime | None = None
    left: int | None = 0
    cycle: str = ""
    name: str = ""
    correlation: str = ""
    last: bool = False


@dataclass(slots=True)
class Rounds:
    """How far a loop or multi-instance is: `items` are those of a sequential one that have not begun; `total` is
    None for a standard loop; `results` are the outputs by number of the item."""

    total: int | None
    started: int = 0
    done: int = 0
    items: list[Value] = field(default_factory=list)
    results: dict[int, Value] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)


class Token(Task):  # type: ignore[misc]
    """A token, or something a token waits with. Its id is a small integer, never used again in its instance.

    `local` are the variables declared here; None for most. `item` is its number when it is one item of a loop.
    `known` says that those outside have been told of it.
    """

    workflow: Tree
    task_spec: Element
    id: int

    def __init__(self, tree: Tree, spec: Element, parent: Token | None, id: int, state: int = FUTURE) -> None:
        self.local: dict[str, Value] | None = None
        self.phase = Phase.ENTER
        self.frame: Frame | None = None
        self.held: Held | None = None
        self.rounds: Rounds | None = None
        self.item: int | None = None
        self.pending: list[Record] | None = None
        self.incident: tuple[str, str] | None = None
        self.known = False
        self.placed: Place | None = None
        self.took: tuple[OutFlow, ...] = ()
        self.output: tuple[Value, bool] = (None, False)
        self.closes = False
        self.throws: list[EventDefinition] = []
        super().__init__(tree, spec, parent, state, id)

    @property
    def data(self) -> Mapping[str, Value]:
        """Nothing: variables live in scopes, never in a task."""
        return _NO_DATA

    @data.setter
    def data(self, value: object) -> None:
        if value:
            raise TypeError("Task.data is not used: variables live in scopes")

    @property
    def tree(self) -> Tree:
        """The tree it stands in."""
        return self.workflow

    @property
    def above(self) -> Token:
        """The token it stands under; only the root has none."""
        parent: Token = self.workflow.tasks[self._parent]
        return parent

    @property
    def below(self) -> list[Token]:
        """The tokens under it, oldest first."""
        tasks = self.workflow.tasks
        return [tasks[each] for each in self._children]

    @property
    def alive(self) -> bool:
        """Whether it is still in the tree."""
        return self.workflow.tasks.get(self.id) is self

    @property
    def waiting(self) -> bool:
        """Whether it has begun and neither ended nor been given a step to do."""
        return self._state in (STARTED, WAITING)

    @property
    def waits(self) -> bool:
        """Whether it is a trigger that has not occurred."""
        return bool(self._state == WAITING)

    @property
    def scope(self) -> Token:
        """The nearest open scope around it, or itself."""
        token = self
        while token.frame is None:
            token = token.above
        return token

    @property
    def open_frame(self) -> Frame:
        """The frame of the scope around it."""
        frame = self.scope.frame
        assert frame is not None
        return frame

    def place(self) -> Place:
        """Where it is, for those outside."""
        if self.placed is None:
            self.placed = self._place()
        return self.placed

    def _place(self) -> Place:
        tasks, token, owner, process_id = self.workflow.tasks, self, 0, ""
        while True:
            frame = token.frame
            if token.local and not owner:
                owner = token.id
            if frame is not None:
                process_id = process_id or frame.program.process_id
                if frame.isolated:
                    break
            token = tasks[token._parent]
        owner = owner or token.id
        return Place(process_id, self.task_spec.element_id, self.id, 0 if owner == ROOT else owner)

    def run(self) -> bool | None:
        """Take its next step; SpiffWorkflow's `Task.run` with the tree asked whether it is still there after."""
        done = self.task_spec._run(self)
        if not self.alive:
            return None
        if done is None:
            self._set_state(WAITING if self.held is not None else STARTED)
        else:
            self.complete()
        return bool(done)

    def _set_state(self, value: int) -> None:
        """Without SpiffWorkflow's logging and clock."""
        self._state = value


_NO_DATA: Mapping[str, Value] = {}
