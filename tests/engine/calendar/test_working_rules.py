"""Rules of working time that hold for all calendars, zones and moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendar import WorkingCalendar
from engine.definitions.practice import CalendarDefinition, DayException, Label, Period

ZONES = [
    ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")
]
MINUTES = st.integers(0, 30 * 60)


@st.composite
def periods(draw: st.DrawFn, least: int = 0) -> tuple[Period, ...]:
    marks = sorted(draw(st.sets(MINUTES, min_size=2 * least, max_size=6)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return tuple(Period(start, end) for start, end in pairs if start < 24 * 60)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    week = [draw(periods(least=1)), *(draw(periods()) for _ in range(6))]
    if not week[0]:
        week[0] = (Period(480, 720),)
    days = draw(st.lists(st.dates(date(2026, 3, 1), date(2026, 4, 30)), max_size=5))
    exceptions = {day: DayException(day, draw(periods()), "") for day in days}
    country = draw(st.sampled_from(["", "CN", "DE-BY"]))
    definition = CalendarDefinition(
        "any", Label(), draw(st.sampled_from(ZONES)), tuple(week), country, week[0], 720, exceptions
    )
    return WorkingCalendar(definition)


# Around the changes to summer time in all zones, and an ordinary week.
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=50)).map(lambda passed: datetime(2026, 3, 1, tzinfo=UTC) + passed)
WORK = st.timedeltas(timedelta(seconds=1), timedelta(hours=100))


@settings(max_examples=80, deadline=None)
@given(calendars(), MOMENTS, WORK)
def test_what_is_added_is_what_lies_between(calendar: WorkingCalendar, start: datetime, work: timedelta) -> None:
    start = start.astimezone(calendar.zone)
    end = calendar.add(start, work)
    assert end.astimezone(UTC) > start.astimezone(UTC)
    assert calendar.between(start, end) == work
    assert calendar.between(end, start) == -work


@settings(max_examples=80, deadline=None)
@given(calendars(), MOMENTS, WORK)
def test_going_back_is_the_mirror_of_going_on(calendar: WorkingCalendar, end: datetime, work: timedelta) -> None:
    start = calendar.add(end, -work)
    assert start < end
    assert calendar.between(start, end) == work


@settings(max_examples=80, deadline=None)
@given(calendars(), MOMENTS, WORK, WORK)
def test_later_and_more_never_end_earlier(
    calendar: WorkingCalendar, start: datetime, work: timedelta, more: timedelta
) -> None:
    end = calendar.add(start, work)
    assert calendar.add(start, work + more) > end
    assert calendar.add(start + more, work) >= end


@settings(max_examples=80, deadline=None)
@given(calendars(), MOMENTS, WORK)
def test_a_deadline_never_lands_outside_working_time(
    calendar: WorkingCalendar, start: datetime, work: timedelta
) -> None:
    end = calendar.add(start, work)
    assert calendar.is_work_time(end - timedelta(microseconds=1))
    assert calendar.is_work_time(calendar.next_start(start))
    same = calendar.same_time(start, 3)
    assert calendar.is_work_time(same) or calendar.is_work_time(same - timedelta(microseconds=1))


@settings(max_examples=80, deadline=None)
@given(calendars(), MOMENTS)
def test_schedules_go_on_strictly(calendar: WorkingCalendar, at: datetime) -> None:
    for following in (calendar.next_half_day, calendar.end_of_half_day, calendar.end_of_day):
        first = following(at)
        assert at < first < following(first)
    start, end = calendar.half_day_start(at), calendar.half_day_end(at)
    assert start <= at
    assert start < end
    assert calendar.half_days_between(at, calendar.next_half_day(at)) == 1


@settings(max_examples=80, deadline=None)
@given(calendars(), st.dates(date(2026, 1, 1), date(2026, 12, 1)), st.integers(1, 40))
def test_working_days_added_are_working_days_between(calendar: WorkingCalendar, day: date, number: int) -> None:
    after = calendar.add_days(day, number)
    assert calendar.is_work_day(after)
    assert calendar.days_between(day, after) == number
    assert calendar.add_days(after, -number) <= day or not calendar.is_work_day(day)
    assert calendar.days_between(after, day) == -number


@settings(max_examples=60, deadline=None)
@given(calendars(), MOMENTS, WORK, st.sampled_from(ZONES))
def test_the_zone_a_moment_is_written_in_does_not_matter(
    calendar: WorkingCalendar, start: datetime, work: timedelta, zone: ZoneInfo
) -> None:
    for written in (zone, calendar.zone):
        assert calendar.add(start.astimezone(written), work).astimezone(UTC) == calendar.add(start, work).astimezone(
            UTC
        )
