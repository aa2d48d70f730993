"""Tasks over the interface: found by Camunda's filters, taken, given, completed with the fields of the form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from engine.clock import MovedClock
from engine.engine import Engine
from engine.views import Actor
from tests.webui.rest.conftest import Program


@pytest.fixture
def lin(rest: Callable[[str], Program]) -> Program:
    return rest("lin")


@pytest.fixture
def chen(rest: Callable[[str], Program]) -> Program:
    return rest("chen")


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [each["id"] for each in found]


def test_a_task_is_told_in_camundas_form(chen: Program, repair: Callable[..., str]) -> None:
    repair()
    (task,) = chen.get("/task")
    assert chen.get(f"/task/{task['id']}") == task
    assert task["name"] == "审核"
    assert task["taskDefinitionKey"] == "review"
    assert task["assignee"] is None
    assert task["created"] == "2026-11-23T10:00:00.000+0800"
    assert task["due"].startswith("2026-11-23T1")
    assert task["priority"] == 50
    assert task["processDefinitionId"].startswith("repair:1:")


def test_lists_and_counts_are_narrowed_alike(chen: Program, repair: Callable[..., str], clock: MovedClock) -> None:
    first = repair("灯")
    clock.move_to(clock.now() + timedelta(hours=1))
    second = repair("门")
    found = chen.get("/task", sortBy="created", sortOrder="asc")
    (one, two), (_, due) = ids(found), (each["due"] for each in found)
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"candidateGroup": "head"}, [one, two]),
        ({"candidateGroups": "clerk"}, []),
        ({"candidateUser": "chen"}, [one, two]),
        ({"candidateUser": "lin"}, []),
        ({"unassigned": "true"}, [one, two]),
        ({"assigned": "true"}, []),
        ({"assignee": "chen"}, []),
        ({"processInstanceBusinessKey": first}, [one]),
        ({"processInstanceBusinessKeyLike": f"%{second[-3:]}"}, [two]),
        ({"processDefinitionKey": "repair"}, [one, two]),
        ({"taskDefinitionKey": "review"}, [one, two]),
        ({"taskDefinitionKeyIn": "amend,mend"}, []),
        ({"name": "审核"}, [one, two]),
        ({"nameLike": "审%"}, [one, two]),
        ({"nameNotEqual": "审核"}, []),
        ({"createdAfter": "2026-11-23T10:30:00.000+0800"}, [two]),
        ({"createdBefore": "2026-11-23T10:30:00.000+0800"}, [one]),
        ({"dueBefore": due}, [one]),
        ({"dueDate": due}, [two]),
        ({"withoutDueDate": "true"}, []),
        ({"followUpBeforeOrNotExistent": "2026-11-23T10:30:00.000+0800"}, [one, two]),
        ({"followUpBefore": "2026-11-23T10:30:00.000+0800"}, []),
        ({"minPriority": 50, "maxPriority": 50}, [one, two]),
        ({"priority": 51}, []),
        ({"active": "true"}, [one, two]),
        ({"suspended": "true"}, []),
        ({"withCandidateGroups": "true"}, [one, two]),
        ({"withCandidateUsers": "true"}, []),
        ({"taskIdIn": f"{one},nobody"}, [one]),
    ]
    for query, expected in cases:
        assert ids(chen.get("/task", sortBy="created", sortOrder="asc", **query)) == expected, query
        assert chen.get("/task/count", **query) == {"count": len(expected)}, query


def test_a_query_as_json_is_sorted_by_several_levels_and_paged(chen: Program, repair: Callable[..., str]) -> None:
    for item in ("灯", "门", "窗"):
        repair(item)
    body = {
        "candidateGroups": ["head"],
        "sorting": [{"sortBy": "priority", "sortOrder": "desc"}, {"sortBy": "id", "sortOrder": "desc"}],
    }
    found = ids(chen.post("/task", body))
    assert found == sorted(found, key=int, reverse=True)
    assert ids(chen.post("/task", body, firstResult=1, maxResults=1)) == found[1:2]
    assert chen.post("/task/count", {"candidateGroups": ["head"]}) == {"count": 3}
    assert chen.get("/task", 400, sortBy="tenantId", sortOrder="asc")["type"] == "InvalidRequestException"
    assert chen.get("/task", 400, involvedUser="a")["type"] == "InvalidRequestException"


def test_a_task_is_claimed_given_back_delegated_and_returned(
    chen: Program, repair: Callable[..., str], engine: Engine
) -> None:
    repair()
    (task,) = chen.get("/task")
    path = f"/task/{task['id']}"
    chen.post(f"{path}/claim", {"userId": "chen"}, 204)
    assert chen.get(path)["assignee"] == "chen"
    chen.post(f"{path}/unclaim", {}, 204)
    assert chen.get(path)["assignee"] is None
    chen.post(f"{path}/assignee", {"userId": "chen"}, 204)
    chen.post(f"{path}/delegate", {"userId": "zhou"}, 204)
    found = chen.get(path)
    assert (found["assignee"], found["owner"], found["delegationState"]) == ("zhou", "chen", "PENDING")
    token = engine.identity.create_token("test", Actor("zhou"))
    chen.headers = {"Authorization": f"Bearer {token}"}
    chen.post(f"{path}/resolve", {}, 204)
    found = chen.get(path)
    assert (found["assignee"], found["owner"], found["delegationState"]) == ("chen", None, None)


def test_completing_takes_the_fields_of_the_form_and_no_others(chen: Program, repair: Callable[..., str]) -> None:
    repair()
    (task,) = chen.get("/task")
    path = f"/task/{task['id']}/complete"
    unfinished = {"variables": {"decision": {"value": "back"}}}
    assert "lacking" in chen.post(path, unfinished, 400)["message"]
    other = {"variables": {"decision": {"value": "approve"}, "owner": {"value": "chen"}}}
    assert "owner" in chen.post(path, other, 400)["message"]
    answer = {"variables": {"decision": {"value": "approve"}, "cost": {"value": 12.5, "type": "Double"}}}
    chen.post(path, answer, 204)
    assert chen.get("/task/count", taskDefinitionKey="review") == {"count": 0}
    assert chen.post(path, answer, 409)["type"] == "RestException"


def test_the_form_tells_its_fields_and_what_fills_them(chen: Program, repair: Callable[..., str]) -> None:
    repair("灯")
    (task,) = chen.get("/task")
    fields = chen.get(f"/task/{task['id']}/form")["fields"]
    assert [each["id"] for each in fields] == ["item", "cost", "decision", "lacking"]
    assert fields[2]["options"] == ["approve", "back"]
    filled = chen.get(f"/task/{task['id']}/form-variables", variableNames="item")
    assert filled == {"item": {"type": "String", "value": "灯", "valueInfo": {}}}


def test_comments_and_files_of_a_task(chen: Program, repair: Callable[..., str]) -> None:
    repair()
    (task,) = chen.get("/task")
    path = f"/task/{task['id']}"
    made = chen.post(f"{path}/comment/create", {"message": "请尽快"})
    assert [(each["message"], each["userId"]) for each in chen.get(f"{path}/comment")] == [("请尽快", "chen")]
    assert chen.get(f"{path}/comment/{made['id']}")["message"] == "请尽快"
    assert chen.get(f"{path}/comment/999", 404)["type"] == "InvalidRequestException"
    sent = {"attachment-name": "说明.txt", "content": (BytesIO(b"hello"), "x.txt")}
    file = chen.ask("POST", f"{path}/attachment/create", 200, data=sent)
    assert [each["name"] for each in chen.get(f"{path}/attachment")] == ["说明.txt"]
    assert chen.ask("GET", f"{path}/attachment/{file['id']}/data") == "hello"


def test_whom_a_task_is_offered_to(chen: Program, repair: Callable[..., str]) -> None:
    repair()
    (task,) = chen.get("/task")
    links = chen.get(f"/task/{task['id']}/identity-links")
    assert links == [{"userId": None, "groupId": "head", "type": "candidate"}]
    error = chen.post(f"/task/{task['id']}/identity-links", {"userId": "lin", "type": "candidate"}, 501)
    assert error["type"] == "NotSupportedException"


def test_an_outsider_learns_nothing(chen: Program, rest: Callable[[str], Program], repair: Callable[..., str]) -> None:
    repair()
    (task,) = chen.get("/task")
    guest = rest("guest")
    assert guest.get("/task") == []
    assert guest.get("/task/count") == {"count": 0}
    for path in ("", "/form", "/form-variables", "/comment", "/attachment", "/identity-links", "/variables"):
        assert guest.get(f"/task/{task['id']}{path}", 404)["type"] == "InvalidRequestException"
    for path in ("claim", "unclaim", "complete", "resolve", "assignee", "delegate", "comment/create"):
        body = (
            {"message": "x"}
            if "comment" in path
            else {"userId": "guest"}
            if path in {"claim", "assignee", "delegate"}
            else {}
        )
        guest.post(f"/task/{task['id']}/{path}", body, 404)
