"""Runs a compiled process as far as it goes without anybody: tasks are completed with nothing, timers fired, messages
sent, a bounded number of times, saved and loaded after each.

Used on models that others wrote and on damaged ones: what matters is that nothing but a GendanError comes of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.decisions import Decision, evaluate
from engine.dialect.program import Program
from engine.errors import GendanError, ModelError
from engine.expressions import FUNCTIONS, Function
from engine.runtime.core import ConnectorResult, DecisionOutcome, Execution, Wait
from engine.runtime.unit.occurrences import Place
from engine.values import Value

_BEGINNING = datetime(2027, 1, 4, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Ran:
    """How a run came out: `completed`, `waiting` (for a condition), `incident`, `refused` (it does not begin) or `cut`
    (it goes on for ever); what it stopped at, and how many things were done."""

    start: str
    state: str
    at: tuple[str, ...]
    actions: int


class World:
    """An environment of these processes and tables, with a clock that is moved by hand."""

    def __init__(self, programs: Mapping[str, Program], decisions: Mapping[str, Decision]) -> None:
        self.programs, self.decisions = programs, decisions
        self.moment = _BEGINNING
        self.functions = {name: _standing_in(function) for name, function in FUNCTIONS.items()}

    def now(self) -> datetime:
        """The clock."""
        return self.moment

    def zone(self) -> ZoneInfo:
        """UTC."""
        return ZoneInfo("UTC")

    def context(self, at: datetime | None = None) -> World:
        """Itself, or as it is at that moment."""
        if at is None:
            return self
        other = World(self.programs, self.decisions)
        other.moment = at
        return other

    def program(self, process_id: str, latest: bool, digest: str = "") -> Program:
        """A process of the file."""
        if process_id not in self.programs:
            raise ModelError("There is no process %(id)s here. Put its file beside.", id=process_id)
        return self.programs[process_id]

    def versioned(self, process_id: str, version: int | None, tag: str) -> Program:
        """The same: there is one version of each."""
        return self.program(process_id, False)

    def decide(self, ref: str, latest: bool, names: Mapping[str, Value]) -> DecisionOutcome:
        """A decision beside the file."""
        if ref not in self.decisions:
            raise ModelError("There is no decision %(id)s here. Put its file beside.", id=ref)
        found = evaluate(self.decisions[ref], names, self)
        return DecisionOutcome(found.rows, found.rules, found.digest, found.inputs)

    def connect(self, topic: str, place: Place, inputs: Mapping[str, Value]) -> ConnectorResult | None:
        """Every topic is somebody else's."""
        return None


def _standing_in(function: Function) -> Function:
    """What asks a calendar or a database answers null here; what only computes is itself."""
    if function.call.__module__.startswith("engine.expressions."):
        return function
    nothing: Any = lambda *_: None  # noqa: E731
    return replace(function, call=nothing)


def drive(program: Program, world: World, actions: int, start: str | None = None) -> Ran:
    """One run from a start event. Whatever is no GendanError is raised."""
    names: dict[str, Value] = {"business_key": "K1", "number": "K1", "starter": "nobody", "started_at": world.moment}
    try:
        execution = Execution.start(program, world, start, {}, names)
    except GendanError as error:
        return Ran(start or "", "refused", (str(error),), 0)
    often: Counter[str] = Counter()
    for done in range(actions + 1):
        execution.run()
        execution.drain()
        execution = _again(execution, world)
        if execution.state != "open":
            return Ran(start or "", execution.state, (), done)
        waits = [wait for wait in execution.waits() if wait.kind not in ("incident", "condition")]
        if not waits or done == actions:
            return Ran(start or "", _stopped(execution, waits), _at(execution.waits()), done)
        wait = min(waits, key=lambda each: (often[each.at.element_id], each.at.token))
        often[wait.at.element_id] += 1
        try:
            _act(execution, world, wait)
        except GendanError as error:
            return Ran(start or "", "incident", (str(error),), done)
    raise AssertionError("it stops at the last action")


def _again(execution: Execution, world: World) -> Execution:
    saved = execution.snapshot()
    loaded = Execution.restore(saved, world)
    if loaded.snapshot() != saved:
        raise AssertionError("saved and loaded it is another")
    return loaded


def _stopped(execution: Execution, waits: list[Wait]) -> str:
    if waits:
        return "cut"
    return "incident" if any(wait.kind == "incident" for wait in execution.waits()) else "waiting"


def _at(waits: tuple[Wait, ...]) -> tuple[str, ...]:
    return tuple(f"{wait.kind} {wait.at.element_id}{': ' if wait.text else ''}{wait.text}" for wait in waits[:10])


def _act(execution: Execution, world: World, wait: Wait) -> None:
    if wait.kind in ("task", "external"):
        execution.complete(wait.at.token, {})
        return
    if wait.due is not None:
        world.moment = max(world.moment, wait.due)
    execution.fire(wait.at.token, {})
