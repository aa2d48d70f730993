"""The heat map: counted, chosen, sorted and told in words, for those who have the right."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest

from engine.clock import MovedClock
from engine.engine import Engine
from tests.webui.browsing import Browser, text
from tests.webui.conftest import CHEN, SHEN
from tests.webui.test_queries import counted


@pytest.fixture
def worked(engine: Engine, repair: Callable[..., str], task_of: Callable[..., int], clock: MovedClock) -> str:
    """Three repairs; one is claimed after two hours of a working day and approved an hour later."""
    keys = [repair(f"灯 {number}") for number in range(3)]
    clock.move_to(clock.now() + timedelta(hours=1))
    engine.tasks.claim(task_of(keys[0], CHEN), CHEN)
    clock.move_to(clock.now() + timedelta(hours=1))
    engine.tasks.complete(task_of(keys[0], CHEN), {"decision": "approve", "cost": "1"}, CHEN)
    engine.heat.count_due()
    return keys[0]


def marks(page: str) -> dict[str, dict[str, str]]:
    found = json.loads(unescape(re.findall(r'data-shown="([^"]+)"', page)[0]))
    return {mark["element"]: mark for mark in found["marks"]}


def test_the_page_tells_counts_in_colours_and_words(worked: str, shen: Browser) -> None:
    page = shen.get("/processes/repair/heat").get_data(as_text=True)
    assert marks(page)["review"]["text"] == "3"
    assert marks(page)["review"]["class"] == "heat5"
    rows = [text for text in re.findall(r'<tr class="row">(.*?)</tr>', page, re.S) if "审核" in text]
    assert re.findall(r'data-label="[^"]+">([^<]*)<', rows[0])[:3] == ["3", "1", ""]
    assert "图例" in page


def test_colour_may_tell_time(worked: str, shen: Browser) -> None:
    page = shen.get("/processes/repair/heat?by=time").get_data(as_text=True)
    assert re.fullmatch(r"2(\.1)? 小时", marks(page)["review"]["text"])  # two hours, within 5 %
    assert "1 小时" in marks(shen.get("/processes/repair/heat?by=waiting").get_data(as_text=True))["review"]["text"]


def test_the_table_is_sorted_by_its_address(worked: str, shen: Browser) -> None:
    page = shen.get("/processes/repair/heat?sort=median").get_data(as_text=True)
    first = re.findall(r'<tr class="row">(.*?)</tr>', page, re.S)[0]
    assert "审核" in first
    assert page.count('aria-sort="descending"') == 1
    assert "sort=waiting" in page


def test_other_days_and_versions_have_other_counts(worked: str, shen: Browser) -> None:
    assert "还没有统计" in text(shen.get("/processes/repair/heat?from=2026-01-01&to=2026-01-31"))
    assert shen.get("/processes/repair/heat?version=1").status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [("version=9", 404), ("from=rubbish", 422), ("from=2026-05-01&to=2026-04-01", 422), ("from=1000-01-01", 422),
     ("version=rubbish&by=rubbish&sort=rubbish", 200)],
)  # fmt: skip
def test_what_cannot_be_chosen_is_refused(shen: Browser, query: str, status: int) -> None:
    assert shen.get(f"/processes/repair/heat?{query}").status_code in ({status, 400} if status == 422 else {status})


def test_only_who_has_the_right_is_led_there(worked: str, lin: Browser, shen: Browser) -> None:
    assert lin.get("/processes/repair/heat").status_code == 403
    assert "/processes/repair/heat" not in lin.get("/processes/repair").get_data(as_text=True)
    assert "/processes/repair/heat" in shen.get("/processes/repair").get_data(as_text=True)
    assert shen.get("/processes/nothing/heat").status_code == 404


def test_it_reads_in_english(worked: str, shen: Browser, engine: Engine) -> None:
    engine.people.set_language(SHEN, "en")
    assert "Where most waiting is" in text(shen.get("/processes/repair/heat"))


def test_many_rows_cost_as_many_statements_as_few(
    worked: str, shen: Browser, engine: Engine, repair: Callable[..., str]
) -> None:
    said = []
    for more in (1, 12):
        for number in range(more):
            repair(f"门 {number}")
        engine.heat.count_due()
        shen.get("/processes/repair/heat")
        with counted(engine) as seen:
            shen.get("/processes/repair/heat")
        said.append(len(seen))
    assert said[0] == said[1]
