"""Walks through rows of history that stories do not bring about easily: moved to another version, contents removed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from engine.definitions.reader import read_bpmn
from engine.runtime.heat.drawing import Drawing, drawing_of
from engine.runtime.heat.visits import Visit, Walk, pack, unpack
from tests.engine.definitions.diagrams import definitions, flows, node, process

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)


@dataclass
class Row:
    """A row of history, `hour` hours after the morning."""

    kind: str
    element_id: str
    hour: int
    definition_id: int = 1
    token: int | None = None
    data: str | None = ""

    @property
    def at(self) -> datetime:
        return MORNING + timedelta(hours=self.hour)


class Told:
    """What a walk said."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.times: dict[str, timedelta] = {}

    def came(self, definition_id: int, id: str, at: datetime) -> None:
        self.counts["came", id] += 1

    def cancelled(self, definition_id: int, id: str, at: datetime) -> None:
        self.counts["cancelled", id] += 1

    def done(
        self, definition_id: int, id: str, at: datetime, elapsed: timedelta, working: timedelta, waiting: timedelta
    ) -> None:
        self.counts["done", id] += 1
        self.times[id] = elapsed


def drawing() -> Drawing:
    parts = (node("startEvent", "begin"), node("receiveTask", "wait"), node("userTask", "do"), node("endEvent", "end"))
    (found,) = read_bpmn(definitions(process(*parts, flows("begin wait do end"))), "p.bpmn")[0].processes
    return drawing_of(found)


def walk(told: Told) -> Walk:
    return Walk({1: drawing(), 2: drawing()}, lambda start, end: end - start, told, ())


def test_a_visit_goes_on_when_the_instance_is_moved_to_another_version() -> None:
    told = Told()
    way = walk(told)
    way.take(Row("started", "begin", 0), {"took": ["begin_wait"]})
    way.take(Row("message", "wait", 3, definition_id=2), {"took": ["wait_do"]})
    assert told.times["wait"] == timedelta(hours=3)
    assert told.counts["done", "wait"] == told.counts["came", "wait"] == 1


def test_a_task_whose_contents_were_removed_is_done_all_the_same() -> None:
    told = Told()
    way = walk(told)
    way.take(Row("task-opened", "do", 0, token=7), {})
    way.take(Row("task-completed", "do", 2, token=7, data=None), {})
    assert told.times["do"] == timedelta(hours=2)
    assert not way.visits


def test_what_still_stands_at_the_end_is_left_or_taken_away() -> None:
    for state in ("completed", "cancelled"):
        told = Told()
        way = walk(told)
        way.take(Row("task-opened", "do", 0, token=7), {})
        way.take(Row("ended", "", 1), {"state": state})
        assert told.counts["done" if state == "completed" else "cancelled", "do"] == 1
        assert way.ended


def test_visits_are_kept_as_text_and_come_back_the_same() -> None:
    visits = [Visit(1, "do", MORNING, MORNING, 7, "wait_do", True, timedelta(minutes=90, seconds=0.5))]
    assert unpack(pack(visits)) == visits
    assert unpack(pack([])) == []
