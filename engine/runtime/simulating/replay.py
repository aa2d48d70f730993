"""Replaying one instance in memory: nothing is written, nothing leaves, the clock stands where history says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from engine import connectors
from engine.errors import GendanError
from engine.runtime.core import ConnectorResult, Execution, Program, Wait
from engine.runtime.deployed.practice import Practice
from engine.runtime.simulating.recorded import Input, Recorded, Step, Unreplayable, step_of
from engine.runtime.unit.environment import PracticeEnvironment
from engine.runtime.unit.events import Journal
from engine.runtime.unit.gathering import Gatherer
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.occurrences import Place
from engine.store.connect import Connection
from engine.values import Value

_PURE = frozenset({"compute"})
_SILENT = frozenset(
    {"notify", "set-status", "send-message", "start-process", "suspend", "substitute", "end-substitute"}
)
_MOST_TIMERS = 200


class ReplayEnvironment(PracticeEnvironment):
    """The surroundings of a replay: expressions ask the database as it is, steps are answered from history."""

    def __init__(self, machinery: Machinery, connection: Connection, practice: Practice, found: Recorded) -> None:
        super().__init__(machinery, connection, practice, found.at)
        self._latest = practice
        self._found = found
        self._visits: Counter[tuple[str, str]] = Counter()

    def program(self, process_id: str, latest: bool, digest: str = "") -> Program:  # noqa: ARG002
        """All of one set."""
        return self.process(process_id).program

    def versioned(self, process_id: str, version: int | None, tag: str) -> Program:  # noqa: ARG002
        """All of one set."""
        return self.process(process_id).program

    def connect(self, topic: str, place: Place, inputs: Mapping[str, Value]) -> ConnectorResult | None:
        """What history says the step was answered; nothing is done."""
        if topic not in connectors.CONNECTORS:
            return None
        if connectors.outside(topic):
            return None  # its answer comes as it came then
        if topic in _PURE:
            return connectors.run(topic, inputs, self.reader)
        key = (place.process_id, place.element_id)
        self._visits[key] += 1
        node = self.process(place.process_id).elements[place.element_id].node
        written = self._found.written.get(key, [])
        answers = written[self._visits[key] - 1] if len(written) >= self._visits[key] else {}
        if node.result_variable and node.result_variable in answers:
            return ConnectorResult(answers[node.result_variable])
        if topic in _SILENT or not (node.result_variable or node.outputs):
            return ConnectorResult(None)
        raise Unreplayable("answer", place.element_id)


class Replay:
    """One instance going its way again by a set."""

    def __init__(
        self, environment: ReplayEnvironment, process_id: str, found: Recorded, names: Mapping[str, Value]
    ) -> None:
        self._environment = environment
        self._found = found
        self.path: list[Step] = []
        self._tokens: dict[tuple[str, str], list[int]] = {}
        process = environment.process(process_id)
        if found.element_id not in process.elements:
            raise Unreplayable("start", found.element_id)
        self.execution = Execution.start(process.program, environment, found.element_id, found.values, names)
        self._run()

    def take(self, given: Input, nth: int) -> bool:
        """Let something come from outside, as the `nth` at its element; False when nothing waits for it there."""
        self._environment.now = given.at
        if given.kind == "corrected":
            self.execution.set_variables(_mapping(given.data.get("values")))
            self._run()
            return True
        wait = self._wait(given, nth)
        if wait is None:
            return False
        self._hand_over(given, wait)
        self._run()
        return True

    def strike(self, until: datetime, elements: Collection[tuple[str, str]]) -> None:
        """Let the timers of these elements strike that are due by then, in order, each at its own moment."""
        for _ in range(_MOST_TIMERS):
            due = [
                (wait.due, wait.at.token)
                for wait in self.execution.waits()
                if wait.kind == "timer"
                and (wait.at.process_id, wait.at.element_id) in elements
                and wait.due is not None
            ]
            if not due or min(due)[0] > until or self.execution.state != "open":
                return
            moment, token = min(due)
            self._environment.now = max(moment, self._environment.now)
            self.execution.fire(token)
            self._run()

    @property
    def stuck(self) -> Wait | None:
        """The first step that has failed."""
        return next((wait for wait in self.execution.waits() if wait.kind == "incident"), None)

    def _hand_over(self, given: Input, wait: Wait) -> None:
        token, data = wait.at.token, given.data
        match given.kind:
            case "task-completed":
                values = _mapping(data.get("values"))
                whole = {**values, "completed_by": given.actor, "completed_at": given.at,
                         "on_behalf_of": given.on_behalf_of or None}  # fmt: skip
                self.execution.complete(token, values, whole)
            case "external-completed" if "job" in data:
                self.execution.answer(token, self._answer(given))
            case "external-completed":
                self.execution.complete(token, _mapping(data.get("values")))
            case "external-failed":
                self.execution.fail(token, str(data.get("code", "")), str(data.get("text", "")))
            case "timer":
                self.execution.fire(token)
            case _:
                self.execution.fire(token, _mapping(data.get("payload")))

    def _answer(self, given: Input) -> Value:
        """What another system answered, as far as its step kept it."""
        node = self._environment.process(given.process_id).elements[given.element_id].node
        written = _mapping(given.data.get("set"))
        if node.result_variable and node.result_variable in written:
            answered: Value = written[node.result_variable]
            return answered
        if node.result_variable or node.outputs:
            raise Unreplayable("answer", given.element_id)
        return None

    def _wait(self, given: Input, nth: int) -> Wait | None:
        """What waits at the element: the one that came there as the same one, else the first."""
        kinds = {"task-completed": "task", "timer": "timer", "message": "message", "signal": "signal"}
        kind = kinds.get(given.kind, "external")
        here = (given.process_id, given.element_id)
        found = [w for w in self.execution.waits() if w.kind == kind and (w.at.process_id, w.at.element_id) == here]
        came = self._tokens.get(here, [])
        same = [wait for wait in found if nth < len(came) and wait.at.token == came[nth]]
        return next(iter(same or found), None)

    def _run(self) -> None:
        try:
            self.execution.run()
        except GendanError as error:
            raise Unreplayable("stuck", "", str(error)) from error
        journal = Journal()
        Gatherer(journal, self._environment.process).take(self.execution.drain())
        by_row = {process.row_id: key for key, process in self._processes().items()}
        for event in journal.events:
            process_id = by_row.get(event.definition_id, "")
            step = step_of(event.kind, process_id, event.element_id, event.data)
            if step is not None:
                self.path.append(step)
                if not step.left:
                    self._tokens.setdefault((process_id, event.element_id), []).append(event.token or 0)

    def _processes(self) -> Mapping[str, Any]:
        return self._environment.set.processes


def _mapping(given: object) -> Mapping[str, Any]:
    return given if isinstance(given, dict) else {}
