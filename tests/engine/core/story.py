"""Drives one instance in the words of a diagram: tasks by element, messages by name, time by hand.

A story runs live or, with `saving`, is saved and loaded again after each step; both must go the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.definitions.model import BpmnFile
from engine.definitions.reader import read_bpmn
from engine.runtime.core import ConnectorResult, DecisionOutcome, Execution, Program, Wait, compile_program
from engine.runtime.unit.occurrences import IncidentRaised, InstanceEnded, MessageThrown, Occurrence, VariableSet
from tests.engine.definitions.diagrams import definitions

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class Now:
    """An expression context that stands at one moment."""

    functions: Mapping[str, Any] = {}

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    def zone(self) -> ZoneInfo:
        return ZoneInfo("Asia/Shanghai")


class World:
    """An environment: processes by id, connectors and decisions as functions, a clock moved by hand."""

    def __init__(self) -> None:
        self.moment = MONDAY
        self.programs: dict[tuple[str, str], Program] = {}
        self.current: dict[str, Program] = {}
        self.connectors: dict[str, Callable[[Mapping[str, Any]], Any]] = {}
        self.decisions: dict[str, Callable[[Mapping[str, Any]], list[dict[str, Any]]]] = {}

    def deploy(self, *parts: str) -> None:
        file, _ = read_bpmn(definitions(*parts), "test.bpmn")
        self.take(file)

    def take(self, file: BpmnFile) -> None:
        """Deploy the processes of a file."""
        for process in file.processes:
            program = compile_program(process)
            self.programs[process.id, process.digest] = self.current[process.id] = program

    def context(self, at: datetime | None = None) -> Now:
        return Now(at or self.moment)

    def program(self, process_id: str, latest: bool, digest: str = "") -> Program:
        return self.programs.get((process_id, digest), self.current[process_id])

    def versioned(self, process_id: str, version: int | None, tag: str) -> Program:
        return self.current[process_id]

    def decide(self, ref: str, latest: bool, names: Mapping[str, Any]) -> DecisionOutcome:
        rows = tuple(self.decisions[ref](names))
        return DecisionOutcome(rows, tuple(f"rule{n}" for n in range(len(rows))), "digest", {})

    def connect(self, topic: str, place: object, inputs: Mapping[str, Any]) -> ConnectorResult | None:
        if topic not in self.connectors:
            return None
        return ConnectorResult(self.connectors[topic](inputs), (("did", topic),))


class Story:
    """One instance of a process of the world."""

    def __init__(self, saving: bool) -> None:
        self.saving = saving
        self.world = World()
        self.told: list[Occurrence] = []
        self.execution: Execution

    def deploy(self, *parts: str) -> None:
        self.world.deploy(*parts)

    def start(self, process: str = "p", at: str | None = None, names: Mapping[str, Any] = {}, **variables: Any) -> None:
        given = {"business_key": "WT1", "number": "WT1", "starter": "li", "started_at": self.world.moment, **names}
        program = self.world.current[process]
        self.execution = Execution.start(program, self.world, at, values(variables), given)
        self.settle()

    def settle(self) -> None:
        """Run to rest; when saving, save and load before and after."""
        self.reload()
        self.execution.run()
        self.told += self.execution.drain()
        self.reload()

    def reload(self) -> None:
        if self.saving:
            self.told += self.execution.drain()
            saved = self.execution.snapshot()
            self.execution = Execution.restore(saved, self.world)
            assert self.execution.snapshot() == saved

    def waits(self, kind: str) -> list[Wait]:
        return [wait for wait in self.execution.waits() if wait.kind == kind]

    @property
    def open(self) -> list[str]:
        """What waits, as sorted element ids: tasks and external ones plain, others as `kind:element`."""
        plain = ("task", "external")
        return sorted(
            w.at.element_id if w.kind in plain else f"{w.kind}:{w.at.element_id}" for w in self.execution.waits()
        )

    @property
    def tasks(self) -> list[str]:
        return sorted(wait.at.element_id for wait in self.waits("task"))

    def token(self, element: str, kinds: tuple[str, ...] = ("task", "external"), nth: int = 0) -> int:
        found = [
            wait.at.token for wait in self.execution.waits() if wait.at.element_id == element and wait.kind in kinds
        ]
        assert found, f"{element} does not wait: {self.open}"
        return found[nth]

    def complete(self, element: str, nth: int = 0, **given: Any) -> None:
        self.execution.complete(self.token(element, nth=nth), values(given))
        self.settle()

    def message(self, element: str, nth: int = 0, **payload: Any) -> None:
        assert self.execution.fire(self.token(element, ("message", "signal"), nth), values(payload))
        self.settle()

    def wait(self, **time: float) -> None:
        """Move the clock, and fire what is due on the way, in order of due time."""
        end = self.world.moment + timedelta(**time)
        while True:
            due = sorted((w.due, w.at.token) for w in self.waits("timer") if w.due is not None and w.due <= end)
            if not due:
                break
            self.world.moment = max(self.world.moment, due[0][0])
            assert self.execution.fire(due[0][1])
            self.settle()
        self.world.moment = end

    def jump(self, **time: float) -> None:
        """Move the clock without firing anything on the way."""
        self.world.moment += timedelta(**time)

    def fire(self, element: str) -> None:
        assert self.execution.fire(self.token(element, ("timer",)))
        self.settle()

    def retry(self, element: str) -> None:
        self.execution.retry(self.token(element, ("incident",)))
        self.settle()

    def set(self, **given: Any) -> None:
        self.execution.set_variables(values(given))
        self.settle()

    def __getitem__(self, name: str) -> Any:
        return self.execution.variables()[name]

    def of(self, kind: type) -> list[Any]:
        return [each for each in self.told if isinstance(each, kind)]

    @property
    def incidents(self) -> list[str]:
        return [wait.at.element_id for wait in self.waits("incident")]

    @property
    def messages(self) -> list[tuple[str, str, dict[str, Any]]]:
        return [(m.name, m.business_key, dict(m.payload)) for m in self.of(MessageThrown)]

    @property
    def ended(self) -> tuple[str, ...] | None:
        found = self.of(InstanceEnded)
        assert (self.execution.state != "open") == bool(found)
        return found[-1].ends if found else None


def values(given: Mapping[str, Any]) -> dict[str, Any]:
    """Python ints as the engine's numbers."""
    return {name: value(each) for name, each in given.items()}


def value(given: Any) -> Any:
    match given:
        case bool():
            return given
        case int():
            return Decimal(given)
        case list():
            return [value(each) for each in given]
        case dict():
            return values(given)
    return given


__all__ = ["MONDAY", "IncidentRaised", "Story", "VariableSet", "World", "values"]
