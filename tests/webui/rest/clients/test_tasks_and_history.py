"""`pycamunda` and `generic-camunda-client`, unchanged: tasks, external tasks, incidents, history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import generic_camunda_client as generic
import pycamunda.externaltask
import pycamunda.incident
import pycamunda.task
import pytest
from flask import Flask

from engine.engine import SYSTEM, Engine
from engine.views import Actor
from tests.browser.serving import served
from tests.webui.conftest import LIN
from tests.webui.rest import printing
from tests.webui.rest.conftest import on_both


@pytest.fixture
def url(app: Flask, engine: Engine) -> Iterator[str]:
    """The address of the interface; Chen reviews, prints, and mends what is stuck."""
    printing.deploy(engine)
    engine.people.set_groups("chen", ["head", "clerk"], SYSTEM)
    with served(app) as found:
        yield f"{found}/engine-rest"


@pytest.fixture
def token(engine: Engine) -> str:
    return engine.identity.create_token("test", Actor("chen"))


@pytest.fixture
def py(token: str) -> Callable[[Any], Any]:
    """Sends a request of pycamunda as Chen."""

    def send(request: Any) -> Any:
        request.auth = _Bearer(token)
        return request()

    return send


class _Bearer:
    """What `requests` asks to sign a request."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


@pytest.fixture
def client(url: str, token: str) -> Iterator[generic.ApiClient]:
    """The generated client, as Chen."""
    with generic.ApiClient(generic.Configuration(host=url)) as found:
        found.set_default_header("Authorization", f"Bearer {token}")
        yield found


def start(engine: Engine) -> str:
    return str(engine.instances.start("printing", {"sheets": 2, "title": "报告"}, LIN).instance_id)


@on_both
def test_pycamunda_does_a_task(url: str, py: Callable[[Any], Any], repair: Callable[..., str]) -> None:
    key = repair("灯")
    listed = pycamunda.task.GetList(url, process_instance_business_key=key, candidate_group="head", unassigned=True)
    (task,) = py(listed)
    assert (task.name, task.task_definition_key, task.assignee) == ("审核", "review", None)
    py(pycamunda.task.Claim(url, id_=task.id_, user_id="chen"))
    assert py(pycamunda.task.Get(url, id_=task.id_)).assignee == "chen"
    py(pycamunda.task.CommentCreate(url, task_id=task.id_, message="请尽快"))
    assert [each.message for each in py(pycamunda.task.CommentGetList(url, task_id=task.id_))] == ["请尽快"]
    links = py(pycamunda.task.IdentityLinksGetList(url, task_id=task.id_))
    assert {(each.user_id, each.group_id, each.type_) for each in links} == {
        ("chen", None, "assignee"), (None, "head", "candidate"),
    }  # fmt: skip
    py(pycamunda.task.Unclaim(url, id_=task.id_))
    py(pycamunda.task.SetAssignee(url, id_=task.id_, user_id="chen"))
    complete = pycamunda.task.Complete(url, id_=task.id_)
    complete.add_variable("decision", "approve", type_="String")
    py(complete)
    assert [each.task_definition_key for each in py(pycamunda.task.GetList(url))] == ["visit"]


def test_pycamunda_works_an_external_task_and_mends_an_incident(
    url: str, py: Callable[[Any], Any], engine: Engine
) -> None:
    start(engine)
    fetch = pycamunda.externaltask.FetchAndLock(url, worker_id="py", max_tasks=2)
    fetch.add_topic("printer", lock_duration=60_000)
    (task,) = py(fetch)
    assert task.variables["sheets"].value == 2
    py(pycamunda.externaltask.ExtendLock(url, id_=task.id_, new_duration=90_000, worker_id="py"))
    failure = pycamunda.externaltask.HandleFailure(
        url, id_=task.id_, worker_id="py", error_message="no paper", error_details="tray 2", retries=0, retry_timeout=0
    )
    py(failure)
    (incident,) = py(pycamunda.incident.GetList(url))
    assert incident.incident_message == "no paper"
    py(pycamunda.externaltask.SetRetries(url, id_=task.id_, retries=1))
    assert py(pycamunda.incident.GetList(url)) == ()
    (task,) = py(fetch)
    complete = pycamunda.externaltask.Complete(url, id_=task.id_, worker_id="py")
    complete.add_variable("used", 3, type_="Integer")
    py(complete)
    assert py(pycamunda.externaltask.GetList(url)) == ()  # its Count leaves its own authentication out


@on_both
def test_the_generated_client_does_a_task_and_reads_history(
    client: generic.ApiClient, repair: Callable[..., str]
) -> None:
    key = repair("灯")
    tasks = generic.TaskApi(client)
    query = generic.TaskQueryDto(
        process_instance_business_key=key,
        candidate_groups=["head"],
        sorting=[generic.TaskQueryDtoSorting(sort_by="created", sort_order="desc")],
    )
    (task,) = tasks.query_tasks(task_query_dto=query)
    assert tasks.query_tasks_count(task_query_dto=query).count == 1
    tasks.claim(id=task.id, user_id_dto=generic.UserIdDto(user_id="chen"))
    values = {"decision": generic.VariableValueDto(value="approve", type="String")}
    body = generic.CompleteTaskDto(variables=values, with_variables_in_return=True)  # it cannot read an empty answer
    assert tasks.complete(id=task.id, complete_task_dto=body)["decision"].value == "approve"
    (instance,) = generic.HistoricProcessInstanceApi(client).get_historic_process_instances(
        process_instance_business_key=key
    )
    assert instance.state == "ACTIVE"
    done = generic.HistoricTaskInstanceApi(client).get_historic_task_instances(
        process_instance_id=instance.id, finished=True
    )
    assert [(each.task_definition_key, each.assignee) for each in done] == [("review", "chen")]
    passed = generic.HistoricActivityInstanceApi(client).get_historic_activity_instances(
        process_instance_id=instance.id, sort_by="startTime", sort_order="asc"
    )
    assert [each.activity_id for each in passed] == ["asked", "review", "agreed", "visit"]
    (value,) = generic.HistoricVariableInstanceApi(client).get_historic_variable_instances(
        process_instance_id=instance.id, variable_name="item"
    )
    assert value.value == "灯"


def test_the_generated_client_works_an_external_task(client: generic.ApiClient, engine: Engine) -> None:
    start(engine)
    external = generic.ExternalTaskApi(client)
    topic = generic.FetchExternalTaskTopicDto(topic_name="printer", lock_duration=60_000)
    wanted = generic.FetchExternalTasksDto(worker_id="g", max_tasks=1, topics=[topic])
    (task,) = external.fetch_and_lock(fetch_external_tasks_dto=wanted)
    error = generic.ExternalTaskBpmnError(worker_id="g", error_code="jammed")
    external.handle_external_task_bpmn_error(id=task.id, external_task_bpmn_error=error)
    assert [row.element_id for row in engine.tasks.inbox(Actor("zhou")).rows] == ["mend"]
    assert generic.JobApi(client).get_jobs() == []
    assert generic.IncidentApi(client).get_incidents() == []
