"""What clocks and calendars do to due times: summer time, leap days, a clock set back, a holiday that comes later."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.engine import SYSTEM
from engine.views import Actor, CalendarException
from tests.engine.definitions.diagrams import flows, node, timer
from tests.engine.runtime.office import MONDAY, Office, loan, user_task

ANN, HEL = Actor("ann"), Actor("hel")
BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")
BERLIN = ZoneInfo("Europe/Berlin")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _calendar(id: str, *periods: str) -> str:
    week = "".join(f"      {day}: {list(periods)}\n".replace("'", '"') for day in DAYS)
    return f"  {id}:\n    zh: {id}\n    en: {id}\n    zone: Europe/Berlin\n    week:\n{week}"


IN_BERLIN = (
    "default: default\ncalendars:\n"
    + _calendar("default", "08:00-12:00", "13:00-17:00")
    + _calendar("night", "22:00-06:00")
)


def boundary(id: str, definition: str, interrupting: bool = False) -> str:
    more = f'attachedToRef="enter" cancelActivity="{str(interrupting).lower()}"'
    return node("boundaryEvent", id, definition, more)


def with_timer(office: Office, definition: str, due: str = "", calendar: str = "") -> None:
    more = f'camunda:dueDate="{due}"' if due else ""
    files = {"calendar.yaml": calendar.encode()} if calendar else {}
    office.deploy(
        loan(BEGIN, user_task("enter", "ann", more=more), boundary("late", definition), user_task("chase", "bob"), DONE,
             flows("begin enter done", "late chase done")),
        **files,
    )  # fmt: skip


def started_at(office: Office, local: str, zone: ZoneInfo = BERLIN) -> int:
    office.clock.move_to(datetime.fromisoformat(local).replace(tzinfo=zone))
    return office.start().instance_id


def next_due(office: Office, zone: ZoneInfo = BERLIN) -> str:
    due = office.engine.timers.next_due()
    assert due is not None
    return due.astimezone(zone).strftime("%Y-%m-%d %H:%M")


TOMORROW = '${at_time("08:00", today() + duration("P1D"))}'
SATURDAY, AUTUMN = "2026-03-28 15:00", "2026-10-24 15:00"  # the night after each the clocks are moved


@pytest.mark.parametrize(
    ("definition", "start", "due"),
    [
        (timer("${work_hours(4)}"), SATURDAY, "2026-03-29 10:00"),
        (timer("${work_hours(4)}"), AUTUMN, "2026-10-25 10:00"),
        (timer("${work_hours(4, \"night\")}"), "2026-03-28 23:00", "2026-03-29 04:00"),  # two o'clock is three
        (timer("${work_hours(4, \"night\")}"), "2026-10-24 23:00", "2026-10-25 02:00"),  # it is two o'clock twice
        (timer(TOMORROW, "timeDate"), SATURDAY, "2026-03-29 08:00"),
        (timer(TOMORROW, "timeDate"), AUTUMN, "2026-10-25 08:00"),
        (timer("PT24H"), SATURDAY, "2026-03-29 16:00"),  # twenty-four hours are twenty-four hours …
        (timer("2026-03-29T02:30:00", "timeDate"), SATURDAY, "2026-03-29 03:30"),  # … and this time does not exist
        (timer("2026-10-25T02:30:00", "timeDate"), AUTUMN, "2026-10-25 02:30"),
        (timer("P1M"), "2028-01-31 09:00", "2028-02-29 09:00"),
        (timer("P1Y"), "2028-02-29 09:00", "2029-02-28 09:00"),
        (timer("${work_days(1)}"), "2028-02-28 09:00", "2028-02-29 09:00"),
    ],
)  # fmt: skip
def test_due_times_across_summer_time_and_leap_days(office: Office, definition: str, start: str, due: str) -> None:
    with_timer(office, definition, calendar=IN_BERLIN)
    started_at(office, start)
    assert next_due(office) == due
    office.wait(days=400)
    assert office.names() == ["chase", "enter"]


def test_a_daily_schedule_keeps_its_clock_time_across_summer_time(office: Office) -> None:
    with_timer(office, timer(TOMORROW, "timeCycle"), calendar=IN_BERLIN)
    started_at(office, "2026-03-27 15:00")
    seen = []
    for _ in range(4):
        seen.append(next_due(office))
        office.wait(days=1)
    assert seen == [f"2026-03-{day} 08:00" for day in (28, 29, 30, 31)]


def test_a_clock_that_is_set_back_an_hour_fires_nothing_twice_and_loses_nothing(office: Office) -> None:
    with_timer(office, timer("R/PT1H", "timeCycle"))
    first = office.start().instance_id
    office.wait(hours=2)
    assert office.names() == ["chase", "chase", "enter"]
    office.engine.history.seal()
    office.clock.move_to(office.clock.now() - timedelta(hours=1))
    office.engine.tick()
    second = office.start().instance_id
    office.wait(minutes=59)
    assert office.names() == ["chase", "chase", "enter", "enter"]
    office.wait(hours=1, minutes=1)
    rows = [row for each in (first, second) for row in office.engine.history.rows(each) if row.kind == "timer"]
    due = [row.data["due"] for row in rows]
    assert due == [MONDAY + timedelta(hours=hours) for hours in (1, 2, 3, 2, 3)]
    assert office.engine.history.verify().findings == ()


def closed_on(office: Office, day: date) -> None:
    office.engine.calendar.add_exception(CalendarException("default", day, "", "closed"), SYSTEM)


def test_a_holiday_that_comes_later_moves_what_is_open_and_nothing_else(office: Office) -> None:
    with_timer(office, timer("${work_hours(12)}"), due="${work_hours(12)}")
    moved = office.start()
    office.wait(hours=1)
    by_hand = office.start()
    task = next(each for each in office.tasks() if each.instance_id == by_hand.instance_id)
    office.engine.tasks.set_due(task.id, MONDAY + timedelta(days=3), HEL)
    closed_on(office, date(2026, 3, 3))
    due = {each.instance_id: each.due for each in office.tasks()}
    tuesday = MONDAY + timedelta(days=1, hours=4)
    assert office.engine.timers.next_due() == tuesday + timedelta(days=1)
    assert due[moved.instance_id] == tuesday + timedelta(days=1)
    assert due[by_hand.instance_id] == MONDAY + timedelta(days=3)
    office.engine.calendar.remove_exception("default", date(2026, 3, 3), SYSTEM)
    assert office.engine.timers.next_due() == tuesday
    assert {each.instance_id: each.due for each in office.tasks()}[moved.instance_id] == tuesday


def test_a_holiday_that_changes_nothing_writes_nothing(office: Office) -> None:
    with_timer(office, timer("${work_hours(4)}"), due="${work_hours(4)}")
    started = office.start()
    before = office.kinds(started.instance_id)
    closed_on(office, date(2026, 12, 24))
    assert office.kinds(started.instance_id) == before


def test_a_reminder_moves_with_its_follow_up_date(office: Office) -> None:
    office.deploy(
        loan(BEGIN, user_task("enter", "ann", more='camunda:followUpDate="${work_hours(2)}"'), DONE,
             flows("begin enter done"))
    )  # fmt: skip
    office.start()
    closed_on(office, date(2026, 3, 2))
    assert office.engine.timers.next_due() == MONDAY + timedelta(days=1, hours=2)


def test_a_crash_behind_the_change_of_the_calendar_is_made_good_by_whoever_wakes(office: Office) -> None:
    with_timer(office, timer("${work_hours(4)}"))
    office.start()

    def crash(point: str) -> None:
        if point == "after-commit":
            raise SystemExit(point)

    office.engine.machinery.fault = crash
    with pytest.raises(SystemExit):
        closed_on(office, date(2026, 3, 2))
    office.engine.machinery.fault = lambda _point: None
    assert office.engine.timers.fire_due() == 1
    assert office.engine.timers.next_due() == MONDAY + timedelta(days=1, hours=4)


def test_what_a_hold_has_moved_stays_moved_when_the_calendar_changes(office: Office) -> None:
    with_timer(office, timer("${work_hours(4)}"), due="${work_hours(4)}")
    started = office.start()
    office.engine.instances.hold(started.instance_id, "why", None, HEL)
    office.wait(days=1)
    office.engine.instances.resume(started.instance_id, HEL)
    due = office.task("enter").due
    assert due == MONDAY + timedelta(days=1, hours=4)
    closed_on(office, date(2026, 3, 5))
    assert office.task("enter").due == due
    assert office.engine.timers.next_due() == due
