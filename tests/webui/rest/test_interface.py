"""What holds for every operation: how requests are read, how errors are told, what is not supported."""

from __future__ import annotations

from collections.abc import Callable

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
