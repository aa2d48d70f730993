"""Arithmetic on working time. Pure: a calendar is given, the time is given, nothing is read.

Moments are compared and subtracted in UTC, so that a change to summer time neither adds nor loses work; answers are in
the calendar's zone. Work is counted span by span, never minute by minute.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.calendar.days import DayView, Span, WorkingDays
from engine.definitions.practice import CalendarDefinition, DayException
from engine.errors import Invalid

_ZERO = timedelta()
_ONE_DAY = timedelta(days=1)
_LONGEST_PAUSE = 1500
"""Days without any work after which a calendar counts as one that is never worked."""
MOST_DAYS = 100_000
"""No deadline is further away than this many working days (about 270 years)."""


class WorkingCalendar:
    """A named calendar with its exceptions. Moments are aware datetimes, days are local dates of its zone."""

    def __init__(self, definition: CalendarDefinition, kept: Mapping[date, DayException] | None = None) -> None:
        self.id = definition.id
        self.zone: ZoneInfo = definition.zone
        self._days = WorkingDays(definition, kept or {})

    def view(self, day: date) -> DayView:
        """The hours of a day and why they are so."""
        return self._days.view(day)

    # --- working time -----------------------------------------------------------------------------------------

    def is_work_time(self, at: datetime) -> bool:
        """Whether work goes on at this moment; the end of a shift no longer counts."""
        return next(self._forward(at)).start <= at

    def next_start(self, at: datetime) -> datetime:
        """The first moment of work not before `at`."""
        return self._local(max(next(self._forward(at)).start, _utc(at)))

    def add(self, at: datetime, work: timedelta) -> datetime:
        """The earliest moment by which so much has been worked since `at`; for nothing, the next moment of work.

        A negative amount goes back: the latest moment from which so much is worked until `at`.
        """
        if work < _ZERO:
            return self._subtract(at, -work)
        for span in self._forward(at):
            start = max(span.start, _utc(at))
            if work <= span.end - start:
                return self._local(start + work)
            work -= span.end - start
        raise AssertionError("unreachable")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much is worked from `start` to `end`; negative when `end` is before `start`."""
        start, end = _utc(start), _utc(end)
        if end < start:
            return -self.between(end, start)
        self._check_distance(self._day(start), self._day(end))
        total = _ZERO
        day, last = self._day(start) - _ONE_DAY, self._day(end)
        while day <= last:
            for span in self._days.spans(day):
                total += max(min(span.end, end) - max(span.start, start), _ZERO)
            day += _ONE_DAY
        return total

    def _subtract(self, at: datetime, work: timedelta) -> datetime:
        for span in self._backward(at):
            end = min(span.end, _utc(at))
            if work <= end - span.start:
                return self._local(end - work)
            work -= end - span.start
        raise AssertionError("unreachable")

    # --- working days -----------------------------------------------------------------------------------------

    def is_work_day(self, day: date) -> bool:
        """Whether anything is worked on this day."""
        return bool(self._days.view(day).periods)

    def day_of(self, at: datetime) -> date:
        """The working day a moment belongs to: a night shift belongs to the day it starts on."""
        span = next(self._forward(at))
        return span.day if span.start <= at else self._day(at)

    def add_days(self, day: date, number: int) -> date:
        """The working day that is so many after (negative: before) this day; for 0 the day itself or the next one."""
        if abs(number) > MOST_DAYS:
            raise Invalid("%(number)s working days are too many. Use at most %(most)s.", number=number, most=MOST_DAYS)
        if number == 0:
            return day if self.is_work_day(day) else self.add_days(day, 1)
        step = _ONE_DAY if number > 0 else -_ONE_DAY
        for _ in range(abs(number)):
            day = self._next_day(day, step)
        return day

    def days_between(self, start: date, end: date) -> int:
        """Working days from the day after `start` to `end`, that day included; negative when `end` is before."""
        if end < start:
            return -self.days_between(end, start)
        self._check_distance(start, end)
        return sum(self.is_work_day(start + timedelta(days=place)) for place in range(1, (end - start).days + 1))

    def same_time(self, at: datetime, number: int) -> datetime:
        """The same clock time so many working days later, moved into the hours of that day.

        Before its first hour: then; in a pause: when the pause ends; after its last hour: at the end of it.
        """
        worked = self.day_of(at)
        day = self.add_days(worked, number)
        # After midnight a night shift still belongs to the day before.
        wanted = self.at_time(day + (self._day(at) - worked), at.astimezone(self.zone).time())
        spans = self._days.spans(day)
        for span in spans:
            if wanted < span.end:
                return self._local(max(span.start, wanted))
        return self._local(spans[-1].end) if spans else self.next_start(wanted)

    def at_time(self, day: date, clock: time) -> datetime:
        """This clock time on this day in the calendar's zone."""
        return datetime.combine(day, clock.replace(tzinfo=self.zone))

    def next_time(self, at: datetime, clocks: tuple[time, ...]) -> datetime:
        """The next of these clock times on a working day, strictly after `at`."""
        day = self._day(at)
        for _ in range(_LONGEST_PAUSE):
            if self.is_work_day(day):
                for clock in sorted(clocks):
                    if (moment := self.at_time(day, clock)) > _utc(at):
                        return moment
            day += _ONE_DAY
        raise self._never(at)

    def end_of_day(self, at: datetime) -> datetime:
        """The end of the last shift of the day `at` belongs to, or of the next working day; strictly after `at`."""
        day = self.day_of(at)
        for _ in range(_LONGEST_PAUSE):
            spans = self._days.spans(day)
            if spans and spans[-1].end > at:
                return self._local(spans[-1].end)
            day += _ONE_DAY
        raise self._never(at)

    # --- half days --------------------------------------------------------------------------------------------

    def half_day(self, at: datetime) -> str | None:
        """`am` or `pm` when `at` lies within a half day (its end included, pauses within it too), else None."""
        half = self._half_before(at)
        return half.half if at <= half.end else None

    def half_day_start(self, at: datetime) -> datetime:
        """The start of the half day that contains `at` or last began before it."""
        return self._local(self._half_before(at).start)

    def half_day_end(self, at: datetime) -> datetime:
        """The end of the half day that contains `at` or last began before it."""
        return self._local(self._half_before(at).end)

    def end_of_half_day(self, at: datetime) -> datetime:
        """The end of this half day, else of the next one; strictly after `at`."""
        return self._local(next(half for half in self._halves(at) if half.end > at).end)

    def next_half_day(self, at: datetime) -> datetime:
        """The start of the next half day, strictly after `at`."""
        return self._local(next(half for half in self._halves(at) if half.start > at).start)

    def half_days_between(self, start: datetime, end: datetime) -> int:
        """How many half days begin after `start` and not after `end`."""
        count, day, last = 0, self._day(start) - _ONE_DAY, self._day(end)
        self._check_distance(day, last)
        while day <= last:
            count += sum(start < half.start <= end for half in self._half_days(day))
            day += _ONE_DAY
        return count

    def _half_days(self, day: date) -> list[Span]:
        found: list[Span] = []
        for span in self._days.spans(day):
            if found and found[-1].half == span.half:
                found[-1] = Span(found[-1].start, span.end, day, span.half)
            else:
                found.append(span)
        return found

    def _halves(self, at: datetime) -> Iterator[Span]:
        day = self._day(at) - _ONE_DAY
        for _ in range(_LONGEST_PAUSE):
            yield from self._half_days(day)
            day += _ONE_DAY
        raise self._never(at)

    def _half_before(self, at: datetime) -> Span:
        day = self._day(at)
        for _ in range(_LONGEST_PAUSE):
            for half in reversed(self._half_days(day)):
                if half.start <= at:
                    return half
            day -= _ONE_DAY
        raise self._never(at)

    # --- walking ----------------------------------------------------------------------------------------------

    def _forward(self, at: datetime) -> Iterator[Span]:
        """The spans that end after `at`, in order, without end. A night shift of the day before may reach into it."""
        day, idle = self._day(at) - _ONE_DAY, 0
        while idle < _LONGEST_PAUSE:
            idle += 1
            for span in self._days.spans(day):
                if span.end > at:
                    idle = 0
                    yield span
            day += _ONE_DAY
        raise self._never(at)

    def _backward(self, at: datetime) -> Iterator[Span]:
        day, idle = self._day(at), 0
        while idle < _LONGEST_PAUSE:
            idle += 1
            for span in reversed(self._days.spans(day)):
                if span.start < at:
                    idle = 0
                    yield span
            day -= _ONE_DAY
        raise self._never(at)

    def _next_day(self, day: date, step: timedelta) -> date:
        for _ in range(_LONGEST_PAUSE):
            day += step
            if self.is_work_day(day):
                return day
        raise self._never(datetime.combine(day, time(), tzinfo=self.zone))

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    @staticmethod
    def _check_distance(start: date, end: date) -> None:
        if (end - start).days > 4 * MOST_DAYS:
            raise Invalid("From %(start)s to %(end)s is too far to count.", start=start, end=end)

    def _never(self, at: datetime) -> Invalid:
        return Invalid(
            "Calendar %(calendar)s has no working time near %(at)s. Add hours to its week in calendar.yaml.",
            calendar=self.id,
            at=at.isoformat(),
        )


def _utc(at: datetime) -> datetime:
    """Python compares and subtracts two moments of one zone by their clock times: wrong at a change of time."""
    return at.astimezone(UTC)
