"""The verbs of the calendar: exceptions people enter, and questions pages ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from engine.calendar import DayView, WorkingCalendar, WorkingCalendars
from engine.definitions.practice import parse_periods
from engine.errors import Invalid, NotFound
from engine.runtime.unit.administration import ADMINISTER, acting_as, require, tell
from engine.runtime.unit.machinery import Machinery
from engine.store import calendar, lookups, timers
from engine.store.connect import Connection
from engine.views import Actor, CalendarException

T = TypeVar("T")
MOST_DAYS = 400


class Calendar:
    """Working time as deployed and as corrected by people.

    `changed` is called right after a change is committed: open due times are computed again. That they have to be is
    noted with the change itself, so that it happens whatever comes between.
    """

    def __init__(self, machinery: Machinery, changed: Callable[[], object] | None = None) -> None:
        self._machinery = machinery
        self._changed = changed

    def zone(self) -> ZoneInfo:
        """The zone of the default calendar, in which dates and clock times are meant."""
        return self._ask(lambda calendars: calendars.get().zone)

    def working(self, name: str = "") -> WorkingCalendar:
        """A calendar as it is now, to ask of it what a page needs many times over: one read for all of it."""
        return self._ask(lambda calendars: calendars.get(name))

    def work_days_between(self, start: date, end: date, name: str = "") -> int:
        """Working days from the day after `start` to `end`; negative when `end` is before."""
        return self._ask(lambda calendars: calendars.get(name).days_between(start, end))

    def days(self, first: date, last: date, name: str = "") -> tuple[DayView, ...]:
        """The days of a span with their hours and why they are so (at most 400)."""
        if not timedelta(0) <= last - first <= timedelta(days=MOST_DAYS):
            raise Invalid("A span of 0 to %(most)d days is shown.", most=MOST_DAYS)

        def work(calendars: WorkingCalendars) -> tuple[DayView, ...]:
            found: WorkingCalendar = calendars.get(name)
            return tuple(found.view(first + timedelta(days=place)) for place in range((last - first).days + 1))

        return self._ask(work)

    def names(self) -> tuple[str, ...]:
        """The names of all calendars, the default one first."""
        return self._ask(
            lambda calendars: (calendars.default, *(name for name in calendars.names() if name != calendars.default))
        )

    def exceptions(self) -> tuple[CalendarException, ...]:
        """What people have entered, by calendar and day."""
        return self._machinery.read(
            lambda connection: tuple(
                CalendarException(row.calendar, row.day, row.periods, row.note)
                for row in lookups.calendar_exceptions(connection)
            )
        )

    def add_exception(self, exception: CalendarException, actor: Actor) -> None:
        """Enter a day off (no periods) or a day with its own hours; without a calendar's name for the default one."""
        try:
            periods = ",".join(str(period) for period in parse_periods(exception.periods))
        except ValueError as error:
            raise Invalid(
                "%(periods)s are no hours. Write them as 08:00-12:00,13:30-17:30; nothing means a day off.",
                periods=exception.periods,
            ) from error

        def work(connection: Connection) -> None:
            name = self._known(connection, exception.calendar)
            row = {"calendar": name, "day": exception.day, "periods": periods, "note": exception.note.strip()}
            stamp = {"created_by": actor.user_id, "created_at": self._machinery.clock.now()}
            calendar.put(connection, {**row, **stamp})
            self._tell(connection, "calendar-exception-added", actor, name, exception.day, periods)

        self._change(work)

    def remove_exception(self, name: str, day: date, actor: Actor) -> None:
        """Take an exception away: the day is again what file, holidays and week say. Raises NotFound."""

        def work(connection: Connection) -> None:
            known = self._known(connection, name)
            if not calendar.remove(connection, known, day):
                raise NotFound("There is no exception on %(day)s in %(calendar)s.", day=day, calendar=known)
            self._tell(connection, "calendar-exception-removed", actor, known, day, "")

        self._change(work)

    def _tell(self, connection: Connection, kind: str, actor: Actor, name: str, day: date, periods: str) -> None:
        acting = acting_as(self._machinery, connection, actor)
        require(acting, ADMINISTER)
        tell(self._machinery, connection, kind, acting, name, {"day": day, "periods": periods})

    def _change(self, work: Callable[[Connection], None]) -> None:
        def noted(connection: Connection) -> None:
            work(connection)
            timers.note_calendar(connection, self._machinery.clock.now())

        self._machinery.write(noted)
        if self._changed is not None:
            self._changed()

    def _known(self, connection: Connection, name: str) -> str:
        return self._calendars(connection).get(name).id

    def _ask(self, question: Callable[[WorkingCalendars], T]) -> T:
        return self._machinery.read(lambda connection: question(self._calendars(connection)))

    def _calendars(self, connection: Connection) -> WorkingCalendars:
        practice = self._machinery.library.latest(connection)
        return WorkingCalendars() if practice is None else self._machinery.library.calendars(connection, practice)
