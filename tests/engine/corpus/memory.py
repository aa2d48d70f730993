"""A diagram in memory, live or with a save and load at every wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine.runtime.unit.occurrences import ElementLeft
from tests.engine.core.story import Story, values
from tests.engine.corpus.diagram import Diagram


class MemoryPlayer:
    """One instance of a story."""

    def __init__(self, diagram: Diagram, saving: bool) -> None:
        self.story = Story(saving)
        self.story.world.take(diagram.file)
        self._diagram = diagram

    def start(self, process: str, values: Mapping[str, Any]) -> None:
        self.story.start(process, **values)

    def start_at(self, element: str) -> None:
        self.story.start(self._diagram.process, at=element)

    def complete(self, element: str, values: Mapping[str, Any]) -> None:
        self.story.complete(element, **values)

    def error(self, element: str, code: str) -> None:
        self.story.execution.fail(self.story.token(element), code, "")
        self.story.settle()

    def message(self, name: str, payload: Mapping[str, Any]) -> None:
        self._fire("message", name, payload, 1)

    def signal(self, name: str, payload: Mapping[str, Any]) -> None:
        self._fire("signal", name, payload, 1000)

    def _fire(self, kind: str, name: str, payload: Mapping[str, Any], most: int) -> None:
        found = [wait.at.token for wait in self.story.waits(kind) if wait.name == name]
        assert found or most > 1, f"nobody waits for {name}: {self.open}"
        for token in found[:most]:
            self.story.execution.fire(token, values(payload))
            self.story.settle()

    def wait(self, time: timedelta) -> None:
        self.story.wait(seconds=time.total_seconds())

    def set(self, values: Mapping[str, Any]) -> None:
        self.story.set(**values)

    @property
    def open(self) -> list[str]:
        return self.story.open

    @property
    def state(self) -> str:
        return self.story.execution.state

    @property
    def ends(self) -> str:
        ends = self.story.ended
        return ends[-1] if ends else ""

    @property
    def flows(self) -> Counter[str]:
        return Counter(flow for left in self.story.of(ElementLeft) for flow in left.took)

    @property
    def trace(self) -> list[str]:
        return [left.at.element_id for left in self.story.of(ElementLeft)]

    def value(self, name: str) -> Any:
        return self.story[name]
