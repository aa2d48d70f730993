"""Lists as Excel files: as filtered, as visible, every page of them, and nothing in them is a formula."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook

from engine.engine import SYSTEM, Engine
from engine.views import ReferenceItem
from tests.webui.browsing import Browser, text
from tests.webui.conftest import CHEN, LIN
from tests.webui.test_incidents import STUCK
from webui import exports

Repair = Callable[..., str]
Rows = list[tuple[object, ...]]
PAGES = (
    ("/tasks", "?owner=all&text=%E7%A9%BA"), ("/notifications", "?box=all"), ("/incidents", ""), ("/audit", ""),
    ("/references/room", "?text=R1"), ("/people", ""), ("/records", "?type=repair"),
)  # fmt: skip


def rows_of(browser: Browser, address: str) -> Rows:
    """The rows of the file at an address, below its headings."""
    answer = browser.get(address)
    assert answer.status_code == 200, text(answer)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return list(load_workbook(BytesIO(answer.data)).active.iter_rows(min_row=2, values_only=True))


def words(rows: Rows) -> str:
    """Everything that stands in them."""
    return " ".join(str(cell) for row in rows for cell in row if cell is not None)


@pytest.fixture
def stuck(engine: Engine, repair: Callable[..., str]) -> str:
    """A repair whose review comes too early: what its due time is computed from is not known yet."""
    repair("空调")  # and one before it that waits
    files = engine.deployments.files()
    broken = files["repair.bpmn"].replace(b'camunda:dueDate="${work_hours(4)}"', STUCK)
    engine.deployments.deploy({**files, "repair.bpmn": broken}, SYSTEM)
    return repair()


@pytest.mark.parametrize(("page", "query"), PAGES)
def test_every_list_links_its_file_with_the_filter_of_its_address(
    shen: Browser, engine: Engine, stuck: str, page: str, query: str
) -> None:
    engine.notifications.send(["shen"], "通知", actor=CHEN)
    html = shen.get(page + query).get_data(as_text=True)
    found = re.search(rf'href="({page}/export[^"]*)"', html)
    assert found is not None
    assert unescape(found[1]) == f"{page}/export{query}"
    assert rows_of(shen, unescape(found[1]))


def test_the_inbox_as_filtered_and_as_visible(chen: Browser, guest: Browser, repair: Repair) -> None:
    first, second = repair("空调"), repair("台灯")
    rows = rows_of(chen, "/tasks/export")
    assert {first, second} <= {cell for row in rows for cell in row}
    assert any(isinstance(cell, datetime) for cell in rows[0])
    assert second not in words(rows_of(chen, "/tasks/export?text=空调"))
    assert rows_of(guest, "/tasks/export") == []


def test_all_pages_of_a_list_stand_in_its_file(
    chen: Browser, shen: Browser, engine: Engine, repair: Repair, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given pages of two rows, and five of each
    monkeypatch.setattr(exports, "PAGE", 2)
    keys = [repair(f"灯 {number}") for number in range(5)]
    for number in range(5):
        engine.notifications.send(["chen"], f"通知 {number}", actor=LIN)
        item = ReferenceItem("room", f"X{number}", "", {"name": f"室 {number}"}, number % 2 == 0)
        engine.references.put(item, SYSTEM)
    # Then every row is there, once
    assert sorted(str(row[2]) for row in rows_of(chen, "/tasks/export")) == sorted(keys)
    told = {row[2] for row in rows_of(chen, "/notifications/export?box=all")}
    assert {f"通知 {number}" for number in range(5)} <= told
    rooms = [str(row[0]) for row in rows_of(chen, "/references/room/export")]
    assert sorted(rooms) == sorted(item.key for item in engine.references.items("room", "", 0))
    audit = [row[0] for row in rows_of(shen, "/audit/export")]
    assert audit == sorted(audit, key=lambda seq: -int(str(seq)))
    assert len(audit) == len(set(audit)) > 5


def test_who_may_not_see_a_list_gets_no_file_of_it(guest: Browser, lin: Browser, stuck: str) -> None:
    assert lin.get("/audit/export").status_code == lin.get("/audit").status_code != 200
    assert lin.get("/jobs/export").status_code == lin.get("/jobs").status_code != 200
    assert stuck not in words(rows_of(guest, "/incidents/export"))


def test_incidents_jobs_and_people_are_told_in_words(shen: Browser, stuck: str) -> None:
    assert stuck in words(rows_of(shen, "/incidents/export"))
    assert rows_of(shen, "/jobs/export?state=failed") == []
    assert shen.get("/jobs/export?state=nonsense").status_code == 400
    assert "林晓雯" in words(rows_of(shen, "/people/export"))


@pytest.mark.parametrize("begins", ["=1+1", "+1", "-1", "@x"])
def test_no_text_becomes_a_formula(chen: Browser, lin: Browser, repair: Repair, begins: str) -> None:
    repair(begins)
    for browser, address in ((chen, "/tasks/export"), (lin, "/records/export")):
        sheet = load_workbook(BytesIO(browser.get(address).data)).active
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert all(cell.data_type != "f" for cell in cells)
        assert begins not in [cell.value for cell in cells]
        assert begins in words([tuple(cell.value for cell in cells)])


def test_what_excel_cannot_hold_is_left_out_of_a_text(chen: Browser, engine: Engine) -> None:
    engine.notifications.send(["chen"], "钟\x07声", actor=LIN)
    assert "钟声" in words(rows_of(chen, "/notifications/export"))
