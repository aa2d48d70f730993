"""Where stories begin: an engine on a database of its own with everything that is given.

Most stories of a practice are given the same. That beginning is made once, in memory or in a place of its own on
PostgreSQL, and put back for each of them, so that a story costs what it does and not what was there before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from types import TracebackType
from zoneinfo import ZoneInfo

from engine.clock import MovedClock
from engine.engine import Engine
from engine.expressions import Function
from engine.runtime.deployed import readings
from engine.runtime.deployed.library import Library
from engine.runtime.deployed.practice import Practice
from engine.runtime.unit.machinery import Machinery
from engine.scenarios.changing import practice_given
from engine.scenarios.given import Given
from engine.scenarios.moments import Moment
from engine.scenarios.templates import Scope
from engine.scenarios.world import SYSTEM, World
from engine.settings import Settings
from engine.store.connect import Database
from engine.store.migrate import upgrade
from engine.store.scratch import Held, held_by, place_in, put_back

_FIRST_DAY = (2026, 11, 2, 9, 0)
"""A Monday, nine in the morning where the practice works."""
_MOST_KEPT = 4
_MEMORY = "sqlite://"


@contextmanager
def world_of(given: Given, practice: Mapping[str, bytes], settings: Settings) -> Iterator[World]:
    """A world on the empty database of the settings, closed at the end."""
    world = _begun(given, practice, settings)
    try:
        yield world
    finally:
        world.engine.close()


@dataclass(frozen=True)
class _Kept:
    """A beginning: the open database, its address and what it held, the clock, the practice as parsed."""

    database: Database
    address: str
    closing: ExitStack
    held: Held
    now: datetime
    files: Mapping[str, bytes]
    parsed: Practice


class Beginnings:
    """Worlds for the stories of one practice, in memory or on the PostgreSQL server at `database`. What stories have in
    common is made once."""

    def __init__(self, practice: Mapping[str, bytes], database: str = "") -> None:
        self._practice = practice
        self._database = database or _MEMORY
        self._kept: dict[Given, _Kept] = {}

    def __enter__(self) -> Beginnings:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in self._kept.values():
            each.closing.close()

    def world(self, given: Given, settings: Settings) -> World:
        """A world that begins with what is given; it is good until the next one is asked for."""
        kept = self._kept.get(given) or self._keep(given, settings)
        put_back(kept.database, kept.held)
        clock = MovedClock(kept.now)
        library = Library(kept.database)
        library.keep(kept.parsed)
        own = replace(settings, database_url=kept.address)
        return World(Engine(Machinery(kept.database, clock, own, library)), clock, own, kept.files)

    def _keep(self, given: Given, settings: Settings) -> _Kept:
        if len(self._kept) >= _MOST_KEPT:
            self._kept.pop(next(iter(self._kept))).closing.close()
        with ExitStack() as closing:
            address = closing.enter_context(place_in(self._database))
            world = _begun(given, self._practice, replace(settings, database_url=address))
            database = world.engine.machinery.database
            closing.callback(database.close)
            parsed = world.engine.deployments.current()
            held = held_by(database)
            kept = _Kept(database, address, closing.pop_all(), held, world.clock.now(), world.practice, parsed)
        self._kept[given] = kept
        return kept


@cache
def _tables() -> Held:
    """The tables of this release with nothing in them, in memory."""
    database = Database(_MEMORY)
    upgrade(database)
    held = held_by(database)
    database.close()
    return held


def _begun(given: Given, practice: Mapping[str, bytes], settings: Settings) -> World:
    files = practice_given(practice, given)
    clock = MovedClock(_beginning(given.now, files))
    engine = Engine.open(settings, clock)
    try:
        if settings.database_url == _MEMORY:
            put_back(engine.machinery.database, _tables())
        else:
            engine.migrate()
        engine.deployments.deploy(files, SYSTEM)
        world = World(engine, clock, settings, files)
        if given.now is not None and _needs_practice(given.now):
            clock.move_to(given.now.at(world.scope()))
        world.begin(given)
    except BaseException:
        engine.close()
        raise
    return world


def _beginning(now: Moment | None, files: Mapping[str, bytes]) -> datetime:
    """The moment of the first deployment: where the story begins, so that no timer is behind it."""
    calendars = readings.surroundings(files)[0].calendars
    zone = calendars.calendars[calendars.default].zone
    first = datetime(*_FIRST_DAY, tzinfo=zone)
    return first if now is None or _needs_practice(now) else now.at(Scope({}, _Early(first, zone)))


def _needs_practice(now: Moment) -> bool:
    """Whether a moment is computed on the calendar, which is there only once the practice is deployed."""
    return now.working is not None or now.formula is not None


@dataclass(frozen=True)
class _Early:
    """What is known before the practice is deployed."""

    first: datetime
    place: ZoneInfo

    def now(self) -> datetime:
        return self.first

    def zone(self) -> ZoneInfo:
        return self.place

    @property
    def functions(self) -> Mapping[str, Function]:
        return {}
