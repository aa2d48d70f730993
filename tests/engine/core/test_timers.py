"""Timers are computed once, when they begin to wait, and for each further round from the one before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from engine.runtime.core import next_start
from engine.runtime.unit.occurrences import TimerCleared, TimerSet
from tests.engine.core.story import MONDAY, Story
from tests.engine.core.test_events import boundary
from tests.engine.definitions.diagrams import flows, node, process, timer


def with_timer(text: str, kind: str, interrupting: bool = False) -> str:
    tasks = node("userTask", "a"), node("userTask", "b"), node("userTask", "c")
    caught = boundary("x", "a", timer(text, kind), interrupting)
    return process(node("startEvent", "s"), *tasks, caught, flows("s a b", "x c"))


@pytest.mark.parametrize(
    ("text", "kind", "hours"),
    [
        ("PT4H", "timeDuration", 4),
        ("P1D", "timeDuration", 24),
        ("${wait}", "timeDuration", 2),
        ("2026-03-02T11:00", "timeDate", 3),
        ("2026-03-02T03:00:00Z", "timeDate", 3),
        ("${moment}", "timeDate", 5),
        ("${text}", "timeDate", 6),
    ],
)
def test_a_timer_takes_text_or_the_value_of_an_expression(story: Story, text: str, kind: str, hours: int) -> None:
    story.deploy(with_timer(text, kind, interrupting=True))
    story.start(wait=timedelta(hours=2), moment=MONDAY + timedelta(hours=5), text="PT6H")
    told: TimerSet = story.of(TimerSet)[0]
    assert told.due == MONDAY + timedelta(hours=hours)
    assert (told.text, told.anchor, told.working) == (text, MONDAY, False)
    story.wait(hours=hours)
    assert story.open == ["c"]
    assert len(story.of(TimerCleared)) == 1


def test_a_cycle_fires_as_often_as_it_says(story: Story) -> None:
    story.deploy(with_timer("R3/PT1H", "timeCycle"))
    story.start()
    story.wait(hours=9)
    assert story.open == ["a", "c", "c", "c"]
    assert [each.due for each in story.of(TimerSet)] == [MONDAY + timedelta(hours=n) for n in (1, 2, 3)]
    assert len(story.of(TimerCleared)) == 3


def test_a_cycle_without_end_goes_on_while_its_task_is_open(story: Story) -> None:
    story.deploy(with_timer("R/PT1H", "timeCycle"))
    story.start()
    story.wait(hours=5)
    assert story.tasks == ["a", *["c"] * 5]
    story.complete("a")
    story.wait(hours=5)
    assert story.tasks == ["b", *["c"] * 5]


def test_missed_rounds_fire_once_and_the_next_keeps_the_rhythm(story: Story) -> None:
    story.deploy(with_timer("R/PT1H", "timeCycle"))
    story.start()
    story.jump(hours=4, minutes=30)
    story.fire("x")
    assert story.tasks == ["a", "c"]
    assert story.waits("timer")[0].due == MONDAY + timedelta(hours=5)


def test_missed_rounds_are_rounds(story: Story) -> None:
    story.deploy(with_timer("R3/PT1H", "timeCycle"))
    story.start()
    story.jump(hours=9)
    story.fire("x")
    assert story.open == ["a", "c"]


def test_an_interrupting_cycle_fires_once(story: Story) -> None:
    story.deploy(with_timer("R3/PT1H", "timeCycle", interrupting=True))
    story.start()
    story.wait(hours=5)
    assert story.open == ["c"]


def test_a_cycle_may_have_a_first_moment_and_months(story: Story) -> None:
    story.deploy(with_timer("R2/2026-03-31T08:00/P1M", "timeCycle"))
    story.start()
    story.wait(days=100)
    zone = MONDAY.tzinfo
    assert [each.due for each in story.of(TimerSet)] == [
        datetime(2026, 3, 31, 8, tzinfo=zone),
        datetime(2026, 4, 30, 8, tzinfo=zone),
    ]


def test_a_schedule_is_evaluated_again_from_the_due_time_before(story: Story) -> None:
    # Given a schedule: each day at half past four
    text = '${date and time(date(now()) + duration("P1D"), time("16:30:00@Asia/Shanghai"))}'
    story.deploy(with_timer(text, "timeCycle"))
    story.start()
    assert story.waits("timer")[0].due == datetime(2026, 3, 3, 16, 30, tzinfo=MONDAY.tzinfo)
    # When the clock runs three days, firing late each time
    for _ in range(3):
        story.jump(days=1, hours=9)
        story.fire("x")
    # Then no round was due twice and none was left out
    assert story.tasks == ["a", "c", "c", "c"]
    dues = [each.due for each in story.of(TimerSet)]
    assert dues == sorted(set(dues))


def test_a_schedule_that_stands_still_is_an_incident_that_keeps_the_task(story: Story) -> None:
    story.deploy(with_timer("${moment}", "timeCycle"))
    story.start(moment=MONDAY + timedelta(hours=1))
    story.wait(hours=1)
    assert story.tasks == ["a", "c"]
    assert story.incidents == ["x"]
    story.set(moment=MONDAY + timedelta(hours=8))
    story.retry("x")
    assert story.waits("timer")[0].due == MONDAY + timedelta(hours=8)


@pytest.mark.parametrize(
    ("text", "kind"), [("${nothing}", "timeDate"), ("soon", "timeDuration"), ("R3/soon", "timeCycle")]
)
def test_a_timer_that_gives_no_moment_is_an_incident_at_it(story: Story, text: str, kind: str) -> None:
    story.deploy(with_timer(text, kind))
    story.start(nothing=None)
    assert story.tasks == ["a"]
    assert story.incidents == ["x"]
    story.complete("a")
    assert story.open == ["b"]


def test_a_timer_is_moved_and_computed_again(story: Story) -> None:
    story.deploy(with_timer("${moment}", "timeDate"))
    story.start(moment=MONDAY + timedelta(hours=1))
    story.execution.move_timer(story.token("x", ("timer",)), MONDAY + timedelta(hours=7))
    story.settle()
    assert story.waits("timer")[0].due == MONDAY + timedelta(hours=7)
    story.set(moment=MONDAY + timedelta(hours=2))
    story.execution.recompute_timer(story.token("x", ("timer",)))
    story.settle()
    assert story.waits("timer")[0].due == MONDAY + timedelta(hours=2)
    assert [each.due.hour for each in story.of(TimerSet)] == [9, 15, 10]


def test_the_timer_of_a_start_event_is_due_by_its_own_rounds(story: Story) -> None:
    start = node("startEvent", "s", timer("R2/PT1H", "timeCycle"))
    story.deploy(process(start, node("userTask", "a"), flows("s a")))
    program = story.world.current["p"]
    first = next_start(program, "s", story.world)
    assert first == MONDAY + timedelta(hours=1)
    assert next_start(program, "s", story.world, first, 1) == MONDAY + timedelta(hours=2)
    assert next_start(program, "s", story.world, first, 2) is None
    story.start(at="s")
    assert story.open == ["a"]
