"""The inbox: what waits, grouped by time or kind, filtered by the URL, many of one kind as one row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from engine.clock import MovedClock
from engine.engine import Engine
from tests.webui.browsing import Browser, text
from tests.webui.conftest import CHEN, MORNING, SHEN


def _agree(engine: Engine, task_of: Callable[..., int], key: str) -> None:
    engine.tasks.complete(task_of(key, CHEN), {"decision": "approve"}, CHEN)


def test_it_shows_what_waits_with_its_due_time_and_what_it_is_about(chen: Browser, repair: Callable[..., str]) -> None:
    key = repair("空调", wanted="2026-12-01")
    page = text(chen.get("/tasks"))
    assert "今天 1" in page
    assert "4 小时后 15:30" in page or "5 小时后 15:30" in page
    assert f"审核 {key} 空调 · 会议室 · 不急" in page
    assert "12-01 余 6" in page
    assert "认领" in page


def test_what_is_late_comes_first_and_says_how_late(
    chen: Browser, repair: Callable[..., str], clock: MovedClock
) -> None:
    repair()
    clock.move_to(MORNING + timedelta(hours=7, minutes=31))
    page = text(chen.get("/tasks"))
    assert "已逾期 1" in page
    assert "迟 2 小时" in page


def test_an_empty_inbox_says_so(guest: Browser) -> None:
    assert "没有等您办的事" in text(guest.get("/tasks"))


def test_filters_stand_in_the_url(chen: Browser, repair: Callable[..., str]) -> None:
    repair()
    assert "审核" in text(chen.get("/tasks?kind=repair/review"))
    assert "没有符合筛选的任务" in text(chen.get("/tasks?kind=repair/visit"))
    assert "没有符合筛选的任务" in text(chen.get("/tasks?owner=mine"))
    assert "没有符合筛选的任务" in text(chen.get("/tasks?overdue=1"))
    assert "审核 1" in text(chen.get("/tasks?by=kind"))


def test_a_wrong_filter_is_left_out(chen: Browser, repair: Callable[..., str]) -> None:
    key = repair()
    assert key in text(chen.get("/tasks?owner=nonsense&kind="))
    assert chen.get("/tasks?after=nonsense").status_code == 422


def test_three_of_one_batch_element_are_one_row(
    lin: Browser, repair: Callable[..., str], engine: Engine, task_of: Callable[..., int]
) -> None:
    for room in ("R1", "R1", "R2"):
        _agree(engine, task_of, repair(room=room))
    page = text(lin.get("/tasks"))
    assert "3 项 R1 2 · R2 1 一页完成 3 项" in page


def test_claiming_takes_the_task_and_leads_back(
    chen: Browser, repair: Callable[..., str], engine: Engine, task_of: Callable[..., int]
) -> None:
    task = task_of(repair(), CHEN)
    answer = chen.post(f"/tasks/{task}/claim", {"back": "/tasks?owner=mine"})
    assert answer.headers["Location"] == "/tasks?owner=mine"
    assert engine.tasks.get(task, CHEN).row.assignee == "chen"


def test_its_rows_come_alone_to_who_refreshes_them(chen: Browser, repair: Callable[..., str]) -> None:
    repair()
    page = chen.get("/tasks", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert page.lstrip().startswith('<div id="inbox">')
    assert "<html" not in page


def test_in_english_it_says_the_practice_in_english_too(
    chen: Browser, repair: Callable[..., str], engine: Engine
) -> None:
    repair(wanted="2026-12-01")
    engine.people.set_language(CHEN, "en")
    page = text(chen.get("/tasks"))
    assert "Nothing waits" not in page
    assert "Wanted by · working days left" in page
    assert "Low" in page


def test_who_sees_everything_may_look_at_everybodys(shen: Browser, repair: Callable[..., str], engine: Engine) -> None:
    key = repair()
    assert key not in text(shen.get("/tasks"))
    assert engine.tasks.inbox(SHEN).everybody == 1
    assert key in text(shen.get("/tasks?owner=all"))
