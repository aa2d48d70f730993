"""The engine's side of the comparison: the real core, driven by its own verbs."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.definitions.reader import read_bpmn
from engine.expressions import Context, Function, Parameter
from engine.runtime.core import ConnectorResult, DecisionOutcome, Execution, Program, Wait, compile_program
from engine.runtime.unit.occurrences import ElementLeft, Occurrence, Place
from engine.values import Value
from tests.engine.token_model.diagram import Diagram
from tests.engine.token_model.writing import write

NOW = datetime(2027, 1, 4, 8, tzinfo=UTC)
NAMES: Mapping[str, Value] = {"business_key": "K", "number": "K", "starter": "s", "started_at": NOW}


class Marks:
    """Functions that tell runs of one element apart: each call gives something new."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self.functions = {
            "mark": Function("mark", (), "string", "", "", lambda _: f"{next(self._numbers)}"),
            "marks": Function("marks", (Parameter("count", "number"),), "list", "", "", self._marks),
        }

    def _marks(self, _: Context, count: Any) -> list[Value]:
        group = next(self._numbers)
        return [f"{group}:{number}" for number in range(int(count))]

    def now(self) -> datetime:
        """The one moment of these tests."""
        return NOW

    def zone(self) -> ZoneInfo:
        """The zone of these tests."""
        return ZoneInfo("UTC")


class Surroundings:
    """An environment without connectors, decisions and other processes."""

    def __init__(self) -> None:
        self._marks = Marks()

    def context(self, at: datetime | None = None) -> Context:
        """The marks."""
        return self._marks

    def program(self, process_id: str, latest: bool, digest: str = "") -> Program:
        """Restoring asks for the process again."""
        return self.own

    own: Program

    def versioned(self, process_id: str, version: int | None, tag: str) -> Program:
        """There is one."""
        return self.own

    def decide(self, ref: str, latest: bool, names: Mapping[str, Value]) -> DecisionOutcome:
        """There are none."""
        raise NotImplementedError

    def connect(self, topic: str, place: Place, inputs: Mapping[str, Value]) -> ConnectorResult | None:
        """There are none."""
        return None


class Engine:
    """An instance in the engine; with `save` it is stored and loaded again after every step."""

    def __init__(self, diagram: Diagram, variables: Mapping[str, Value], save: bool) -> None:
        file, findings = read_bpmn(write(diagram), "case.bpmn")
        assert findings == []
        self._save = save
        self._told: list[Occurrence] = []
        self._environment = Surroundings()
        self._environment.own = compile_program(file.processes[0])
        self._execution = Execution.start(self._environment.own, self._environment, None, variables, NAMES)
        self._rest()

    def _rest(self) -> None:
        self._execution.run()
        self._told += self._execution.drain()
        if self._save:
            self._execution = Execution.restore(self._execution.snapshot(), self._environment)

    @property
    def open(self) -> bool:
        """Whether the instance is open."""
        return self._execution.state == "open"

    def trace(self) -> list[tuple[str, tuple[str, ...]]]:
        """The elements that were left so far, and by which flows."""
        return [(each.at.element_id, each.took) for each in self._told if isinstance(each, ElementLeft)]

    def waits(self) -> tuple[Wait, ...]:
        """Everything that waits."""
        return tuple(self._execution.waits())

    def variables(self, wait: Wait | None = None) -> dict[str, Value]:
        """What can be read in the instance, or at a wait; without the names that are always there."""
        found = self._execution.variables(wait.at.token if wait else None)
        return {name: value for name, value in found.items() if name not in NAMES}

    def complete(self, wait: Wait, values: Mapping[str, Value]) -> None:
        """Complete a user task."""
        self._execution.complete(wait.at.token, values)
        self._rest()

    def fire(self, wait: Wait) -> None:
        """The message comes."""
        assert self._execution.fire(wait.at.token)
        self._rest()
