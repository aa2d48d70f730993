"""Many tasks on one page: each row stands for itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.engine import Engine
from tests.webui.browsing import Browser, text
from tests.webui.conftest import CHEN, LIN

PAGE = "/tasks/batch/repair/visit"
VISITED = ("visit", "task-completed")


@pytest.fixture
def visits(engine: Engine, repair: Callable[..., str], task_of: Callable[..., int]) -> list[int]:
    """Three visits that wait for Lin."""
    keys = [repair(f"灯 {number}") for number in range(3)]
    for key in keys:
        engine.tasks.complete(task_of(key, CHEN), {"decision": "approve"}, CHEN)
    return [task_of(key, LIN) for key in keys]


def test_it_shows_a_row_a_task_and_what_is_shared_once(lin: Browser, visits: list[int]) -> None:
    answer = lin.get(PAGE)
    html = answer.get_data(as_text=True)
    assert "上门 3 项" in text(answer)
    assert html.count('name="shared:seen_at"') == 1
    for task in visits:
        assert f'name="{task}:state"' in html


def test_who_has_none_of_them_finds_no_page(guest: Browser, chen: Browser, visits: list[int]) -> None:
    assert guest.get(PAGE).status_code == 404
    assert chen.get(PAGE).status_code == 404


def test_what_is_picked_is_done_and_what_is_wrong_stays(lin: Browser, visits: list[int], engine: Engine) -> None:
    first, second, third = visits
    sent = {
        "shared:seen_at": "14:08",
        "pick": [str(first), str(second)],
        f"{first}:state": "fine",
        f"{second}:state": "worse",
        f"{third}:state": "fine",
    }
    answer = lin.post(PAGE, sent)
    page, html = text(answer), answer.get_data(as_text=True)
    assert "办完 1 项，余 2 项" in page
    assert f'id="f-{second}-note"' in html
    left = {row.id for row in engine.tasks.inbox(LIN).rows}
    assert left == {second, third}


def test_shared_values_hold_for_every_row_sent(lin: Browser, visits: list[int], engine: Engine) -> None:
    sent = {"shared:seen_at": "14:08", "pick": [str(task) for task in visits]}
    answer = lin.post(PAGE, {**sent, **{f"{task}:state": "fine" for task in visits}})
    assert "办完 3 项，余 0 项" in text(answer)
    for row in engine.records.list(LIN)[0]:
        events = engine.records.timeline(row.business_key, LIN, "time")
        values = next(
            event.data["values"] for event in events if event.element_id == "visit" and "values" in event.data
        )
        assert isinstance(values, dict)
        assert f"{values['seen_at']:%H:%M}" == "14:08"


def test_nothing_picked_does_nothing(lin: Browser, visits: list[int], engine: Engine) -> None:
    lin.post(PAGE, {f"{visits[0]}:state": "fine"})
    assert len(engine.tasks.inbox(LIN).rows) == 3


def test_a_row_asks_what_its_choice_needs(lin: Browser, visits: list[int]) -> None:
    task = visits[0]
    plain = lin.post(f"{PAGE}/{task}/draw", {f"{task}:state": "fine"}).get_data(as_text=True)
    asked = lin.post(f"{PAGE}/{task}/draw", {f"{task}:state": "worse"}).get_data(as_text=True)
    field = f'id="f-{task}-note-field" data-sync-hidden'
    assert f"{field} hidden" in plain
    assert f"{field} hidden" not in asked
