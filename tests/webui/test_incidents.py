"""What is stuck, and trying again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.engine import Engine
from tests.webui.browsing import Browser, text
from tests.webui.conftest import CHEN, LIN, SHEN

STUCK = b'camunda:dueDate="${work_hours(hours_to_come)}"'


@pytest.fixture
def stuck(engine: Engine, repair: Callable[..., str]) -> str:
    """A repair whose review nobody can do: the only one who could has left."""
    engine.people.deactivate("chen", SHEN)
    return repair()


def test_nothing_is_stuck_at_first(lin: Browser) -> None:
    assert "没有卡住的流程" in text(lin.get("/incidents"))


def test_it_says_what_is_stuck_where_and_why(shen: Browser, guest: Browser, stuck: str) -> None:
    page = text(shen.get("/incidents"))
    assert "审核" in page
    assert stuck in page
    assert stuck not in text(guest.get("/incidents"))


def test_trying_again_resolves_it_once_the_cause_is_gone(
    login: Callable[[str], Browser], shen: Browser, stuck: str, engine: Engine
) -> None:
    incident = engine.incidents.list(SHEN)[0].id
    engine.people.activate("chen", SHEN)
    assert shen.post(f"/incidents/{incident}/retry").status_code == 403
    answer = login("chen").post(f"/incidents/{incident}/retry", {"corrections": 'item = "电扇"'})
    assert answer.status_code == 303, text(answer)
    assert engine.incidents.list(CHEN) == ()
    assert engine.records.get(stuck, LIN).tasks[0].name == "审核"


def test_an_unknown_one_is_not_found(login: Callable[[str], Browser]) -> None:
    assert login("chen").post("/incidents/999/retry").status_code == 404
