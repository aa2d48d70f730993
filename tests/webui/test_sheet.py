"""The working sheet: a row a record that is not over, its filters, the form in a row, the text, the Excel file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook

from engine.clock import MovedClock
from engine.command.opening import practice_files
from engine.engine import SYSTEM, Engine
from tests.webui.browsing import Browser, notice, text
from tests.webui.conftest import CHEN, LIN, PRACTICE

Repair = Callable[..., str]
TaskOf = Callable[..., int]


@pytest.fixture
def visit(engine: Engine, repair: Repair, task_of: TaskOf) -> tuple[str, int]:
    """A repair whose visit waits for Lin today, and the task."""
    key = repair("空调", wanted="2026-11-27")
    engine.tasks.complete(task_of(key, CHEN), {"decision": "approve", "cost": "80"}, CHEN)
    return key, task_of(key, LIN)


def test_a_row_says_where_a_record_stands_in_the_columns_of_the_practice(lin: Browser, repair: Repair) -> None:
    repair("空调", wanted="2026-11-27")
    page = text(lin.get("/sheet"))
    assert "维修 阶段 物品 期望日期 剩余工作日 已花预算" in page
    assert "RP26-0001 空调 申请 ○ 待审 空调 11-27 4" in page


def test_the_most_urgent_stand_first_and_those_without_a_date_last(
    login: Callable[[str], Browser], repair: Repair, clock: MovedClock
) -> None:
    undated, later, soon = repair("无期"), repair("灯", wanted="2026-12-20"), repair("门", wanted="2026-12-01")
    assert _order(login("lin"), soon, later, undated) == [soon, later, undated]
    clock.move_to(clock.now() + timedelta(days=3))  # all reviews are late by now
    fresh = repair("窗", wanted="2026-11-28")
    assert _order(login("lin"), fresh, soon) == [soon, fresh]


def test_who_may_see_nothing_sees_nothing(guest: Browser, visit: tuple[str, int]) -> None:
    for path in ("/sheet", "/sheet?of=all", "/sheet?of=all&late=1", "/sheet?of=all&text=空调"):
        assert visit[0] not in text(guest.get(path)), path
    assert guest.get(f"/sheet?fill={visit[1]}").status_code == 404
    assert guest.post(f"/sheet/fill/{visit[1]}", {f"{visit[1]}:state": "fine"}).status_code == 404
    assert len(_exported(guest, "?of=all")) == 1


def test_it_shows_mine_until_all_are_wanted(lin: Browser, zhou: Browser, repair: Repair) -> None:
    key = repair()
    assert key in text(lin.get("/sheet"))
    assert key not in text(zhou.get("/sheet"))
    assert key in text(zhou.get("/sheet?of=all"))


def test_it_is_filtered_by_the_url(
    login: Callable[[str], Browser], repair: Repair, visit: tuple[str, int], clock: MovedClock, engine: Engine
) -> None:
    lin = login("lin")
    asked = repair("台灯", wanted="2026-12-20")
    assert _order(lin, asked, visit[0], path="/sheet?stage=asking") == [visit[0], asked]
    assert _order(lin, asked, visit[0], path="/sheet?text=台灯") == [asked]
    assert _order(lin, asked, visit[0], path="/sheet?late=1") == []
    assert _order(lin, asked, visit[0], path="/sheet?stage=nowhere") == []
    assert lin.get("/sheet?kind=nothing").status_code == 404
    clock.move_to(
        clock.now() + timedelta(hours=6)
    )  # the review was due after four working hours, the visit at the end of the day
    lin = login("lin")  # the session before has ended meanwhile
    assert _order(lin, asked, visit[0], path="/sheet?late=1") == [asked]
    held = engine.records.get(asked, LIN).instances[0].id
    engine.instances.hold(held, "等零件", None, SYSTEM)
    assert _order(lin, asked, visit[0], path="/sheet?stage=asking") == [visit[0]]


def test_what_is_over_leaves_it(lin: Browser, engine: Engine, visit: tuple[str, int]) -> None:
    assert visit[0] in text(lin.get("/sheet"))
    engine.tasks.complete(visit[1], {"state": "fine"}, LIN)
    assert visit[0] not in text(lin.get("/sheet?of=all"))


def test_a_task_for_many_on_one_page_is_done_in_its_row(lin: Browser, engine: Engine, visit: tuple[str, int]) -> None:
    key, task = visit
    address = f"/sheet?text=空调&fill={task}"
    html = lin.get(address).get_data(as_text=True)
    assert f'name="{task}:state"' in html
    assert 'name="shared:seen_at"' in html
    answer = lin.post(f"/sheet/fill/{task}?text=空调", {"shared:seen_at": "09:30", f"{task}:state": "worse"})
    assert answer.status_code == 422
    assert f'name="{task}:note"' in answer.get_data(as_text=True)
    sent = {"shared:seen_at": "09:30", f"{task}:state": "worse", f"{task}:note": "漏水"}
    done = lin.post(f"/sheet/fill/{task}?text=空调", sent)
    assert done.headers["Location"].endswith(f"#record-{key}")
    assert "text=" in done.headers["Location"]
    assert f"上门 已完成：{key}" in notice(lin, done)
    (row,) = [
        row for row in engine.records.timeline(key, LIN) if (row.element_id, row.kind) == ("visit", "task-completed")
    ]
    assert row.data["values"]["note"] == "漏水"  # type: ignore[index,call-overload]


def test_other_tasks_lead_to_their_page(lin: Browser, chen: Browser, repair: Repair, task_of: TaskOf) -> None:
    key = repair()
    assert f'href="/tasks/{task_of(key, CHEN)}"' in chen.get("/sheet?of=all").get_data(as_text=True)
    assert "?fill=" not in lin.get("/sheet").get_data(as_text=True)


def test_the_text_for_a_chat_stands_on_the_page(lin: Browser, visit: tuple[str, int]) -> None:
    html = unescape(lin.get("/sheet").get_data(as_text=True))
    assert f"{visit[0]} 空调\n待审 · 物品 空调 · 期望日期 11-27 · 剩余工作日 4 · 已花预算 40 %" in html


def test_it_is_exported_to_excel_as_filtered(lin: Browser, repair: Repair) -> None:
    repair("=1+1", wanted="2026-11-27")
    repair("台灯")
    heading, row = _exported(lin, "?text=1")
    assert heading[:4] == ("单号", "标题", "阶段", "状态")
    assert "=1+1" not in row
    assert date(2026, 11, 27) in [getattr(cell, "date", lambda: None)() for cell in row]
    assert len(_exported(lin, "")) == 3


def test_a_long_sheet_goes_on_on_the_next_page(lin: Browser, repair: Repair) -> None:
    keys = [repair(f"灯 {number}") for number in range(51)]
    html = lin.get("/sheet").get_data(as_text=True)
    assert keys[-1] not in html
    following = next(part.split('"')[0] for part in html.split('href="')[1:] if "after=" in part.split('"')[0])
    assert _order(lin, *keys, path=unescape(following)) == keys[50:]
    assert lin.get("/sheet?after=nonsense").status_code == 422


def test_it_reads_in_english(lin: Browser, repair: Repair, engine: Engine) -> None:
    repair("空调", wanted="2026-11-27")
    engine.people.set_language(LIN, "en")
    page = text(lin.get("/sheet"))
    assert "Working days left" in page
    assert "○ Asked" in page


def test_a_practice_without_a_sheet_offers_none(lin: Browser, engine: Engine) -> None:
    files = dict(practice_files(PRACTICE))
    name = next(name for name in files if name.endswith("records.yaml"))
    before, _, after = files[name].decode().partition("    sheet:\n")
    files[name] = (before + after[after.index("    search:") :]).encode()
    engine.deployments.deploy(files, SYSTEM, "second")
    assert lin.get("/sheet").status_code == 404
    assert 'href="/sheet"' not in lin.get("/tasks").get_data(as_text=True)


@pytest.mark.parametrize(
    ("was", "is_now", "said"),
    [
        ("field: wanted", "field: wantde", "Did you mean wanted?"),
        (", urgent: true", "", "Mark the one date"),
        ("{field: item}", "{field: item, urgent: true}", "no field of type date"),
        ("today(), wanted", "today(), wnated", "Did you mean wanted?"),
        ("cost / 200", 'lookup("room", room).name', "lookup"),
        ("cost / 200", "cost / ", "cannot be read"),
        ("show: share", "show: shares", "Did you mean share?"),
        ("stage: doing", "stage: dong", "Did you mean doing?"),
    ],
)
def test_the_columns_are_checked_before_they_are_deployed(engine: Engine, was: str, is_now: str, said: str) -> None:
    files = dict(practice_files(PRACTICE))
    name = next(name for name in files if name.endswith("records.yaml"))
    changed = files[name].decode().replace(was, is_now, 1)
    assert changed != files[name].decode()
    found = engine.deployments.validate({**files, name: changed.encode()}).findings
    assert said in " ".join(str(each) for each in found)


def _order(browser: Browser, *keys: str, path: str = "/sheet") -> list[str]:
    """Those of the keys that have a row, from the top."""
    html = browser.get(path).get_data(as_text=True)
    places = {key: html.find(f'id="record-{key}"') for key in keys}
    return sorted((key for key in keys if places[key] >= 0), key=places.__getitem__)


def _exported(browser: Browser, query: str) -> list[tuple[object, ...]]:
    answer = browser.get(f"/sheet/export{query}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return list(load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True))
