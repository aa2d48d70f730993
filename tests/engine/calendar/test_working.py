"""Working time as the policy has it: half days, holidays, make-up days, exceptions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.calendar import WorkingCalendar, WorkingCalendars
from engine.definitions.practice import Calendars, read_surroundings
from engine.errors import Invalid
from engine.views import CalendarException

FILE = """
default: company
calendars:
  company:
    zh: 公司
    en: Company
    zone: Asia/Shanghai
    holidays: CN
    makeup: ["08:00-12:00", "13:30-17:30"]
    week: {mon: &day ["08:00-12:00", "13:30-17:30"], tue: *day, wed: *day, thu: *day, fri: *day, sat: *day, sun: []}
    exceptions:
      - {day: 2026-12-01, periods: ["08:00-12:00"], note: half day}
  night:
    zh: 夜班
    en: Night
    inherits: company
    week: {mon: ["22:00-06:00"]}
  never:
    zh: 无
    en: Never
    zone: Asia/Shanghai
    week: {}
"""
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def calendars() -> Calendars:
    around, findings = read_surroundings({"calendar.yaml": FILE.encode()})
    assert [finding for finding in findings if finding.file == "calendar.yaml"] == []
    return around.calendars


@pytest.fixture(scope="module")
def company(calendars: Calendars) -> WorkingCalendar:
    return WorkingCalendars(calendars).get()


@pytest.fixture(scope="module")
def night(calendars: Calendars) -> WorkingCalendar:
    return WorkingCalendars(calendars).get("night")


def at(text: str) -> datetime:
    """`25 16:00` is that day of November 2026, a Wednesday the 25th; a longer text is an ISO moment."""
    text = f"2026-11-{text}" if len(text) < 10 else text
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("25 08:00", 4, "25 12:00"),
        ("25 13:30", 4, "25 17:30"),
        ("25 16:00", 4, "26 10:30"),
        ("25 12:30", 1, "25 14:30"),
        ("28 16:30", 2, "30 09:00"),  # Saturday is worked, Sunday is not
        ("29 10:00", 0, "30 08:00"),
        ("26 10:30", -4, "25 16:00"),
        ("30 08:00", -1, "28 16:30"),
        ("2026-09-30 17:00", 1, "2026-10-08 08:30"),  # National Day, with the days off that were made up for
        ("2026-09-19 17:00", 1, "2026-09-20 08:30"),  # Sunday 20 September 2026 is an official make-up day
    ],
)
def test_working_hours_pass_only_in_working_time(company: WorkingCalendar, start: str, hours: int, end: str) -> None:
    assert company.add(at(start), timedelta(hours=hours)) == at(end)


def test_working_time_between_is_negative_backwards(company: WorkingCalendar) -> None:
    assert company.between(at("25 16:00"), at("26 10:30")) == timedelta(hours=4)
    assert company.between(at("26 10:30"), at("25 16:00")) == timedelta(hours=-4)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("25 15:00", 1, "26 15:00"),
        ("28 15:00", 1, "30 15:00"),
        ("25 20:00", 1, "26 17:30"),
        ("25 12:30", 1, "26 13:30"),
        ("25 07:00", 1, "26 08:00"),
        ("29 10:00", 1, "30 10:00"),
        ("29 10:00", 0, "30 10:00"),
        ("30 15:00", 1, "2026-12-01 12:00"),
        ("30 15:00", -1, "28 15:00"),
    ],
)
def test_working_days_keep_the_clock_time_within_the_hours_of_the_day(
    company: WorkingCalendar, start: str, days: int, end: str
) -> None:
    assert company.same_time(at(start), days) == at(end)


def test_working_days_are_counted_from_the_day_after_to_the_day_itself(company: WorkingCalendar) -> None:
    assert company.days_between(date(2026, 11, 25), date(2026, 11, 30)) == 4
    assert company.days_between(date(2026, 11, 30), date(2026, 11, 25)) == -4
    assert company.days_between(date(2026, 11, 28), date(2026, 11, 29)) == 0
    assert company.add_days(date(2026, 11, 25), 4) == date(2026, 11, 30)
    assert company.add_days(date(2026, 11, 30), -4) == date(2026, 11, 25)
    assert company.add_days(date(2026, 11, 29), 0) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("moment", "half", "next_start", "end", "start_before"),
    [
        ("25 07:00", None, "25 08:00", "25 12:00", "24 13:30"),
        ("25 08:00", "am", "25 13:30", "25 12:00", "25 08:00"),
        ("25 12:00", "am", "25 13:30", "25 17:30", "25 08:00"),
        ("25 12:30", None, "25 13:30", "25 17:30", "25 08:00"),
        ("25 17:30", "pm", "26 08:00", "26 12:00", "25 13:30"),
        ("28 20:00", None, "30 08:00", "30 12:00", "28 13:30"),
    ],
)
def test_half_days(
    company: WorkingCalendar, moment: str, half: str | None, next_start: str, end: str, start_before: str
) -> None:
    assert company.half_day(at(moment)) == half
    assert company.next_half_day(at(moment)) == at(next_start)
    assert company.end_of_half_day(at(moment)) == at(end)
    assert company.half_day_start(at(moment)) == at(start_before)


def test_a_day_worked_in_the_morning_only_has_one_half_day(company: WorkingCalendar) -> None:
    assert company.next_half_day(at("2026-12-01 08:00")) == at("2026-12-02 08:00")
    assert company.half_days_between(at("30 08:00"), at("2026-12-02 08:00")) == 3
    assert company.end_of_day(at("2026-12-01 09:00")) == at("2026-12-01 12:00")


def test_end_of_day_and_clock_times_lie_strictly_later_so_that_a_cycle_goes_on(company: WorkingCalendar) -> None:
    assert company.end_of_day(at("25 17:29")) == at("25 17:30")
    assert company.end_of_day(at("25 17:30")) == at("26 17:30")
    assert company.end_of_day(at("29 10:00")) == at("30 17:30")
    assert company.next_time(at("25 11:00"), (time(16), time(11))) == at("25 16:00")
    assert company.next_time(at("28 16:00"), (time(11), time(16))) == at("30 11:00")


def test_a_night_shift_belongs_to_the_day_it_starts_on(night: WorkingCalendar) -> None:
    assert night.day_of(at("2026-12-01 02:00")) == date(2026, 11, 30)
    assert night.add(at("30 23:00"), timedelta(hours=4)) == at("2026-12-01 03:00")
    assert night.end_of_day(at("2026-12-01 02:00")) == at("2026-12-01 06:00")
    assert night.same_time(at("2026-12-01 02:00"), -1) == at("28 17:30")
    assert night.half_day(at("2026-12-01 02:00")) == "pm"


def test_exceptions_people_enter_win_and_hold_for_calendars_that_inherit(calendars: Calendars) -> None:
    kept = [
        CalendarException("company", date(2026, 11, 25), "", "shut-down"),
        CalendarException("company", date(2026, 11, 29), "08:00-12:00", "make-up"),
        CalendarException("night", date(2026, 11, 29), "", "not the night shift"),
    ]
    named = WorkingCalendars(calendars, kept)
    assert named.get().add(at("24 17:00"), timedelta(hours=1)) == at("26 08:30")
    assert named.get().is_work_day(date(2026, 11, 29))
    assert not named.get("night").is_work_day(date(2026, 11, 29))
    assert not named.get("night").is_work_day(date(2026, 11, 25))
    assert named.get().view(date(2026, 11, 25)).reason == "shut-down"


def test_a_calendar_that_is_never_worked_says_so(calendars: Calendars) -> None:
    never = WorkingCalendars(calendars).get("never")
    for ask in (
        lambda: never.add(at("25 08:00"), timedelta(hours=1)),
        lambda: never.add(at("25 08:00"), timedelta(hours=-1)),
        lambda: never.add_days(date(2026, 11, 25), 1),
        lambda: never.end_of_day(at("25 08:00")),
        lambda: never.next_half_day(at("25 08:00")),
        lambda: never.half_day(at("25 08:00")),
        lambda: never.next_time(at("25 08:00"), (time(11),)),
    ):
        with pytest.raises(Invalid, match="Calendar never has no working time"):
            ask()


def test_an_unknown_calendar_is_refused_with_the_nearest(calendars: Calendars) -> None:
    with pytest.raises(Invalid, match=r"no calendar compny.*Did you mean company\?"):
        WorkingCalendars(calendars).get("compny")


def test_a_deadline_without_measure_is_refused(company: WorkingCalendar) -> None:
    with pytest.raises(Invalid, match="too many"):
        company.add_days(date(2026, 11, 25), 10**8)
    with pytest.raises(Invalid, match="too far"):
        company.between(at("0001-02-01 00:00"), at("9999-01-01 00:00"))
