"""Which hours are worked on which day: week, holidays, make-up days and exceptions laid over one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import holidays

from engine.definitions.practice import CalendarDefinition, DayException, Periods


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of work: moments in UTC, the day it belongs to, and its half day (`am` or `pm`)."""

    start: datetime
    end: datetime
    day: date
    half: str


@dataclass(frozen=True, slots=True)
class DayView:
    """A day as a calendar page shows it: its hours, and why they are not those of the week (empty: they are)."""

    day: date
    periods: Periods
    reason: str


class WorkingDays:
    """The days of one calendar. Thread-safe: what is remembered is only ever computed again to the same.

    Order of precedence: exceptions kept in the database, exceptions of the file, official make-up days, holidays, week.
    """

    def __init__(self, definition: CalendarDefinition, kept: Mapping[date, DayException]) -> None:
        self.definition = definition
        self._exceptions = {**definition.exceptions, **kept}
        self._spans: dict[date, tuple[Span, ...]] = {}

    def view(self, day: date) -> DayView:
        """The hours of a day and their reason."""
        found = self._exceptions.get(day)
        if found is not None:
            return DayView(day, found.periods, found.note or "exception")
        free, makeup = official_days(self.definition.holidays, day.year)
        if day in makeup and self.definition.makeup:
            return DayView(day, self.definition.makeup, "make-up day")
        if day in free:
            return DayView(day, (), free[day])
        return DayView(day, self.definition.week[day.weekday()], "")

    def spans(self, day: date) -> tuple[Span, ...]:
        """The stretches of work that belong to a day, in order, none overlapping one of the day before."""
        found = self._spans.get(day)
        if found is None:
            before = [span.end for span in self._stretches(day - timedelta(days=1))]
            found = tuple(_after(span, max(before, default=span.start)) for span in self._stretches(day))
            found = tuple(span for span in found if span.start < span.end)
            self._spans[day] = found
        return found

    def _stretches(self, day: date) -> list[Span]:
        noon = self.definition.noon
        return [
            Span(
                self._moment(day, period.start),
                self._moment(day, period.end),
                day,
                "am" if period.start < noon else "pm",
            )
            for period in self.view(day).periods
        ]

    def _moment(self, day: date, minutes: int) -> datetime:
        days, rest = divmod(minutes, 24 * 60)
        wall = time(rest // 60, rest % 60, tzinfo=self.definition.zone)
        return datetime.combine(day + timedelta(days=days), wall).astimezone(UTC)


def _after(span: Span, moment: datetime) -> Span:
    return span if span.start >= moment else Span(moment, span.end, span.day, span.half)


@lru_cache(maxsize=1024)
def official_days(country: str, year: int) -> tuple[Mapping[date, str], frozenset[date]]:
    """Public holidays with their names and the official make-up working days of a country's year.

    A fresh object of the package for each year: its own filling of years is not safe between threads.
    """
    if not country:
        return {}, frozenset()
    code, _, part = country.partition("-")
    found = holidays.country_holidays(code, subdiv=part or None, years=year, expand=False, language="zh_CN")
    makeup = frozenset(day for day in getattr(found, "weekend_workdays", ()) if day.year == year)
    return {day: str(name) for day, name in found.items() if day.year == year}, makeup
