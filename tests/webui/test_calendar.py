"""The calendar: exceptions listed, entered and taken away by who may, deadlines with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from engine.engine import Engine
from tests.webui.browsing import Browser, notice, text
from tests.webui.conftest import CHEN

Repair = Callable[..., str]
TaskOf = Callable[..., int]

DAY_OFF = {"day": "2026-11-24", "periods": "", "note": "停电"}


def test_everybody_sees_it_and_who_administers_changes_it(lin: Browser, shen: Browser, engine: Engine) -> None:
    assert "没有" in text(lin.get("/calendar"))
    assert "录入例外" not in text(lin.get("/calendar"))
    assert "2026-11-24 已录入" in notice(shen, shen.post("/calendar", DAY_OFF))
    page = text(lin.get("/calendar"))
    assert "2026-11-24" in page
    assert "休息 停电" in page
    assert "例外已取消" in notice(shen, shen.post("/calendar/remove", {"day": "2026-11-24"}))
    assert engine.calendar.exceptions() == ()


def test_a_day_with_hours_of_its_own_and_english(shen: Browser, engine: Engine) -> None:
    shen.post("/calendar", {"day": "2026-11-28", "periods": "09:00-12:00", "note": ""})
    shen.post("/language", {"language": "en"})
    page = text(shen.get("/calendar"))
    assert "2026-11-28 Sat 09:00-12:00" in page
    assert engine.calendar.working().days_between(date(2026, 11, 27), date(2026, 11, 28)) == 1


def test_open_deadlines_follow(shen: Browser, repair: Repair, task_of: TaskOf, engine: Engine) -> None:
    task = task_of(repair(), CHEN)
    before = engine.tasks.get(task, CHEN).row.due
    shen.post("/calendar", {"day": "2026-11-23", "periods": "08:00-11:00"})
    after = engine.tasks.get(task, CHEN).row.due
    assert before is not None
    assert after is not None
    assert after > before


@pytest.mark.parametrize(
    ("given", "said"),
    [({"day": "soon"}, "请写明日期"), ({"day": "2026-11-24", "periods": "9-12"}, "9-12"), ({}, "请写明日期")],
)
def test_what_is_wrong_is_told_and_kept(shen: Browser, engine: Engine, given: dict[str, str], said: str) -> None:
    answer = shen.post("/calendar", given)
    assert answer.status_code == 422
    assert said in text(answer)
    assert engine.calendar.exceptions() == ()


def test_nobody_else_changes_it(lin: Browser, engine: Engine) -> None:
    assert lin.post("/calendar", DAY_OFF).status_code == 403
    assert lin.post("/calendar/remove", {"day": "2026-11-24"}).status_code in {403, 404}
    assert lin.get("/calendar?name=nothing").status_code == 400
    assert engine.calendar.exceptions() == ()
