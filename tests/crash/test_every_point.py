"""One story, broken off at each point round a commit in turn: whoever goes on finds all, and it ends as if never so.

The points are those of `Machinery.fault`: before and after each commit, before each delivery.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.clock import MovedClock
from engine.engine import SYSTEM, Engine
from engine.errors import Conflict
from engine.settings import Settings
from engine.views import Actor, CalendarException, InboxFilter
from tests.crash.practice import FILES
from tests.databases import empty_database
from tests.engine.runtime.office import MONDAY

ANN = Actor("ann")
Course = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


class Broken(BaseException):
    """The process is gone."""


class Story:
    """Tells the story on one database, broken off at the `at`-th point; it then goes on with another engine."""

    def __init__(self, url: str, directory: Path, at: int) -> None:
        self._settings = Settings(url, directory, b"the key of the tests")
        self._clock = MovedClock(MONDAY)
        self._left = at
        self.engine = self._opened()
        self.passed = 0

    def _opened(self) -> Engine:
        engine = Engine.open(self._settings, self._clock)
        engine.machinery.fault = lambda _point: None
        return engine

    def _point(self, _point: str) -> None:
        self.passed += 1
        self._left -= 1
        if self._left == 0:
            raise Broken

    def _do(self, act: Callable[[], object]) -> None:
        """Act; when it breaks off, begin again as a server does, and act once more as a person does."""
        self.engine.machinery.fault = self._point
        try:
            act()
        except Broken:
            self.engine.close()
            self.engine = self._opened()
            self.engine.tick()
            with suppress(Conflict):  # what was done already says so, or gives its first answer
                act()
        self.engine.machinery.fault = lambda _point: None

    def told(self) -> Course:
        self.engine.migrate()
        self.engine.deployments.deploy(FILES, SYSTEM)
        self.engine.people.create("ann", "Ann", "", ["clerk"], SYSTEM)
        self._do(lambda: self.engine.instances.start("loan", {}, ANN, submission="s1"))
        self._complete("enter", "s2", amount="5")
        self._wait(seconds=1)
        self._complete("look", "s3", more="true")
        self._complete("enter", "s4", amount="6")
        self._do(lambda: self.engine.instances.hold(1, "why", None, SYSTEM))
        self._wait(hours=1)
        self._do(lambda: self.engine.instances.resume(1, SYSTEM))
        self._wait(seconds=1)
        self._wait(seconds=2)
        closed = CalendarException("default", date(2026, 3, 3), "", "closed")
        self._do(lambda: self.engine.calendar.add_exception(closed, SYSTEM))
        self._complete("look", "s5", more="false")
        self._complete("chase", "s6")
        assert self.engine.history.verify().findings == ()
        assert not self.engine.messages.shares_waiting()
        return self._course()

    def _complete(self, element: str, submission: str, **values: str) -> None:
        rows = self.engine.tasks.inbox(SYSTEM, InboxFilter(owner="all")).rows
        task = next(row.id for row in rows if row.element_id == element)
        self._do(lambda: self.engine.tasks.complete(task, values, ANN, submission=submission))

    def _wait(self, **span: float) -> None:
        self._clock.move_to(self._clock.now() + timedelta(**span))
        self._do(self.engine_tick)

    def engine_tick(self) -> None:
        self.engine.tick()

    def _course(self) -> Course:
        """What happened to each instance, in order."""
        found = []
        for instance_id in (1, 2, 3):
            rows = self.engine.history.rows(instance_id)
            found.append((str(instance_id), tuple((row.kind, row.element_id) for row in rows)))
        return tuple(found)


def tell(kind: str, directory: Path, server: str, at: int) -> tuple[Course, int]:
    directory.mkdir()
    with empty_database(kind, directory, server) as url:
        story = Story(url, directory / "files", at)
        try:
            return story.told(), story.passed
        finally:
            story.engine.close()


def broken_off_everywhere(kind: str, directory: Path, server: str) -> None:
    whole, points = tell(kind, directory / "whole", server, 0)
    assert points > 40
    assert [each[1][-1] for each in whole] == [("ended", "")] * 3
    for at in range(1, points + 1):
        course, _ = tell(kind, directory / str(at), server, at)
        assert course == whole, f"broken off at point {at}"


def test_it_ends_the_same_wherever_it_was_broken_off(tmp_path: Path) -> None:
    broken_off_everywhere("sqlite", tmp_path, "")


@pytest.mark.soak
def test_so_it_does_on_postgresql(tmp_path: Path, postgres: str) -> None:
    broken_off_everywhere("postgresql", tmp_path, postgres)
