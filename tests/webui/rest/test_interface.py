"""What holds for every operation: how requests are read, how errors are told, what is not supported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.webui.rest.conftest import Program


@pytest.fixture
def shen(rest: Callable[[str], Program]) -> Program:
    return rest("shen")


def test_a_parameter_that_is_not_supported_is_refused(shen: Program) -> None:
    error = shen.get("/version", 400, latest="true")
    assert error == {
        "type": "InvalidRequestException",
        "message": "Not supported here, or not known: the parameter latest.",
        "code": 0,
    }


@pytest.mark.parametrize("path", ["/filter", "/tenant/count", "/case-instance/1", "/history/batch", "/authorization"])
def test_what_camunda_has_and_gendan_has_not_says_why(shen: Program, path: str) -> None:
    error = shen.get(path, 501)
    assert error["type"] == "NotSupportedException"
    assert f"GET {path} is not supported by Gendan." in error["message"]


def test_what_nobody_has_is_not_found(shen: Program) -> None:
    assert shen.get("/nowhere", 404)["type"] == "InvalidRequestException"
    assert shen.post("/engine", status=405)["type"] == "InvalidRequestException"
    assert shen.post("/version", status=501)["type"] == "NotSupportedException"


def test_the_document_tells_every_operation(shen: Program) -> None:
    document = shen.get("/openapi.json")
    assert document["openapi"] == "3.1.0"
    assert document["paths"]["/version"]["get"]["operationId"] == "version.version"
    assert document["components"]["schemas"]["Version"]["required"] == ["version"]


@pytest.mark.parametrize(
    "body",
    [
        {"orQueries": [{"name": "x"}]},
        {"processVariables": [{"name": "item", "operator": "eq", "value": "x"}]},
        {"assigneeExpression": "${currentUser()}"},
        {"tenantIdIn": ["a"]},
        {"sorting": [{"sortBy": "processVariable", "sortOrder": "asc", "parameters": {"variable": "x"}}]},
    ],
)
def test_what_camunda_could_filter_by_says_why_not(shen: Program, body: dict[str, Any]) -> None:
    error = shen.post("/task", body, 501)
    assert (
        f"The parameter {next(iter(body)) if 'sorting' not in body else 'parameters'} is not supp" in error["message"]
    )
    if "sorting" not in body:
        assert shen.get("/task", 501, **{next(iter(body)): "x"})["message"] == error["message"]


def test_a_field_that_says_nothing_is_no_filter(shen: Program) -> None:
    nothing = {"assigned": None, "sorting": None, "tenantIdIn": None, "orQueries": [], "lastUpdated": None}
    assert shen.post("/task", nothing) == []
    topic = {"topicName": "x", "lockDuration": 1000, "localVariables": None, "tenantIdIn": None}
    fetch = {"workerId": "w", "maxTasks": 1, "usePriority": None, "topics": [topic]}
    assert shen.post("/external-task/fetchAndLock", fetch) == []
    assert "workerId" in shen.post("/external-task/fetchAndLock", {**fetch, "workerId": None}, 400)["message"]


def test_only_json_is_read_and_answered(shen: Program) -> None:
    answer = shen.open("POST", "/task", data=b"{}", content_type="text/plain")
    assert answer.status_code == 415
    for kind in ("application/hal+json", "text/csv"):
        assert shen.ask("GET", "/task", 501, headers={"Accept": kind})["type"] == "NotSupportedException"
    assert shen.ask("GET", "/task", headers={"Accept": "text/html, */*;q=0.1"}) == []
    assert shen.open("HEAD", "/task").status_code == 200
