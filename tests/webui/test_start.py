"""Starting by hand, and many at once from Excel."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable
from html import unescape
from io import BytesIO

from openpyxl import Workbook, load_workbook

from engine.engine import Engine
from engine.scenarios.samples import sample_file
from tests.webui.browsing import Browser, notice, text
from tests.webui.conftest import CHEN, LIN

FORM = {"item": "空调", "room": "R1", "urgency": "low"}


def _titles(engine: Engine) -> list[str]:
    return sorted(row.title for row in engine.records.list(CHEN)[0])


def test_it_lists_what_one_may_start_with_a_sentence(lin: Browser, guest: Browser) -> None:
    assert "维修申请 写明物品和房间（R1.1）。" in text(lin.get("/start"))
    assert "没有可发起的" in text(guest.get("/start"))


def test_who_may_not_start_it_finds_no_form(guest: Browser, chen: Browser, engine: Engine) -> None:
    assert guest.get("/start/repair").status_code == 404
    assert chen.post("/start/repair", FORM).status_code == 404
    assert _titles(engine) == []


def test_it_starts_and_leads_to_the_record(lin: Browser, engine: Engine) -> None:
    sent = {**FORM, "parts[1].name": "风扇", "parts[1].quantity": "2", "parts[1].price": "18.5"}
    page = notice(lin, lin.post("/start/repair", sent))
    assert "RP26-0001 已开始" in page
    assert _titles(engine) == ["空调"]


def test_bad_input_starts_nothing_and_says_where(lin: Browser, engine: Engine) -> None:
    sent = {"room": "R9", "urgency": "low", "wanted": "2026-11-01", "parts[1].name": "风扇", "parts[1].quantity": "500"}
    answer = lin.post("/start/repair", sent)
    page, html = text(answer), answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "有 4 处要改，还没有发起" in page
    assert "数量 must" not in page
    assert 'href="#f-parts-1-quantity"' in html
    assert 'value="500"' in html
    assert 'value="2026-11-01"' in html
    assert _titles(engine) == []


def test_a_row_is_added_and_taken_away_without_script(lin: Browser, engine: Engine) -> None:
    more = lin.post("/start/repair", {**FORM, "parts[1].name": "风扇", "add_row": "parts"})
    assert more.status_code == 200
    assert 'name="parts[2].name"' in more.get_data(as_text=True)
    sent = {**FORM, "parts[1].name": "风扇", "parts[2].name": "灯泡", "drop_row": "parts[1]"}
    less = lin.post("/start/repair", sent).get_data(as_text=True)
    assert "灯泡" in less
    assert "风扇" not in less
    assert _titles(engine) == []


def test_the_server_says_what_is_asked_and_sums_up(lin: Browser) -> None:
    sent = {"urgency": "high", "parts[1].quantity": "2", "parts[1].price": "18.5", "parts[2].quantity": "3"}
    html = lin.post("/start/repair/draw", sent).get_data(as_text=True)
    assert 'id="f-why_soon-field" data-sync-hidden>' in html
    assert ">37</output>" in html
    calm = lin.post("/start/repair/draw", {"urgency": "low"}).get_data(as_text=True)
    assert 'id="f-why_soon-field" data-sync-hidden hidden' in calm


def test_a_photo_goes_with_the_form(lin: Browser, engine: Engine) -> None:
    picture = sample_file("墙.png")
    answer = lin.post("/start/repair", {**FORM, "photo": (BytesIO(picture), "墙.png")})
    assert answer.status_code == 303, text(answer)
    assert [file.name for file in engine.records.files("RP26-0001", LIN)] == ["墙.png"]


def test_a_file_that_was_uploaded_is_kept_while_the_rest_is_mended(lin: Browser) -> None:
    picture = sample_file("墙.png")
    html = lin.post("/start/repair", {"room": "R1", "photo": (BytesIO(picture), "墙.png")}).get_data(as_text=True)
    assert 'name="photo:kept"' in html
    assert "墙.png" in html


def test_many_start_from_excel_each_row_for_itself(lin: Browser, engine: Engine) -> None:
    template = load_workbook(BytesIO(lin.get("/start/repair/template.xlsx").data)).active
    assert [cell.value for cell in template[1]][:3] == ["物品", "房间", "紧急程度"]
    book = Workbook()
    for row in (["物品", "房间", "紧急程度"], ["空调", "R1", "不急"], ["灯", "R9", "不急"]):
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    answer = lin.post("/start/repair/import", {"file": (BytesIO(content.getvalue()), "many.xlsx")})
    assert answer.status_code == 422
    assert "开始了 1 项，1 项没有" in text(answer)
    # The reason stands there in the reader's language, with the field's label
    assert "✕ 房间：名单里没有 R9。请从给出的里面选。" in text(answer)
    assert _titles(engine) == ["空调"]
    # and in a file
    link = re.search(r'href="data:[^,"]*;base64,([^"]+)" download', answer.get_data(as_text=True))
    assert link is not None
    rows = list(load_workbook(BytesIO(b64decode(unescape(link[1])))).active.iter_rows(min_row=2, values_only=True))
    assert rows[0] == (2, "已开始", "RP26-0001", None)
    assert rows[1][:2] == (3, "未开始")
    assert "名单里没有 R9" in str(rows[1][3])


def test_what_is_no_workbook_is_refused(lin: Browser, engine: Engine) -> None:
    answer = lin.post("/start/repair/import", {"file": (BytesIO(b"nothing"), "many.xlsx")})
    assert answer.status_code == 422
    assert "不是 Excel 文件" in text(answer)


def test_it_reads_in_english(lin: Browser, engine: Engine, login: Callable[[str], Browser]) -> None:
    engine.people.set_language(LIN, "en")
    page = text(lin.get("/start/repair"))
    assert "optional" in page
    assert "Add a row" in page
    assert "Low" in page


def test_what_a_choice_asks_for_is_reached_without_scripts(lin: Browser, engine: Engine) -> None:
    # Given a form whose choice asks for more, chosen, and the button that draws it anew
    page = lin.post("/start/repair", {"item": "灯", "urgency": "high", "redraw": "yes"})
    # Then nothing has started, the field is there, and what was typed too
    html = page.get_data(as_text=True)
    assert page.status_code == 200
    assert 'id="f-why_soon-field" data-sync-hidden>' in html
    assert 'value="灯"' in html
    assert "errors" not in html
    assert _titles(engine) == []


def test_a_refused_file_gives_the_form_back_as_typed_with_the_error_at_its_field(lin: Browser, engine: Engine) -> None:
    # Given a filled form with one file that is not what its name says, and one that is good
    wrong, good = (BytesIO(b"<script>"), "墙.png"), (BytesIO(sample_file("墙.png")), "门.png")
    # When it is sent
    answer = lin.post("/start/repair", {**FORM, "item": "很长的描述", "photo": [wrong, good]})
    # Then nothing has started, what was typed stands there, the error at the field, and the good file is kept
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="很长的描述"' in html
    assert 'href="#f-photo"' in html
    assert "按实际类型重新保存" in text(answer)
    assert html.count('name="photo:kept"') == 1
    assert _titles(engine) == []
    # And the error is told too when only a row was to be added
    more = lin.post("/start/repair", {**FORM, "photo": (BytesIO(b"<script>"), "墙.png"), "add_row": "parts"})
    assert 'href="#f-photo"' in more.get_data(as_text=True)


def test_a_file_too_large_gives_the_form_back_too(lin: Browser, engine: Engine) -> None:
    size = engine.machinery.settings.max_attachment_bytes + 5 * 1024 * 1024
    answer = lin.post("/start/repair", {**FORM, "photo": (BytesIO(b"\0" * size), "墙.png")})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="空调"' in html
    assert 'href="#f-photo"' in html
    assert _titles(engine) == []
