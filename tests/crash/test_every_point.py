"""One story, broken off at each point round a commit in turn: whoever goes on finds all, and it ends as if never so.

The points are those of `Machinery.fault`: before and after each commit, before each delivery.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.clock import MovedClock
from engine.engine import SYSTEM, Engine
from engine.errors import Conflict
from engine.settings import Settings
from engine.store.schema.running import process_instance
from engine.views import Actor, CalendarException, InboxFilter
from tests.crash.practice import FILES
from tests.databases import new_database
from tests.engine.runtime.office import MONDAY

ANN = Actor("ann")
Course = tuple[tuple[tuple[str, str], ...], ...]


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

    def begin(self) -> None:
        self.engine.migrate()
        self.engine.deployments.deploy(FILES, SYSTEM)
        self.engine.people.create("ann", "Ann", "", ["clerk"], SYSTEM)

    def told(self) -> Course:
        self._do(lambda: self.engine.instances.start("loan", {}, ANN, submission="s1"))
        self._complete("enter", "s2", amount="5")
        self._wait(seconds=1)
        self._complete("look", "s3", more="true")
        self._complete("enter", "s4", amount="6")
        self._do(lambda: self.engine.instances.hold(self._instances()[0], "why", None, SYSTEM))
        self._wait(hours=1)
        self._do(lambda: self.engine.instances.resume(self._instances()[0], SYSTEM))
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
        self._do(lambda: self.engine.tick())  # noqa: PLW0108 (by then it may be another engine)

    def _instances(self) -> list[int]:
        with self.engine.machinery.database.reading() as connection:
            return list(connection.execute(select(process_instance.c.id).order_by(process_instance.c.id)).scalars())

    def _course(self) -> Course:
        """What happened to each instance, in order."""
        rows = [self.engine.history.rows(each) for each in self._instances()]
        return tuple(tuple((row.kind, row.element_id) for row in found) for found in rows)


def tell(kind: str, directory: Path, server: str, at: int) -> tuple[Course, int]:
    """The story on a database of its own; on SQLite a copy of the one that was made first, since that is quicker."""
    directory.mkdir()
    made = directory.parent / "made.sqlite3"
    with new_database(kind, directory, server) as url:
        if made.exists():
            shutil.copy(made, directory / "test.sqlite3")
        story = Story(url, directory / "files", at)
        try:
            if not made.exists():
                story.begin()
            return story.told(), story.passed
        finally:
            story.engine.close()


def broken_off_everywhere(kind: str, directory: Path, server: str) -> None:
    if kind == "sqlite":
        first = Story(f"sqlite:///{directory / 'made.sqlite3'}", directory, 0)
        first.begin()
        first.engine.close()
    whole, points = tell(kind, directory / "whole", server, 0)
    assert points > 40
    assert [each[-1] for each in whole] == [("ended", "")] * 3
    for at in range(1, points + 1):
        course, _ = tell(kind, directory / str(at), server, at)
        assert course == whole, f"broken off at point {at}"


def test_it_ends_the_same_wherever_it_was_broken_off(tmp_path: Path) -> None:
    broken_off_everywhere("sqlite", tmp_path, "")


@pytest.mark.soak
def test_so_it_does_on_postgresql(tmp_path: Path, postgres: str) -> None:
    broken_off_everywhere("postgresql", tmp_path, postgres)
