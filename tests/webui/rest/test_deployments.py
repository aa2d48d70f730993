"""What a modeler deploys, what was deployed, and what decisions answer."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from engine.engine import Engine
from tests.webui.conftest import PRACTICE
from tests.webui.rest.conftest import Program

TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="fees" name="fees" namespace="http://example.org">
  <decision id="fee" name="Fee">
    <decisionTable id="table" hitPolicy="FIRST">
      <input id="in"><inputExpression id="e" typeRef="number"><text>floor</text></inputExpression></input>
      <output id="out" name="fee" typeRef="number" />
      <output id="why" name="why" typeRef="string" />
      <rule id="high"><inputEntry id="a"><text>&gt; 3</text></inputEntry>
        <outputEntry id="b"><text>12.50</text></outputEntry>
        <outputEntry id="c"><text>"stairs"</text></outputEntry></rule>
      <rule id="low"><inputEntry id="f"><text>-</text></inputEntry>
        <outputEntry id="g"><text>5</text></outputEntry><outputEntry id="h"><text>"flat"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""


def source(old: str = "", new: str = "") -> bytes:
    """The question's diagram, changed."""
    return (PRACTICE / "question.bpmn").read_text("utf-8").replace(old, new).encode()


def deploy(program: Program, files: dict[str, bytes], status: int = 200, **fields: str) -> Any:
    data = {**fields, **{name: (BytesIO(content), name) for name, content in files.items()}}
    return program.ask("POST", "/deployment/create", status, data=data, content_type="multipart/form-data")


@pytest.fixture
def shen(rest: Callable[[str], Program]) -> Program:
    return rest("shen")


def test_a_file_is_deployed_into_the_practice(shen: Program) -> None:
    before = shen.get("/process-definition/key/question")
    fields = {"deployment-name": "Clearer", "deployment-source": "Camunda Modeler", "deploy-changed-only": "true"}
    made = deploy(shen, {"question.bpmn": source("回答", "答复")}, **fields, **{"enable-duplicate-filtering": "true"})
    assert (made["name"], made["source"]) == ("Clearer", "Camunda Modeler")
    (definition,) = made["deployedProcessDefinitions"].values()
    assert definition["key"] == "question"
    assert definition["version"] == before["version"] + 1
    assert definition["deploymentId"] == made["id"]
    assert shen.get("/process-definition/key/question")["id"] == definition["id"]
    assert [each["key"] for each in shen.get("/process-definition", deploymentId=made["id"])] == ["question"]
    again = deploy(shen, {"question.bpmn": source("回答", "答复")}, **fields)
    assert again["id"] == made["id"]
    assert list(again["deployedProcessDefinitions"]) == [definition["id"]]
    assert shen.get("/deployment/count") == {"count": 2}


def test_a_diagram_with_errors_is_refused_with_its_elements(shen: Program) -> None:
    error = deploy(shen, {"question.bpmn": source('targetRef="answered"', 'targetRef="nowhere"')}, 400)
    assert error["type"] == "ParseException"
    problems = error["details"]["question.bpmn"]["errors"]
    assert any(each["mainElementId"] == "q2" and each["line"] > 0 for each in problems), problems
    assert shen.get("/deployment/count") == {"count": 1}


def test_deploying_needs_the_right_to(rest: Callable[[str], Program]) -> None:
    assert deploy(rest("lin"), {"question.bpmn": source("回答", "答复")}, 403)["type"] == "AuthorizationException"


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"tenant-id": "a"}, 501), ({"deployment-activation-time": "2026-12-01T00:00:00"}, 501), ({"what": "x"}, 400)],
)
def test_what_is_not_supported_is_refused(shen: Program, fields: dict[str, str], status: int) -> None:
    deploy(shen, {"question.bpmn": source()}, status, **fields)
    deploy(shen, {}, 400)
    deploy(shen, {"../question.bpmn": source()}, 400)


def test_what_was_deployed_is_told_with_its_files(shen: Program, rest: Callable[[str], Program]) -> None:
    lin = rest("lin")
    (only,) = lin.get("/deployment")
    assert lin.get("/deployment", maxResults=0) == []
    assert lin.get(f"/deployment/{only['id']}")["deploymentTime"] == "2026-11-23T10:00:00.000+0800"
    files = {each["name"]: each["id"] for each in lin.get(f"/deployment/{only['id']}/resources")}
    diagram, path = files["repair.bpmn"], f"/deployment/{only['id']}/resources"
    assert lin.get(f"{path}/{diagram}")["name"] == "repair.bpmn"
    assert lin.open("GET", f"{path}/{diagram}/data").data == (PRACTICE / "repair.bpmn").read_bytes()
    assert lin.get(f"{path}/{files['groups.yaml']}/data", 403)["type"] == "AuthorizationException"
    assert shen.open("GET", f"{path}/{files['groups.yaml']}/data").status_code == 200
    lin.get(f"{path}/unknown", 404)
    lin.get("/deployment/999", 404)


