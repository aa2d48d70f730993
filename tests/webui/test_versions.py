"""Versions of a process: what differs, where running instances stand, migrating them and taking it back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape

import pytest

from engine.engine import SYSTEM, Engine
from tests.webui.browsing import Browser, notice, text
from tests.webui.conftest import LIN, PRACTICE, SHEN

REPAIR = (PRACTICE / "repair.bpmn").read_text(encoding="utf-8")
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<decision id="cost" name="费用"><decisionTable id="t" hitPolicy="{policy}">
<input id="i" label="房间"><inputExpression typeRef="string"><text>room</text></inputExpression></input>
<output id="o" name="cost" typeRef="number" />{rules}
</decisionTable></decision></definitions>"""
RULE = (
    '<rule id="{id}"><inputEntry id="{id}i"><text>"{room}"</text></inputEntry>'
    '<outputEntry id="{id}o"><text>{cost}</text></outputEntry></rule>'
)


def table(policy: str = "UNIQUE", **rules: tuple[str, str]) -> bytes:
    """A decision table; `r1=("R1", "5")` is a rule."""
    written = "".join(RULE.format(id=key, room=room, cost=cost) for key, (room, cost) in rules.items())
    return TABLE.format(policy=policy, rules=written).encode()


@pytest.fixture
def changed(engine: Engine, repair: Callable[..., str]) -> str:
    """A second version: reviewing has another name and other people, a flow is called otherwise; a table changes too.
    One repair runs the first."""
    engine.deployments.replace({"cost.dmn": table(r1=("R1", "5"), r2=("R2", "6"))}, SYSTEM)
    key = repair()
    drawn = REPAIR.replace(
        'id="review" name="审核" camunda:candidateGroups="head"',
        'id="review" name="复核" camunda:candidateGroups="clerk"',
    )
    assert drawn != REPAIR
    files = {"repair.bpmn": drawn.encode(), "cost.dmn": table("FIRST", r1=("R1", "9"), r3=("R3", "7"))}
    engine.deployments.replace(files, SYSTEM)
    return key


def test_it_lists_what_differs_and_marks_it_on_both_diagrams(shen: Browser, changed: str) -> None:
    answer = shen.get("/processes/repair/compare?from=1&to=2")
    page = text(answer)
    assert "名称 ~ 修改 审核 → 复核" in page
    assert "候选小组 ~ 修改 head → clerk" in page
    marks = [json.loads(unescape(each)) for each in re.findall(r'data-shown="([^"]+)"', answer.get_data(as_text=True))]
    assert [[(each["element"], each["class"]) for each in side["marks"]] for side in marks] == [
        [("review", "is-changed")],
        [("review", "is-changed")],
    ]


def test_tables_differ_cell_by_cell(shen: Browser, changed: str) -> None:
    page = text(shen.get("/processes/repair/compare"))
    assert "费用 决策表 cost" in page
    assert "命中策略 UNIQUE → FIRST" in page
    assert "修改 规则 1 cost 5 → 9" in page
    assert "新 规则 2 房间" in page
    assert "删除 规则 2 房间" in page


def test_who_may_not_migrate_sees_what_differs_and_nothing_of_instances(lin: Browser, changed: str) -> None:
    page = text(lin.get("/processes/repair/compare"))
    assert "复核" in page
    assert "运行中的实例" not in page
    assert lin.get("/processes/repair/migrate?from=1&to=2").status_code == 403
    given = {"from": "1", "to": "2", "reason": "x"}
    assert lin.post("/processes/repair/migrate", given).status_code == 403
    assert lin.get("/processes/repair/migrations/1").status_code == 403


def test_versions_that_are_not_there_are_those_that_are(shen: Browser) -> None:
    assert shen.get("/processes/repair/compare?from=7&to=9").status_code == 200
    assert shen.get("/processes/nothing/compare").status_code == 404
    assert shen.get("/processes/repair/migrations/99").status_code == 404


def test_instances_are_planned_migrated_and_taken_back(shen: Browser, engine: Engine, changed: str) -> None:
    page = text(shen.get("/processes/repair/migrate?from=1&to=2"))
    assert "1 个可以按另一版继续" in page
    assert "审核 review 1 ✓ 是" in page
    refused = shen.post("/processes/repair/migrate", {"from": "1", "to": "2", "reason": " "})
    assert refused.status_code == 422
    # When they are migrated
    begun = shen.post("/processes/repair/migrate", {"from": "1", "to": "2", "reason": "改由办事员复核"})
    assert "0 / 1" in text(shen.get(begun.location))
    engine.tick()
    page = text(shen.get(begun.location))
    assert "1 / 1" in page
    assert "已按另一版继续 1" in page
    assert [row.name for row in engine.tasks.inbox(LIN).rows] == ["复核"]
    assert "改按第 2 版继续：改由办事员复核" in text(shen.get(f"/records/{changed}"))
    # And taken back
    undone = shen.post(f"{begun.location}/undo", {"reason": "看错了"})
    assert "恢复原样" in notice(shen, undone)
    engine.tick()
    assert "已恢复原样 1" in text(shen.get(begun.location))
    assert list(engine.tasks.inbox(LIN).rows) == []


def test_what_an_element_is_called_now_is_chosen(shen: Browser, engine: Engine, repair: Callable[..., str]) -> None:
    repair()
    drawn = REPAIR.replace('"review"', '"assess"').replace("${review.", "${assess.")
    slip = (PRACTICE / "prints" / "slip.html").read_text(encoding="utf-8").replace("step.review", "step.assess")
    engine.deployments.replace({"repair.bpmn": drawn.encode(), "prints/slip.html": slip.encode()}, SYSTEM)
    page = text(shen.get("/processes/repair/migrate?from=1&to=2"))
    assert "1 个不能" in page
    assert "另一版里没有这个元素。" in page
    look = shen.post("/processes/repair/migrate", {"from": "1", "to": "2", "map.review": "assess", "look": "1"})
    assert "1 个可以按另一版继续" in text(shen.get(look.location))
    begun = shen.post("/processes/repair/migrate", {"from": "1", "to": "2", "map.review": "assess", "reason": "改名"})
    engine.tick()
    assert "1 / 1" in text(shen.get(begun.location))
    assert [row.element_id for row in engine.tasks.inbox(SHEN).rows] in ([], ["assess"])


def test_it_reads_in_english(shen: Browser, engine: Engine, changed: str) -> None:
    engine.people.set_language(SHEN, "en")
    assert "What differs" in text(shen.get("/processes/repair/compare"))
