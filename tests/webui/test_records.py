"""The list of records: search, filters in the URL, pages, export."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from openpyxl import load_workbook

from engine.engine import Engine
from tests.webui.browsing import Browser, text
from tests.webui.conftest import LIN

Repair = Callable[..., str]


def test_it_lists_what_one_may_see(lin: Browser, guest: Browser, repair: Repair) -> None:
    key = repair("空调")
    page = text(lin.get("/records?type=repair"))
    assert f"{key} 空调 ○ 待审 空调 会议室" in page
    assert "没有记录" in text(guest.get("/records"))


def test_it_is_searched_and_filtered_by_the_url(lin: Browser, repair: Repair) -> None:
    first, second = repair("空调", room="R1"), repair("台灯", room="R2")
    assert first not in text(lin.get("/records?text=台灯"))
    assert second in text(lin.get("/records?text=台灯"))
    assert second not in text(lin.get("/records?room=R1"))
    assert "没有记录" in text(lin.get("/records?status=closed"))


def test_a_search_for_a_number_opens_its_record(lin: Browser, guest: Browser, repair: Repair) -> None:
    key = repair()
    assert lin.get(f"/records?text={key.lower()}").headers["Location"] == f"/records/{key}"
    assert guest.get(f"/records?text={key}").status_code == 200


def test_a_long_list_goes_on_on_the_next_page(lin: Browser, repair: Repair) -> None:
    keys = [repair(f"灯 {number}") for number in range(51)]
    html = lin.get("/records").get_data(as_text=True)
    assert keys[0] not in html
    following = next(part.split('"')[0] for part in html.split('href="')[1:] if "after=" in part.split('"')[0])
    assert keys[0] in text(lin.get(following.replace("&amp;", "&")))


def test_it_is_exported_to_excel(lin: Browser, repair: Repair) -> None:
    repair("=1+1")
    answer = lin.get("/records/export")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True))
    assert len(rows) == 2
    assert "=1+1" not in rows[1]


def test_it_reads_in_english(lin: Browser, repair: Repair, engine: Engine) -> None:
    repair()
    engine.people.set_language(LIN, "en")
    page = text(lin.get("/records?type=repair"))
    assert "Wanted by" in page
    assert "○ Asked" in page