def test_an_old_deployment_goes_when_nothing_needs_it(shen: Program, rest: Callable[[str], Program]) -> None:
    first = shen.get("/deployment")[0]["id"]
    note = {"README.md": b"a", "question.bpmn": source()}
    second = deploy(shen, note)["id"]
    third = deploy(shen, {"README.md": b"b"})["id"]
    assert "holds now" in shen.delete(f"/deployment/{third}", 409)["message"]
    rest("lin").delete(f"/deployment/{second}", 403)
    shen.delete(f"/deployment/{second}", 501, cascade="true")
    shen.delete(f"/deployment/{second}")
    assert {each["id"] for each in shen.get("/deployment")} == {first, third}
    shen.delete(f"/deployment/{second}", 404)


def test_what_history_names_stays(shen: Program, engine: Engine, repair: Callable[[str], str]) -> None:
    first = shen.get("/deployment")[0]["id"]
    repair("灯")
    deploy(shen, {"question.bpmn": source("回答", "答复")})
    assert "Instances were started" in shen.delete(f"/deployment/{first}", 409)["message"]


def test_versions_are_listed_sorted_and_shown(shen: Program) -> None:
    deploy(shen, {"question.bpmn": source("回答", "答复")})
    assert shen.get("/process-definition/count") == {"count": 3}
    assert shen.get("/process-definition/count", latestVersion="true") == {"count": 2}
    assert shen.get("/process-definition/count", keyLike="%quest%") == {"count": 2}
    assert shen.get("/process-definition/count", nameLike="疑%", version=2) == {"count": 1}
    found = shen.get("/process-definition", key="question", sortBy="version", sortOrder="asc")
    assert [each["version"] for each in found] == [1, 2]
    old = found[0]["id"]
    assert "回答" in shen.get(f"/process-definition/{old}/xml")["bpmn20Xml"]
    assert "答复" in shen.get("/process-definition/key/question/xml")["bpmn20Xml"]
    picture = shen.open("GET", f"/process-definition/{old}/diagram")
    assert picture.mimetype == "image/svg+xml"
    assert b"<svg" in picture.data
    shen.post(f"/process-definition/{old}/start", {}, 400)
    shen.get("/process-definition/x:1:1", 404)
    shen.get("/process-definition/key/x", 404)
    counted = {each["definition"]["key"]: each["instances"] for each in shen.get("/process-definition/statistics")}
    assert counted["repair"] == 0


def test_the_start_form_is_told_to_who_may_start(rest: Callable[[str], Program]) -> None:
    found = rest("lin").get("/process-definition/key/repair/form-variables", variableNames="item,urgency")
    assert set(found) == {"item", "urgency"}
    rest("guest").get("/process-definition/key/repair/form-variables", 403)


def test_a_decision_answers_by_its_rows(shen: Program, rest: Callable[[str], Program]) -> None:
    made = deploy(shen, {"fees.dmn": TABLE.encode()})
    (definition,) = made["deployedDecisionDefinitions"].values()
    lin = rest("lin")
    assert lin.get("/decision-definition")[0]["id"] == definition["id"]
    assert lin.get("/decision-definition/count", key="other") == {"count": 0}
    body = {"variables": {"floor": {"value": 5, "type": "Integer"}}}
    answer = lin.post("/decision-definition/key/fee/evaluate", body)
    assert answer == [
        {
            "fee": {"type": "Double", "value": 12.5, "valueInfo": {}},
            "why": {"type": "String", "value": "stairs", "valueInfo": {}},
        }
    ]
    body = {"variables": {"floor": {"value": 1}}}
    assert lin.post(f"/decision-definition/{definition['id']}/evaluate", body)[0]["fee"]["value"] == 5
    assert "decisionTable" in lin.get("/decision-definition/key/fee/xml")["dmnXml"]
    lin.post("/decision-definition/key/fee/evaluate", {"variables": {"floor": {"value": "x"}}}, 409)
    lin.get("/decision-definition/key/none", 404)
