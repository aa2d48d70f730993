"""Reference lists: their items, edited and uploaded."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook

from engine.engine import Engine
from tests.webui.browsing import Browser, notice, text
from tests.webui.conftest import CHEN

ITEM = {"key": "R3", "value:name": "机房", "value:floor": "3", "active": "yes"}


def _keys(engine: Engine) -> set[str]:
    return {item.key for item in engine.references.items("room", "", 50)}


def test_it_lists_lists_and_items(lin: Browser, chen: Browser) -> None:
    assert "房间 room" in text(lin.get("/references"))
    page = text(lin.get("/references/room"))
    assert "R1 会议室 1" in page
    assert "添加条目" not in page
    assert "添加条目" in text(chen.get("/references/room"))
    assert lin.get("/references/nothing").status_code == 404


def test_an_editor_adds_and_changes_an_item(chen: Browser, engine: Engine) -> None:
    assert "R3 已保存" in notice(chen, chen.post("/references/room", ITEM))
    chen.post("/references/room", {**ITEM, "value:name": "新机房", "active": ""})
    item = engine.references.get("room", "R3")
    assert (item.label, item.active) == ("新机房", False)
    assert "新机房" in text(chen.get("/references/room?item=R3"))


def test_nobody_else_does(lin: Browser, engine: Engine) -> None:
    assert lin.post("/references/room", ITEM).status_code == 403
    assert _keys(engine) == {"R1", "R2"}


def test_bad_input_changes_nothing_and_stays(chen: Browser, engine: Engine) -> None:
    answer = chen.post("/references/room", {**ITEM, "value:name": "", "value:floor": "0"})
    assert answer.status_code == 422
    assert "名称要填" in text(answer)
    assert 'value="0"' in answer.get_data(as_text=True)
    assert _keys(engine) == {"R1", "R2"}


def test_a_sheet_is_taken_over_with_a_report(chen: Browser, engine: Engine) -> None:
    book = Workbook()
    for row in (["key", "name", "floor"], ["R4", "阁楼", 4], ["R5", "", 1], ["R1", "会议室", 1]):
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    answer = chen.post("/references/room/upload", {"file": (BytesIO(content.getvalue()), "rooms.xlsx")})
    assert "新增 1，更改 0，不变 1，没有采用 1" in text(answer)
    assert _keys(engine) == {"R1", "R2", "R4"}


def test_a_field_with_many_choices_asks_for_some(lin: Browser) -> None:
    assert lin.get("/references/room/options?text=库").json == [["R2", "库房"]]


def test_it_reads_in_english(chen: Browser, engine: Engine) -> None:
    engine.people.set_language(CHEN, "en")
    assert "Rooms" in text(chen.get("/references"))
    assert "Floor" in text(chen.get("/references/room"))
