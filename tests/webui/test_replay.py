"""The replay of one instance: each step a link, tokens as they stood, for those who may see it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape

import pytest

from engine.engine import Engine
from tests.webui.browsing import Browser, text
from tests.webui.conftest import CHEN, LIN


@pytest.fixture
def place(engine: Engine, repair: Callable[..., str], task_of: Callable[..., int]) -> str:
    """The address of the replay of a repair that was approved."""
    key = repair("空调")
    engine.tasks.complete(task_of(key, CHEN), {"decision": "approve", "cost": "1"}, CHEN)
    instance = engine.records.get(key, LIN).instances[0].id
    return f"/records/{key}/replay/{instance}"


def shown(page: str, name: str = "shown") -> object:
    return json.loads(unescape(re.findall(rf'data-{name}="([^"]+)"', page)[0]))


def standing(page: str) -> set[str]:
    found = shown(page)
    assert isinstance(found, dict)
    return {mark["element"] for mark in found["marks"] if mark.get("text")}


def test_tokens_stand_where_they_stood(lin: Browser, place: str, engine: Engine) -> None:
    instance = int(place.rpartition("/")[2])
    steps = engine.heat.replay(instance, LIN).steps
    opened = next(step.number for step in steps if step.row.kind == "task-opened")
    assert standing(lin.get(f"{place}?step={opened}").get_data(as_text=True)) == {"review"}
    last = lin.get(f"{place}?step={len(steps)}").get_data(as_text=True)
    assert "review" not in standing(last)
    assert standing(last) == {task.element_id for task in engine.records.get(place.split("/")[2], LIN).tasks}


def test_every_step_is_a_link_and_tells_who_and_when(lin: Browser, place: str) -> None:
    page = lin.get(place)
    links = re.findall(r'href="([^"]+)" data-at="(\d+)"', page.get_data(as_text=True))
    assert [int(number) for _, number in links] == list(range(1, len(links) + 1))
    assert len(links) == len(shown(page.get_data(as_text=True), "steps"))  # type: ignore[arg-type]
    assert all(lin.get(unescape(address)).status_code == 200 for address, _ in links)
    assert "陈志远" in text(page)
    assert "2026-11-23 10:00" in text(page)


def test_a_step_beyond_the_ends_is_the_end(lin: Browser, place: str) -> None:
    first = lin.get(f"{place}?step=-5").get_data(as_text=True)
    last = lin.get(f"{place}?step=9999").get_data(as_text=True)
    assert 'data-step="1"' in first
    assert 'data-step="1"' not in last
    assert lin.get(f"{place}?step=rubbish").status_code == 200


def test_the_record_leads_there(lin: Browser, place: str) -> None:
    assert place in lin.get(place.partition("/replay")[0]).get_data(as_text=True)


def test_nobody_sees_it_who_may_not_see_the_instance(guest: Browser, lin: Browser, place: str) -> None:
    assert guest.get(place).status_code == 404
    assert lin.get(place.replace("RP26", "RP99")).status_code == 404
    assert lin.get("/records/RP26-0001/replay/999").status_code == 404
