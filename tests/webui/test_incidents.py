"""What is stuck, and trying again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.engine import SYSTEM, Engine
from tests.webui.browsing import Browser, text
from tests.webui.conftest import LIN, SHEN

STUCK = b'camunda:dueDate="${work_hours(hours_to_come)}"'


@pytest.fixture
def stuck(engine: Engine, repair: Callable[..., str]) -> str:
    """A repair whose review comes too early: what its due time is computed from is not known yet."""
    files = engine.deployments.files()
    broken = files["repair.bpmn"].replace(b'camunda:dueDate="${work_hours(4)}"', STUCK)
    engine.deployments.deploy({**files, "repair.bpmn": broken}, SYSTEM)
    return repair()


def test_nothing_is_stuck_at_first(lin: Browser) -> None:
    assert "没有卡住的流程" in text(lin.get("/incidents"))


def test_it_says_what_is_stuck_where_and_why(shen: Browser, guest: Browser, stuck: str) -> None:
    page = text(shen.get("/incidents"))
    assert "审核" in page
    assert stuck in page
    assert stuck not in text(guest.get("/incidents"))


def test_trying_again_needs_the_right_and_what_is_stuck_still_stands_here(
    login: Callable[[str], Browser], shen: Browser, stuck: str, engine: Engine
) -> None:
    incident = engine.incidents.list(SHEN)[0].id
    assert shen.post(f"/incidents/{incident}/retry").status_code == 403
    assert login("chen").post(f"/incidents/{incident}/retry").status_code == 303
    assert [each.tries for each in engine.incidents.list(SHEN)] == [2]


def test_other_values_are_shown_once_more_before_the_step_is_tried_with_them(
    login: Callable[[str], Browser], shen: Browser, stuck: str, engine: Engine
) -> None:
    incident, page = engine.incidents.list(SHEN)[0], f"/incidents/{engine.incidents.list(SHEN)[0].id}"
    chen = login("chen")
    assert "空调" in text(chen.get(page))
    wanted = {
        "what": "retry",
        "value.item": '"电扇"',
        "new_name": "hours_to_come",
        "new_value": "2",
        "reason": "写错了",
    }
    # Given it is only checked, then nothing has happened
    checked = chen.post(f"{page}/repair", wanted)
    assert (checked.status_code, "还什么都没有做" in text(checked)) == (200, True)
    assert len(engine.incidents.list(SHEN)) == 1
    # When it is confirmed
    assert chen.post(f"{page}/repair", {**wanted, "sure": "yes"}).status_code == 303
    row = next(row for row in engine.history.rows(incident.instance_id) if row.kind == "retried")
    assert (row.actor, row.data["reason"]) == ("chen", "写错了")
    assert row.data["before"] == {"item": "空调", "hours_to_come": None}
    assert row.data["corrections"] == {"item": "电扇", "hours_to_come": 2}
    assert engine.records.get(stuck, LIN).tasks[0].name == "审核"
    assert engine.incidents.list(SHEN) == ()


def test_its_tokens_are_moved_with_a_reason(login: Callable[[str], Browser], stuck: str, engine: Engine) -> None:
    incident = engine.incidents.list(SHEN)[0]
    chen, page = login("chen"), f"/incidents/{incident.id}"
    wanted = {"what": "modify", "cancel": incident.element_id, "start_before": "visit", "reason": "schon erledigt"}
    assert "visit" in text(chen.get(page))
    assert chen.post(f"{page}/repair", wanted).status_code == 200
    assert [row.kind for row in engine.history.rows(incident.instance_id)].count("modified") == 0
    assert chen.post(f"{page}/repair", {**wanted, "sure": "yes"}).status_code == 303
    assert engine.incidents.list(SHEN) == ()
    waiting = {token.element_id for way in engine.instances.way(incident.instance_id, SHEN) for token in way.tokens}
    assert "visit" in waiting
    assert incident.element_id not in waiting


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": "retry", "value.item": '"x"'},
        {"what": "retry", "value.item": '"x', "reason": "r"},
        {"what": "retry", "reason": "r"},
        {"what": "modify", "reason": "r"},
        {"what": "else", "reason": "r"},
    ],
)
def test_a_repair_that_is_not_clear_is_not_done(
    login: Callable[[str], Browser], stuck: str, engine: Engine, wrong: dict[str, str]
) -> None:
    incident = engine.incidents.list(SHEN)[0]
    before = engine.history.rows(incident.instance_id)
    answer = login("chen").post(f"/incidents/{incident.id}/repair", {**wrong, "sure": "yes"})
    assert answer.status_code == 422
    assert engine.history.rows(incident.instance_id) == before


def test_who_lacks_the_right_is_offered_nothing_and_refused(
    shen: Browser, guest: Browser, stuck: str, engine: Engine
) -> None:
    page = f"/incidents/{engine.incidents.list(SHEN)[0].id}"
    shown = text(shen.get(page))
    assert "移动令牌" not in shown
    assert guest.get(page).status_code == guest.get("/incidents/999").status_code == 404
    for what in ({"what": "retry", "value.item": "1"}, {"what": "modify", "cancel": "review"}):
        asked = {**what, "reason": "r", "sure": "yes"}
        assert shen.post(f"{page}/repair", asked).status_code == 403
        assert guest.post(f"{page}/repair", asked).status_code == 404


def test_a_long_list_comes_in_pages(
    shen: Browser, repair: Callable[..., str], stuck: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from webui import incidents

    monkeypatch.setattr(incidents, "_PAGE", 1)
    second = repair()
    first = shen.get("/incidents")
    assert second not in text(first)
    following = first.get_data(as_text=True).split("after=")[1].split('"')[0]
    assert second in text(shen.get(f"/incidents?after={following}"))


def test_an_unknown_one_is_not_found(login: Callable[[str], Browser]) -> None:
    assert login("chen").post("/incidents/999/retry").status_code == 404
