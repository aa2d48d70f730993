"""`downtime(from, to)`: how long no engine was running, as the heartbeats of all of them tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest

from engine.clock import MovedClock
from engine.engine import Engine
from tests.engine.runtime.office import MONDAY, Office

HOUR = timedelta(hours=1)


@contextmanager
def another(office: Office, at: datetime) -> Iterator[Engine]:
    """An engine on the same database that begins to run at this moment."""
    engine = Engine.open(office.settings, MovedClock(at))
    engine.beat()
    yield engine
    engine.close()


def run(office: Office, engine: Engine, *moments: datetime) -> None:
    for moment in moments:
        engine.machinery.clock.move_to(moment)  # type: ignore[attr-defined]
        engine.beat()


def asked(engine: Engine, start: datetime, end: datetime) -> object:
    names = (f'date and time("{each:%Y-%m-%dT%H:%M:%SZ}")' for each in (start, end))
    return engine.value(f"downtime({', '.join(names)})")


@pytest.fixture
def running(office: Office) -> Engine:
    """An engine that runs from Monday at midnight to two o'clock."""
    run(office, office.engine, MONDAY, MONDAY + HOUR, MONDAY + 2 * HOUR)
    return office.engine


def test_who_runs_all_the_time_was_never_down(office: Office, running: Engine) -> None:
    assert asked(running, MONDAY, MONDAY + 2 * HOUR) == timedelta()


@pytest.mark.parametrize(
    ("start", "end", "down"),
    [(0, 6, 3), (0, 4, 2), (3, 4, 1), (0, 2, 0), (5, 6, 0), (4, 6, 1)],
)
def test_from_the_last_beat_to_the_next_start_it_was_down(
    office: Office, running: Engine, start: int, end: int, down: int
) -> None:
    with another(office, MONDAY + 5 * HOUR) as later:
        run(office, later, MONDAY + 6 * HOUR)
        assert asked(later, MONDAY + start * HOUR, MONDAY + end * HOUR) == down * HOUR


def test_while_another_engine_runs_it_is_not_down(office: Office, running: Engine) -> None:
    with another(office, MONDAY + HOUR) as other, another(office, MONDAY + 5 * HOUR) as later:
        run(office, other, MONDAY + 5 * HOUR)
        assert asked(later, MONDAY, MONDAY + 5 * HOUR) == timedelta()


def test_a_clock_that_is_set_back_takes_nothing_back(office: Office, running: Engine) -> None:
    run(office, running, MONDAY + HOUR)
    with another(office, MONDAY + 3 * HOUR) as later:
        assert asked(later, MONDAY, MONDAY + 3 * HOUR) == HOUR
