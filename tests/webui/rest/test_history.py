"""History over the interface: instances, tasks, activities, variables, what was entered, decisions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine.clock import MovedClock
from engine.command.opening import practice_files
from engine.engine import SYSTEM, Engine
from tests.engine.definitions.diagrams import definitions, extensions, flows, node, process, properties
from tests.webui.conftest import LIN, PRACTICE
from tests.webui.rest import printing
from tests.webui.rest.conftest import Program, on_both
from tests.webui.rest.test_deployments import TABLE


def deciding() -> bytes:
    """begin → decide (the table of `TABLE`) → look."""
    return definitions(process(
        extensions(properties(starters="clerk", readers="group:clerk")),
        node("startEvent", "begin", extensions(
            '<camunda:formData><camunda:formField id="floor" label="楼层" type="number" /></camunda:formData>')),
        node("businessRuleTask", "decide", "", 'camunda:decisionRef="fee" camunda:resultVariable="found"'),
        node("userTask", "look", "", 'camunda:candidateGroups="clerk"'),
        node("endEvent", "end"), flows("begin decide look end"), id="deciding",
    ))  # fmt: skip


@pytest.fixture
def lin(rest: Callable[[str], Program]) -> Program:
    return rest("lin")


@pytest.fixture
def chen(rest: Callable[[str], Program]) -> Program:
    return rest("chen")


@pytest.fixture
def done(chen: Program, repair: Callable[..., str], clock: MovedClock) -> str:
    """The key of a repair that was reviewed an hour after it was asked for."""
    key = repair("灯")
    clock.move_to(clock.now() + timedelta(hours=1))
    (task,) = chen.get("/task", processInstanceBusinessKey=key)
    answer = {"variables": {"decision": {"value": "approve"}, "cost": {"value": 12.5}}}
    chen.post(f"/task/{task['id']}/complete", answer, 204)
    return key


def test_instances_open_and_over(lin: Program, done: str, engine: Engine) -> None:
    (found,) = lin.get("/history/process-instance", processInstanceBusinessKey=done)
    assert found["state"] == "ACTIVE"
    assert found["startTime"] == "2026-11-23T10:00:00.000+0800"
    assert found["startUserId"] == "lin"
    assert found["endTime"] is None
    engine.instances.cancel(int(found["id"]), "no", SYSTEM)
    found = lin.get(f"/history/process-instance/{found['id']}")
    assert (found["state"], found["durationInMillis"]) == ("EXTERNALLY_TERMINATED", 3_600_000)
    assert lin.get("/history/process-instance/count", finished="true") == {"count": 1}
    assert lin.get("/history/process-instance/count", unfinished="true") == {"count": 0}
    assert lin.post("/history/process-instance/count", {"startedBy": "zhou"}) == {"count": 0}


@on_both
def test_tasks_open_and_over(chen: Program, done: str) -> None:
    review, visit = chen.get("/history/task", processInstanceBusinessKey=done, sortBy="taskId", sortOrder="asc")
    assert (review["taskDefinitionKey"], review["name"], review["assignee"]) == ("review", "审核", "chen")
    assert (review["duration"], review["deleteReason"]) == (3_600_000, "completed")
    assert (visit["endTime"], visit["deleteReason"]) == (None, None)
    cases: list[tuple[dict[str, Any], int]] = [
        ({"finished": "true"}, 1),
        ({"unfinished": "true"}, 1),
        ({"taskAssignee": "chen"}, 1),
        ({"taskDefinitionKey": "review"}, 1),
        ({"taskId": review["id"]}, 1),
        ({"processDefinitionKey": "repair"}, 2),
        ({"processDefinitionKey": "other"}, 0),
        ({"finishedAfter": "2026-11-23T10:59:00.000+0800"}, 1),
        ({"startedBefore": "2026-11-23T10:01:00.000+0800"}, 1),
    ]
    for query, expected in cases:
        assert len(chen.get("/history/task", **query)) == expected, query
        assert chen.get("/history/task/count", **query) == {"count": expected}, query
    assert chen.post("/history/task/count", {"finished": True}) == {"count": 1}


@on_both
def test_activities_going_on_and_over(chen: Program, done: str) -> None:
    found = chen.get("/history/activity-instance", sortBy="startTime", sortOrder="asc")
    assert [each["activityId"] for each in found] == ["asked", "review", "agreed", "visit"]
    review = found[1]
    assert (review["activityType"], review["assignee"]) == ("userTask", "chen")
    assert review["durationInMillis"] == 3_600_000
    assert found[3]["endTime"] is None
    assert chen.get(f"/history/activity-instance/{review['id']}") == review
    assert chen.get("/history/activity-instance/count", finished="true") == {"count": 3}
    assert chen.get("/history/activity-instance/count", activityId="review", finished="true") == {"count": 1}
    assert [each["id"] for each in chen.get("/history/activity-instance", maxResults=1, firstResult=1)]


@on_both
def test_what_was_entered_into_forms(lin: Program, done: str) -> None:
    (instance,) = lin.get("/history/process-instance", processInstanceBusinessKey=done)
    found = lin.get("/history/detail", processInstanceId=instance["id"])
    values = {each["fieldId"]: each["fieldValue"] for each in found}
    assert (values["item"], values["cost"], values["decision"]) == ("灯", 12.5, "approve")
    assert lin.get("/history/detail/count", processInstanceId=instance["id"]) == {"count": len(found)}
    assert lin.get("/history/detail", 501)["type"] == "NotSupportedException"


@on_both
def test_variables_are_told_to_who_may_correct_them(chen: Program, lin: Program, done: str) -> None:
    (instance,) = chen.get("/history/process-instance", processInstanceBusinessKey=done)
    (found,) = chen.get("/history/variable-instance", processInstanceId=instance["id"], variableName="item")
    assert (found["type"], found["value"]) == ("String", "灯")
    assert chen.get(f"/history/variable-instance/{found['id']}") == found
    lin.get("/history/variable-instance", 403, processInstanceId=instance["id"])


def test_decisions_with_what_went_in_and_came_out(lin: Program, engine: Engine) -> None:
    files = {"deciding.bpmn": deciding(), "decisions/fees.dmn": TABLE.encode()}
    engine.deployments.deploy({**practice_files(PRACTICE), **files}, SYSTEM)
    engine.instances.start("deciding", {"floor": 5}, LIN)
    (found,) = lin.get("/history/decision-instance", decisionDefinitionKey="fee")
    assert (found["activityId"], found["inputs"]) == ("decide", [])
    whole = lin.get(f"/history/decision-instance/{found['id']}")
    assert [each["value"] for each in whole["inputs"]] == [5]
    assert [(each["variableName"], each["value"]) for each in whole["outputs"]] == [("fee", 12.5), ("why", "stairs")]
    assert lin.get("/history/decision-instance/count", decisionDefinitionKey="fe") == {"count": 0}


@pytest.mark.parametrize("list_", ["process-instance", "task", "activity-instance", "decision-instance"])
def test_an_outsider_learns_nothing(list_: str, rest: Callable[[str], Program], done: str) -> None:
    guest = rest("guest")
    assert guest.get(f"/history/{list_}") == []
    assert guest.get(f"/history/{list_}/count") == {"count": 0}


def test_of_an_instance_one_may_not_know_nothing_is_told(rest: Callable[[str], Program], done: str) -> None:
    guest = rest("guest")
    guest.get("/history/process-instance/1", 404)
    guest.get("/history/variable-instance", 404, processInstanceId="1")
    assert guest.get("/history/detail", processInstanceId="1") == []
    guest.get("/history/activity-instance/review:1:1", 404)


def test_what_a_worker_did_is_an_activity(lin: Program, engine: Engine) -> None:
    printing.deploy(engine)
    engine.instances.start("printing", {"sheets": 1, "title": "x"}, LIN)
    (given,) = engine.externals.lock("printer", "w", 60, SYSTEM)
    engine.externals.complete(given.id, "w", {}, SYSTEM)
    (found,) = lin.get("/history/activity-instance", activityId="print")
    assert (found["activityType"], found["canceled"]) == ("serviceTask", False)
    assert found["endTime"] is not None
