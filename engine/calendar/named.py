"""All calendars of a deployment with the exceptions people have entered: what expressions and pages ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from engine.calendar.working import WorkingCalendar
from engine.definitions.practice import STANDARD_CALENDARS, Calendars, DayException, nearest, parse_periods
from engine.errors import Invalid
from engine.views import CalendarException


class WorkingCalendars:
    """The calendars by name. An exception entered for one holds for those that inherit from it, unless they have
    one of their own for that day."""

    def __init__(self, definitions: Calendars = STANDARD_CALENDARS, kept: Iterable[CalendarException] = ()) -> None:
        by_calendar: dict[str, dict[date, DayException]] = {}
        for item in kept:
            exception = DayException(item.day, parse_periods(item.periods), item.note)
            by_calendar.setdefault(item.calendar, {})[item.day] = exception
        self.default = definitions.default
        self._calendars: Mapping[str, WorkingCalendar] = {
            name: WorkingCalendar(definition, _inherited(by_calendar, (*reversed(definition.ancestors), name)))
            for name, definition in definitions.calendars.items()
        }

    def names(self) -> tuple[str, ...]:
        """The names of all calendars."""
        return tuple(self._calendars)

    def get(self, name: str = "") -> WorkingCalendar:
        """The calendar of this name, without a name the default one. Raises Invalid for an unknown name."""
        found = self._calendars.get(name or self.default)
        if found is None:
            raise Invalid(
                "There is no calendar %(name)s. Use one of: %(known)s.%(guess)s",
                name=name,
                known=", ".join(self._calendars),
                guess=nearest(name, self.names()),
            )
        return found


def _inherited(
    by_calendar: Mapping[str, Mapping[date, DayException]], names: Iterable[str]
) -> dict[date, DayException]:
    found: dict[date, DayException] = {}
    for name in names:
        found.update(by_calendar.get(name, {}))
    return found
