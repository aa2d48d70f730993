"""Starting, listing, holding, correcting, repairing and ending instances through the interface."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.engine import Engine
from tests.webui.rest.conftest import Program

REPAIR = {
    "item": {"value": "空调", "type": "String"},
    "room": {"value": "R1"},
    "urgency": {"value": "low"},
    "wanted": {"value": "2026-12-01T00:00:00.000+0800", "type": "Date"},
}


@pytest.fixture
def lin(rest: Callable[[str], Program]) -> Program:
    return rest("lin")


@pytest.fixture
def chen(rest: Callable[[str], Program]) -> Program:
    return rest("chen")


@pytest.fixture
def started(lin: Program) -> str:
    """The id of a repair that Lin asked for."""
    id: str = lin.post("/process-definition/key/repair/start", {"variables": REPAIR})["id"]
    return id


def test_an_instance_is_started_with_the_fields_of_its_form(lin: Program, engine: Engine) -> None:
    id = lin.get("/process-definition/key/repair")["id"]
    found = lin.post(f"/process-definition/{id}/start", {"variables": REPAIR, "withVariablesInReturn": True})
    assert found["definitionId"] == id
    assert found["businessKey"].startswith("RP26-")
    assert found["variables"]["item"] == {"type": "String", "value": "空调", "valueInfo": {}}
    assert lin.get("/process-instance", processInstanceIds=found["id"])[0]["id"] == found["id"]


def test_a_start_takes_the_fields_of_the_form_and_no_others(lin: Program) -> None:
    error = lin.post("/process-definition/key/repair/start", {"variables": {"item": {"value": "x"}}}, 400)
    assert error["type"] == "InvalidRequestException"
    assert "room" in error["message"]
    wrong = {**REPAIR, "approved": {"value": True}}
    assert "approved" in lin.post("/process-definition/key/repair/start", {"variables": wrong}, 400)["message"]
    assert lin.get("/process-instance/count") == {"count": 0}


def test_a_start_obeys_its_starters(rest: Callable[[str], Program]) -> None:
    error = rest("guest").post("/process-definition/key/repair/start", {"variables": REPAIR}, 403)
    assert error["type"] == "AuthorizationException"


def test_a_program_chooses_the_key_of_a_new_record(lin: Program) -> None:
    body = {"variables": REPAIR, "businessKey": "erp/4711"}
    assert lin.post("/process-definition/key/repair/start", body)["businessKey"] == "erp/4711"
    assert lin.post("/process-definition/key/repair/start", body, 409)["type"] == "RestException"
    assert lin.get("/process-instance/count", businessKey="erp/4711") == {"count": 1}


@pytest.mark.parametrize("key", ["RP26-0001", "rp26-12345", "question-7", " x", "x\n", "x" * 101])
def test_no_key_is_chosen_that_is_given_by_number(lin: Program, key: str) -> None:
    lin.post("/process-definition/key/repair/start", {"variables": REPAIR, "businessKey": key}, 400)


def test_a_linked_process_joins_the_record_of_its_key(lin: Program, started: str) -> None:
    key = lin.get(f"/process-instance/{started}")["businessKey"]
    asked = {"variables": {"text": {"value": "为什么？"}}, "businessKey": key}
    assert lin.post("/process-definition/key/question/start", asked)["businessKey"] == key
    lin.post("/process-definition/key/question/start", {**asked, "businessKey": "RP26-9999"}, 404)


def test_lists_are_limited_sorted_and_counted(lin: Program, chen: Program, started: str) -> None:
    others = [lin.post("/process-definition/key/repair/start", {"variables": REPAIR})["id"] for _ in range(2)]
    page = {"sortBy": "instanceId", "sortOrder": "desc", "firstResult": 1, "maxResults": 1}
    assert [each["id"] for each in lin.get("/process-instance", **page)] == [others[0]]
    assert lin.get("/process-instance", maxResults=0) == []
    key = lin.get("/process-instance", processInstanceIds=started)[0]["businessKey"]
    for query, count in (
        ({"businessKey": key}, 1), ({"businessKeyLike": "RP26-%"}, 3), ({"processDefinitionKey": "question"}, 0),
        ({"processDefinitionKeyIn": "repair,question"}, 3), ({"activityIdIn": "review"}, 3),
        ({"activityIdIn": "visit"}, 0), ({"suspended": "true"}, 0), ({"active": "true"}, 3),
        ({"withIncident": "true"}, 0), ({"processDefinitionId": "x"}, 0),
        ({"processDefinitionId": lin.get("/process-definition/key/repair")["id"]}, 3),
    ):  # fmt: skip
        assert lin.get("/process-instance/count", **query) == {"count": count}, query
        assert len(lin.get("/process-instance", **query)) == count, query
    body = {"processDefinitionKey": "repair", "sorting": [{"sortBy": "instanceId", "sortOrder": "desc"}]}
    assert lin.post("/process-instance", body)[0]["id"] == others[1]
    assert lin.post("/process-instance/count", {"businessKey": key}) == {"count": 1}


def test_wrong_questions_are_refused(lin: Program) -> None:
    for query in (
        {"sortBy": "x", "sortOrder": "asc"}, {"sortBy": "instanceId"}, {"maxResults": "x"}, {"maxResults": -1},
        {"incidentId": "1"}, {"maxResults": 10_001}, {"active": "perhaps"},
    ):  # fmt: skip
        assert lin.get("/process-instance", 400, **query)["type"] == "InvalidRequestException", query
    lin.post("/process-instance", {"nonsense": 1}, 400)
    assert (
        lin.ask("POST", "/process-instance", 400, data="{", content_type="application/json")["type"]
        == "InvalidRequestException"
    )
    for id in ("0", "999999", "x", "-1", "9" * 40):
        lin.get(f"/process-instance/{id}", 404)


def test_variables_are_read_and_corrected_by_who_may(lin: Program, chen: Program, started: str) -> None:
    path = f"/process-instance/{started}/variables"
    assert lin.get(path, 403)["type"] == "AuthorizationException"
    found = chen.get(path)
    assert found["wanted"] == {"type": "Date", "value": "2026-12-01T00:00:00.000+0800", "valueInfo": {}}
    assert found["parts"]["type"] in {"Null", "Json"}
    chen.put(f"{path}/item", {"value": "灯", "type": "String"})
    assert chen.get(f"{path}/item")["value"] == "灯"
    chen.post(
        path,
        {"modifications": {"cost": {"value": 12.5, "type": "Double"}, "count": {"value": "3", "type": "Long"}}},
        204,
    )
    assert chen.get(f"{path}/cost") == {"type": "Double", "value": 12.5, "valueInfo": {}}
    assert chen.get(f"{path}/count") == {"type": "Long", "value": 3, "valueInfo": {}}
    chen.post(path, {"deletions": ["item"]}, 501)
    chen.get(f"{path}/nothing", 404)
    lin.put(f"{path}/item", {"value": "x"}, 403)


def test_an_instance_is_held_and_goes_on(lin: Program, chen: Program, started: str) -> None:
    lin.put(f"/process-instance/{started}/suspended", {"suspended": True}, 403)
    chen.put(f"/process-instance/{started}/suspended", {"suspended": True})
    assert lin.get(f"/process-instance/{started}")["suspended"] is True
    chen.put(f"/process-instance/{started}/suspended", {"suspended": True}, 409)
    chen.put(f"/process-instance/{started}/suspended", {"suspended": False})
    assert lin.get(f"/process-instance/{started}")["suspended"] is False


def test_an_instance_is_ended_with_a_reason(lin: Program, chen: Program, started: str, engine: Engine) -> None:
    lin.delete(f"/process-instance/{started}", 403)
    chen.delete(f"/process-instance/{started}", deleteReason="ordered twice")
    lin.get(f"/process-instance/{started}", 404)
    chen.delete(f"/process-instance/{started}", 409)
    chen.delete(f"/process-instance/{started}", failIfNotExists="false")


def test_the_tree_shows_what_goes_on(lin: Program, started: str) -> None:
    tree = lin.get(f"/process-instance/{started}/activity-instances")
    assert tree["activityType"] == "processDefinition"
    (child,) = tree["childActivityInstances"]
    assert (child["activityId"], child["activityName"], child["activityType"]) == ("review", "审核", "userTask")
    assert child["parentActivityInstanceId"] == started
    executions = lin.get("/execution", processInstanceId=started)
    assert [each["id"] for each in executions] == [started, *child["executionIds"]]
    assert lin.get(f"/execution/{child['executionIds'][0]}")["processInstanceId"] == started
    assert lin.get("/execution/count", processInstanceId=started) == {"count": 2}
    lin.get(f"/execution/{started}:99999", 404)


def test_a_stuck_instance_is_repaired(lin: Program, chen: Program, started: str) -> None:
    instructions = [
        {"type": "cancel", "activityId": "review"},
        {"type": "startBeforeActivity", "activityId": "visit"},
    ]
    lin.post(f"/process-instance/{started}/modification", {"instructions": instructions}, 403)
    chen.post(f"/process-instance/{started}/modification", {"instructions": instructions, "annotation": "stuck"}, 204)
    tree = lin.get(f"/process-instance/{started}/activity-instances")
    assert [each["activityId"] for each in tree["childActivityInstances"]] == ["visit"]
    chen.post(f"/process-instance/{started}/modification", {"instructions": [{"type": "startTransition"}]}, 501)
    chen.post(f"/process-instance/{started}/modification", {}, 400)


def test_a_message_needs_to_be_one_of_its_senders(
    lin: Program, chen: Program, rest: Callable[[str], Program], started: str
) -> None:
    key = lin.get(f"/process-instance/{started}")["businessKey"]
    body = {
        "messageName": "withdraw",
        "businessKey": key,
        "processVariables": {"reason": {"value": "not needed", "type": "String"}},
        "resultEnabled": True,
    }
    assert rest("guest").post("/message", body, 400)["type"] == "MismatchingMessageCorrelationException"
    assert chen.post("/message", body, 403)["type"] == "AuthorizationException"
    lin.post("/message", {**body, "processVariables": {}}, 400)
    lin.post("/message", {**body, "all": True}, 501)
    lin.post("/message", {**body, "messageName": ""}, 400)
    (done,) = lin.post("/message", body)
    assert done["resultType"] == "Execution"
    assert done["execution"]["processInstanceId"] == started
    assert lin.post("/message", body, 400)["type"] == "MismatchingMessageCorrelationException"


def test_a_message_goes_to_exactly_one_execution(lin: Program, chen: Program, started: str) -> None:
    path = f"/execution/{started}/messageSubscriptions/withdraw"
    assert lin.get(path)["eventName"] == "withdraw"
    lin.get(f"/execution/{started}/messageSubscriptions/other", 404)
    chen.post(f"{path}/trigger", {"variables": {"reason": {"value": "x"}}}, 403)
    lin.post(f"{path}/trigger", {"variables": {"reason": {"value": "x"}}}, 204)
    lin.get(path, 404)


def test_a_signal_needs_the_right_to_send(lin: Program, rest: Callable[[str], Program]) -> None:
    lin.post("/signal", {"name": "alarm"}, 403)
    rest("shen").post("/signal", {"name": "alarm"}, 204)
    rest("shen").post("/signal", {"name": "alarm", "executionId": "1"}, 501)
    rest("shen").post("/signal", {"name": " "}, 400)


def test_people_and_groups_are_told(lin: Program) -> None:
    assert {each["id"] for each in lin.get("/user", memberOfGroup="clerk")} == {"lin", "zhou"}
    assert lin.get("/user/chen/profile")["firstName"] == "陈志远"
    assert [each["id"] for each in lin.get("/group", member="chen")] == ["head"]
    assert lin.get("/group/count") == {"count": 3}
    assert lin.get("/group/it")["name"] == "信息部"
    assert [each["id"] for each in lin.get("/identity/groups", userId="lin")["groups"]] == ["clerk"]
    lin.get("/user/nobody/profile", 404)
    lin.post("/user/create", {}, 501)


def test_started_instances_are_counted(lin: Program, rest: Callable[[str], Program], started: str) -> None:
    day = {"startDate": "2026-11-23T00:00:00.000+0800", "endDate": "2026-11-24T00:00:00.000+0800"}
    assert lin.get("/metrics/process-instances/sum", **day) == {"result": 1}
    assert rest("guest").get("/metrics/process-instances/sum") == {"result": 0}
    assert lin.get("/metrics/process-instances/sum", startDate=day["endDate"]) == {"result": 0}
    assert lin.get("/metrics/task-users/sum", 501)["type"] == "NotSupportedException"
    assert lin.get("/telemetry/configuration") == {"enableTelemetry": False}
