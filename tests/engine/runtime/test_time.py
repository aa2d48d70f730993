"""Timers, schedules, reminders, holds: rows that fire in order, once, and stand still on hold."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from engine.engine import SYSTEM
from engine.errors import Conflict, Forbidden
from engine.store import instances
from engine.store import timers as rows
from engine.views import Actor
from tests.engine.definitions.diagrams import event, extensions, flows, node, process, properties, timer
from tests.engine.runtime.office import MONDAY, Office, loan, user_task

ANN, HEL = Actor("ann"), Actor("hel")
BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")


def boundary(id: str, on: str, definition: str, interrupting: bool = True) -> str:
    more = f'attachedToRef="{on}" cancelActivity="{str(interrupting).lower()}"'
    return node("boundaryEvent", id, definition, more)


def late_after(office: Office, text: str) -> None:
    office.deploy(
        loan(BEGIN, user_task("enter", "ann", more='camunda:dueDate="${work_hours(4)}"'),
             boundary("late", "enter", timer(text), interrupting=False), user_task("chase", "bob"), DONE,
             flows("begin enter done", "late chase done"))
    )  # fmt: skip


def test_a_timer_fires_when_it_is_due_and_not_before(office: Office) -> None:
    late_after(office, "PT4H")
    started = office.start()
    office.wait(hours=3, minutes=59)
    assert office.names() == ["enter"]
    office.wait(minutes=1)
    assert office.names() == ["chase", "enter"]
    row = next(row for row in office.engine.history.rows(started.instance_id) if row.kind == "timer")
    assert row.at == MONDAY + timedelta(hours=4)


def test_firing_a_timer_again_does_nothing(office: Office) -> None:
    late_after(office, "PT4H")
    office.start()
    office.clock.move_to(MONDAY + timedelta(hours=5))
    found = office.engine.machinery.read(lambda c: rows.due(c, office.clock.now(), 10))
    assert [office.engine.timers.fire(each.id) for each in [*found] * 3] == [True, False, False]
    assert office.names() == ["chase", "enter"]


def test_missed_rounds_of_a_schedule_fire_once(office: Office) -> None:
    office.deploy(
        loan(BEGIN, user_task("enter", "ann"), boundary("round", "enter", timer("R/PT1H", "timeCycle"), False),
             user_task("look", "bob"), DONE, flows("begin enter done", "round look done"))
    )  # fmt: skip
    office.start()
    office.clock.move_to(MONDAY + timedelta(hours=5, minutes=30))
    office.engine.tick()
    assert office.names() == ["enter", "look"]
    assert office.engine.timers.next_due() == MONDAY + timedelta(hours=6)


def test_a_start_event_with_a_timer_starts_of_the_latest_deployment(office: Office) -> None:
    scheduled = process(
        extensions(properties(starters="clerk")), node("startEvent", "begin", timer("R2/PT24H", "timeCycle")),
        user_task("sum_up", "ann"), DONE, flows("begin sum_up done"), id="daily",
    )  # fmt: skip
    office.deploy(scheduled)
    office.deploy(scheduled, loan(BEGIN, user_task("enter", "ann"), DONE, flows("begin enter done")))
    office.wait(hours=25)
    assert office.names() == ["sum_up"]
    office.wait(days=5)
    assert office.names() == ["sum_up", "sum_up"]


def test_a_follow_up_date_reminds_who_has_the_task(office: Office) -> None:
    office.deploy(
        loan(BEGIN, user_task("enter", "ann", more='camunda:followUpDate="${work_hours(2)}"'), DONE,
             flows("begin enter done"))
    )  # fmt: skip
    office.start()
    office.wait(hours=2)
    notice = office.engine.notifications.list(ANN)[0]
    assert (notice.kind, notice.subject) == ("reminder", "enter")
    office.complete("enter", "ann")


def test_on_hold_the_clocks_stand_still(office: Office) -> None:
    late_after(office, "${work_hours(4)}")
    started = office.start()
    due = office.task("enter").due
    assert due == MONDAY + timedelta(hours=4)
    office.wait(hours=1)
    office.engine.instances.hold(started.instance_id, "the customer is away", None, HEL)
    assert office.engine.records.get(started.business_key, HEL).status == "on_hold"
    with pytest.raises(Conflict):
        office.complete("enter", "ann")
    office.wait(days=2)
    assert office.names() == ["enter"]
    office.engine.instances.resume(started.instance_id, HEL)
    assert office.engine.records.get(started.business_key, HEL).status == "draft"
    assert office.task("enter").due == due + timedelta(days=2)
    office.wait(hours=2, minutes=59)
    assert office.names() == ["enter"]
    office.wait(minutes=1)
    assert office.names() == ["chase", "enter"]
    office.complete("enter", "ann")


def test_a_hold_ends_by_its_date(office: Office) -> None:
    started = office.start()
    office.engine.instances.hold(started.instance_id, "stock-taking", MONDAY + timedelta(days=1), HEL)
    office.wait(days=1)
    assert office.engine.instances.get(started.instance_id, ANN).state == "active"
    assert office.kinds(started.instance_id)[-2:] == ["held", "resumed"]


def test_only_who_may_hold_may(office: Office) -> None:
    started = office.start()
    with pytest.raises(Forbidden) as refused:
        office.engine.instances.hold(started.instance_id, "why", None, ANN)
    assert refused.value.fields["right"] == "hold"


def test_a_message_for_an_instance_on_hold_waits_for_it(office: Office) -> None:
    office.deploy(
        '<bpmn:message id="m" name="go"/>',
        loan(BEGIN, node("intermediateCatchEvent", "wait", event("message", more='messageRef="m"')),
             user_task("enter", "ann"), DONE, flows("begin wait enter done")),
    )  # fmt: skip
    started = office.start()
    office.engine.instances.hold(started.instance_id, "why", None, HEL)
    assert office.engine.messages.correlate("go", started.business_key, "", {}, SYSTEM).state == "kept"
    office.engine.instances.resume(started.instance_id, HEL)
    assert office.names() == ["enter"]


def test_a_changed_calendar_computes_open_timers_again(office: Office) -> None:
    late_after(office, "${work_hours(4)}")
    office.start()
    from datetime import date

    from engine.views import CalendarException

    office.engine.calendar.add_exception(CalendarException("default", date(2026, 3, 2), "", "closed"), SYSTEM)
    assert office.engine.timers.next_due() == MONDAY + timedelta(days=1, hours=4)


def two_reminders(office: Office) -> None:
    """Two timers on one task: `first` after an hour, `second` after two."""
    office.deploy(
        loan(BEGIN, user_task("enter", "ann"),
             boundary("first", "enter", timer("PT1H"), False), user_task("ask", "bob"),
             boundary("second", "enter", timer("PT2H"), False), user_task("chase", "bob"), DONE,
             flows("begin enter done", "first ask done", "second chase done"))
    )  # fmt: skip


def fired(office: Office, instance_id: int) -> list[str]:
    return [row.element_id for row in office.engine.history.rows(instance_id) if row.kind == "timer"]


def test_who_fires_the_later_timer_of_an_instance_fires_the_earlier_one_first(office: Office) -> None:
    two_reminders(office)
    started = office.start()
    office.clock.move_to(MONDAY + timedelta(hours=3))
    first, second = office.engine.machinery.read(lambda c: rows.due(c, office.clock.now(), 10))
    assert office.engine.timers.fire(second.id)
    assert fired(office, started.instance_id) == ["first", "second"]
    assert not office.engine.timers.fire(first.id)


def test_a_timer_that_cannot_be_fired_keeps_no_other_from_firing(office: Office) -> None:
    late_after(office, "PT1H")
    broken, sound = office.start(), office.start()
    with office.engine.machinery.database.writing() as connection:
        instances.save(connection, broken.instance_id, 1, {"snapshot": b"not a snapshot"})
    office.clock.move_to(MONDAY + timedelta(hours=2))
    office.engine.tick()
    office.engine.tick()
    assert (fired(office, broken.instance_id), fired(office, sound.instance_id)) == ([], ["late"])
    assert office.engine.timers.next_due() == MONDAY + timedelta(hours=1), "it waits for whoever mends its instance"


def test_shares_part_what_is_due_and_lose_nothing(office: Office) -> None:
    late_after(office, "PT1H")
    started = [office.start().instance_id for _ in range(5)]
    office.clock.move_to(MONDAY + timedelta(hours=2))
    shares = office.engine.timers.shares_due()
    assert len(shares) == 5
    assert [office.engine.timers.fire_due(share) for share in shares] == [1] * 5
    assert [fired(office, each) for each in started] == [["late"]] * 5
    assert office.engine.timers.shares_due() == ()


def test_a_crash_amid_holding_leaves_no_record_half_on_hold(office: Office) -> None:
    linked = process(
        extensions(properties(linkedTo="loan", number="WT{yy}-{seq:3}", starters="clerk")), BEGIN,
        user_task("see", "bob"), DONE, flows("begin see done"), id="issue",
    )  # fmt: skip
    office.deploy(loan(BEGIN, user_task("enter", "ann"), DONE, flows("begin enter done")), linked)
    started = office.start()
    issue = office.engine.instances.start("issue", {}, ANN, key=started.business_key)

    def states() -> list[str]:
        return [office.engine.instances.get(each, HEL).state for each in (started.instance_id, issue.instance_id)]

    def crash(point: str) -> None:
        if point == "before-delivery":
            raise SystemExit(point)

    for act, half, whole in (
        (partial(office.engine.instances.hold, started.instance_id, "why", None, HEL), "suspended", "suspended"),
        (partial(office.engine.instances.resume, started.instance_id, HEL), "active", "active"),
    ):
        before = states()[1]
        office.engine.machinery.fault = crash
        with pytest.raises(SystemExit):
            act()
        office.engine.machinery.fault = lambda _point: None
        assert states() == [half, before]
        office.engine.tick()
        assert states() == [whole, whole]
    rows = office.engine.history.rows(issue.instance_id)
    assert [(row.kind, row.actor) for row in rows if row.kind in ("held", "resumed")] == [
        ("held", "hel"),
        ("resumed", "hel"),
    ]
