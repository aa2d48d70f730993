"""Timers: a wake-up that finds nothing due, and one that finds 5,000."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter

from bench.crowd import add_crowd
from bench.diagrams import alarm
from bench.figure import Figure, ms
from bench.floor import Floor
from bench.system import Commits, complete, open_task, opened, start
from engine.clock import MovedClock
from engine.engine import Engine

_WAITING = 100_000
_DUE = 5_000
_TURNS = 200
_MORNING = datetime(2026, 3, 2, 7, tzinfo=UTC)


def idle(kind: str) -> dict[str, Figure]:
    """A wake-up with 100,000 timers waiting and none due, against an empty table."""
    with opened(kind, MovedClock(_MORNING)) as empty, opened(kind, MovedClock(_MORNING)) as waiting:
        add_crowd(waiting, _asleep(waiting), _WAITING)
        empty.tick(), waiting.tick()
        none, many = [], []
        for _ in range(_TURNS):
            none.append(_tick(empty))
            many.append(_tick(waiting))
    seen = f"{ms(median(many))} against {ms(median(none))}"
    return {"wake_up_with_nothing_due": Figure(median(many) / median(none), 2, "x an empty table", seen)}


def due(kind: str) -> dict[str, Figure]:
    """5,000 timers due at once until their tasks are in the inboxes, per timer, one bare durable commit taken off."""
    clock = MovedClock(_MORNING)
    with opened(kind, clock) as engine:
        add_crowd(engine, _asleep(engine), _DUE - 1)
        commits, floor = Commits(engine), Floor("alarm", alarm())
        clock.move_to(_MORNING + timedelta(hours=2))
        fired = 0
        started = perf_counter()
        while count := engine.timers.fire_due():
            fired += count
        mine = (perf_counter() - started) / fired
        assert fired == _DUE
        theirs = floor.wake(_TURNS, commits.one)
    other, commit = median(theirs), median(commits.took)
    seen = f"{ms(mine)} against {ms(other)} and a commit of {ms(commit)}"
    return {"a_timer_of_5000_due": Figure((mine - commit) / other, 6, "x floor, one durable commit taken off", seen)}


def _asleep(engine: Engine) -> int:
    """An instance whose tasks before the timer are done."""
    instance_id = start(engine, "alarm")
    following: int | None = open_task(engine, instance_id)
    while following is not None:
        _, following = complete(engine, following)
    return instance_id


def _tick(engine: Engine) -> float:
    started = perf_counter()
    engine.tick()
    return perf_counter() - started
