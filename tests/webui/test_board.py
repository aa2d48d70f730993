"""The board: exceptions with owner and age, figures that open their rows, for those who have the right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.clock import MovedClock
from engine.engine import SYSTEM, Engine
from tests.webui.browsing import Browser, text
from tests.webui.conftest import CHEN
from tests.webui.test_queries import counted

BOARD = """
months: 3
dimensions:
  - {id: room, zh: 房间, en: Room, field: room}
exceptions:
  - {id: overdue, zh: 逾期任务, en: Overdue tasks, about: tasks, columns: [item]}
  - {id: stuck, zh: 异常, en: Incidents, about: incidents}
figures:
  - id: urgent
    zh: 紧急占比
    en: Urgent
    text_zh: 紧急的维修 ÷ 全部维修
    text_en: Urgent repairs in all repairs
    process: repair
    on: started_at
    measure: share
    good: urgency = "high"
    columns: [item]
"""


@pytest.fixture(autouse=True)
def board(engine: Engine) -> None:
    files = engine.deployments.files()
    groups = files["groups.yaml"].replace(b"retry, modify]", b"retry, modify, board]")
    engine.deployments.deploy({**files, "groups.yaml": groups, "board.yaml": BOARD.encode()}, SYSTEM)


def test_exceptions_lead_to_their_task(
    login: Callable[[str], Browser], repair: Callable[..., str], task_of: Callable[..., int], clock: MovedClock
) -> None:
    key = repair("空调")
    clock.move_to(clock.now() + timedelta(days=2))
    chen = login("chen")
    page = chen.get("/board")
    assert "逾期任务 1" in text(page)
    assert "审核" in text(page)
    assert "主管" in text(page)
    assert f'href="/tasks/{task_of(key, CHEN)}"' in page.get_data(as_text=True)
    assert key in text(chen.get("/board/overdue"))


def test_a_figure_shows_its_value_and_opens_its_rows(chen: Browser, repair: Callable[..., str]) -> None:
    repair("空调", urgency="high", why_soon="热")
    key = repair("台灯", room="R2")
    assert "50 %" in text(chen.get("/board"))
    assert "0 %" in text(chen.get("/board?of=room:R2"))
    rows = text(chen.get("/board/urgent?of=room:R2&month=2026-11"))
    assert key in rows
    assert "空调" not in rows
    assert chen.get("/board/urgent/export").data[:2] == b"PK"


def test_it_reads_in_english(chen: Browser, engine: Engine, repair: Callable[..., str]) -> None:
    repair()
    engine.people.set_language(CHEN, "en")
    assert "Urgent repairs in all repairs" in text(chen.get("/board"))


def test_only_who_has_the_right_is_led_there(lin: Browser, chen: Browser) -> None:
    assert lin.get("/board").status_code == 403
    assert 'href="/board"' not in lin.get("/tasks").get_data(as_text=True)
    assert 'href="/board"' in chen.get("/tasks").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/board/nothing", "/board/nothing/export"])
def test_what_is_not_on_the_board_is_not_found(chen: Browser, path: str) -> None:
    assert chen.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/board?month=1999-01", "/board?of=planet:x", "/board/urgent?after=rubbish"])
def test_what_cannot_be_chosen_is_refused(chen: Browser, path: str) -> None:
    assert chen.get(path).status_code in (400, 422)


@pytest.mark.parametrize("path", ["/board", "/board/overdue", "/board/urgent"])
def test_many_rows_cost_as_many_statements_as_few(
    login: Callable[[str], Browser], engine: Engine, repair: Callable[..., str], clock: MovedClock, path: str
) -> None:
    said = []
    for more in (3, 12):
        for number in range(more):
            repair(f"灯 {number}")
        clock.move_to(clock.now() + timedelta(days=2))
        chen = login("chen")
        assert chen.get(path).status_code == 200
        with counted(engine) as seen:
            chen.get(path)
        said.append(len(seen))
    assert said[0] == said[1]
