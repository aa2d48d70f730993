"""Dropped files are simulated before they are deployed."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest

from engine.engine import Engine
from tests.webui.browsing import Browser, text
from tests.webui.conftest import CHEN, LIN, PRACTICE

REPAIR = (PRACTICE / "repair.bpmn").read_text(encoding="utf-8")


@pytest.fixture
def visited(engine: Engine, repair: Callable[..., str], task_of: Callable[..., int]) -> str:
    """A repair that is over."""
    key = repair()
    engine.tasks.complete(task_of(key, CHEN), {"decision": "approve", "cost": "1"}, CHEN)
    engine.tasks.complete(task_of(key, LIN), {"state": "fine"}, LIN)
    assert engine.instances.get(1, LIN).state == "completed"
    return key


def drop(browser: Browser, drawn: str) -> object:
    return browser.post("/processes/simulate", {"file": (BytesIO(drawn.encode()), "repair.bpmn")})


def test_it_says_who_would_have_gone_another_way_and_where(shen: Browser, engine: Engine, visited: str) -> None:
    drawn = REPAIR.replace('${review.decision = "back"}', '${review.decision = "approve"}')
    assert drawn != REPAIR
    page = text(drop(shen, drawn))  # type: ignore[arg-type]
    assert "1 件已结束的中有 1 件会走另一条路" in page
    assert visited in page
    assert len(engine.deployments.versions("repair")) == 1, "nothing is deployed"


def test_what_means_the_same_goes_the_same_way(shen: Browser, visited: str) -> None:
    assert "重放的 1 件都会走同样的路" in text(drop(shen, REPAIR + "<!-- -->"))  # type: ignore[arg-type]


def test_errors_and_rights(shen: Browser, lin: Browser, engine: Engine) -> None:
    wrong = REPAIR.replace('camunda:candidateGroups="head"', 'camunda:candidateGroups="nobody"')
    answer = drop(shen, wrong)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "请先改正" in text(answer)  # type: ignore[arg-type]
    assert drop(lin, REPAIR).status_code == 403  # type: ignore[attr-defined]
    assert shen.post("/processes/simulate", {}).status_code == 400
    assert engine.deployments.files() == engine.deployments.with_replaced({})
