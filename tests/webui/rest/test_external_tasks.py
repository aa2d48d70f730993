"""External tasks over the interface: fetched, worked, failed, lost, listed; and what the answers look like."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask

from engine.clock import MovedClock
from engine.engine import SYSTEM, Engine
from engine.views import Actor
from tests.webui.conftest import LIN
from tests.webui.rest import printing
from tests.webui.rest.conftest import Program
from webui.rest import polling

FETCH = {"workerId": "w", "maxTasks": 5, "topics": [{"topicName": "printer", "lockDuration": 60_000}]}


@pytest.fixture
def lin(rest: Callable[[str], Program], engine: Engine) -> Program:
    """Who prints."""
    printing.deploy(engine)
    return rest("lin")


def start(engine: Engine, sheets: int = 2) -> int:
    return engine.instances.start("printing", {"sheets": sheets, "title": "报告"}, LIN).instance_id


def fetch(program: Program, worker: str = "w", **more: Any) -> Any:
    return program.post("/external-task/fetchAndLock", {**FETCH, "workerId": worker, **more})


def test_a_task_is_fetched_with_its_variables_in_camundas_form(lin: Program, engine: Engine) -> None:
    instance = start(engine)
    (given,) = fetch(lin)
    assert given.pop("lockExpirationTime") == "2026-11-23T10:01:00.000+0800"
    assert given["variables"] == {
        "sheets": {"type": "Long", "value": 2, "valueInfo": {}},
        "title": {"type": "String", "value": "报告", "valueInfo": {}},
    }
    assert given["processInstanceId"] == str(instance)
    assert given["activityId"] == "print"
    assert given["topicName"] == "printer"
    assert given["processDefinitionKey"] == "printing"
    assert given["workerId"] == "w"
    assert given["priority"] == 3
    assert given["retries"] is None
    assert fetch(lin, "v") == []


def test_the_properties_of_the_step_are_given_to_who_asks(lin: Program, engine: Engine) -> None:
    start(engine)
    start(engine)
    topic = {"topicName": "printer", "lockDuration": 1000, "includeExtensionProperties": True}
    assert fetch(lin, maxTasks=1, topics=[topic])[0]["extensionProperties"] == {"senders": "clerk"}
    assert fetch(lin)[0]["extensionProperties"] is None
    assert lin.get("/external-task/count", processDefinitionKey="printing") == {"count": 2}
    assert lin.get("/external-task/count", processDefinitionKeyIn="repair") == {"count": 0}


def test_only_the_variables_asked_for_are_given(lin: Program, engine: Engine) -> None:
    start(engine)
    topic = {"topicName": "printer", "lockDuration": 1000, "variables": ["title"]}
    assert list(fetch(lin, topics=[topic])[0]["variables"]) == ["title"]


def test_topics_are_narrowed_by_key_and_process(lin: Program, engine: Engine) -> None:
    start(engine)
    topic = {"topicName": "printer", "lockDuration": 1000}
    assert fetch(lin, topics=[{**topic, "businessKey": "none"}]) == []
    assert fetch(lin, topics=[{**topic, "processDefinitionKeyIn": ["repair"]}]) == []
    assert len(fetch(lin, topics=[{**topic, "processDefinitionKey": "printing"}])) == 1
    error = lin.post("/external-task/fetchAndLock", {**FETCH, "topics": [{**topic, "tenantIdIn": ["t"]}]}, 501)
    assert error["type"] == "NotSupportedException"


def test_completing_goes_on_with_the_result(lin: Program, engine: Engine) -> None:
    instance = start(engine)
    (given,) = fetch(lin)
    body = {"workerId": "w", "variables": {"used": {"value": 3, "type": "Integer"}}}
    lin.post(f"/external-task/{given['id']}/complete", body, 204)
    assert engine.instances.variables(instance, SYSTEM)["used"] == 3
    assert lin.post(f"/external-task/{given['id']}/complete", body, 404)["type"] == "InvalidRequestException"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("complete", {}),
        ("failure", {"retries": 0}),
        ("bpmnError", {"errorCode": "jammed"}),
        ("extendLock", {"newDuration": 1000}),
        ("lock", {"lockDuration": 1000}),
    ],
)
def test_who_lost_a_task_is_refused_and_changes_nothing(
    path: str, body: dict[str, Any], lin: Program, engine: Engine, clock: MovedClock
) -> None:
    instance = start(engine)
    (first,) = fetch(lin, "slow")
    clock.move_to(clock.now() + timedelta(seconds=61))
    assert len(fetch(lin, "quick")) == 1
    before = engine.history.rows(instance)
    error = lin.post(f"/external-task/{first['id']}/{path}", {"workerId": "slow", **body}, 400)
    assert error["type"] == "RestException"
    assert "slow" in error["message"]
    assert engine.history.rows(instance) == before
    assert lin.get(f"/external-task/{first['id']}")["workerId"] == "quick"


def test_without_tries_left_it_is_an_incident_until_it_is_given_some(lin: Program, engine: Engine) -> None:
    start(engine)
    (given,) = fetch(lin)
    failed = {"workerId": "w", "errorMessage": "no paper", "errorDetails": "tray 2\nempty", "retries": 0}
    lin.post(f"/external-task/{given['id']}/failure", failed, 204)
    assert lin.get(f"/external-task/{given['id']}")["errorMessage"] == "no paper"
    assert lin.get(f"/external-task/{given['id']}/errorDetails") == "tray 2\nempty"
    assert lin.get("/external-task/count", noRetriesLeft="true") == {"count": 1}
    assert len(engine.incidents.list(LIN)) == 1
    lin.put(f"/external-task/{given['id']}/retries", {"retries": 1})
    assert engine.incidents.list(LIN) == ()
    assert len(fetch(lin)) == 1


def test_an_error_goes_its_way_in_the_diagram(lin: Program, engine: Engine) -> None:
    start(engine)
    (given,) = fetch(lin)
    body = {"workerId": "w", "errorCode": "jammed", "errorMessage": "tray 1", "variables": {"tray": {"value": 1}}}
    lin.post(f"/external-task/{given['id']}/bpmnError", body, 204)
    assert [row.element_id for row in engine.tasks.inbox(Actor("zhou")).rows] == ["mend"]
    assert lin.get("/external-task/count") == {"count": 0}


def test_lists_are_filtered_sorted_and_counted_alike(lin: Program, engine: Engine) -> None:
    first, second = start(engine), start(engine)
    fetch(lin, maxTasks=1)
    assert [each["processInstanceId"] for each in lin.get("/external-task", locked="true")] == [str(first)]
    assert [each["processInstanceId"] for each in lin.get("/external-task", notLocked="true")] == [str(second)]
    newest = lin.get("/external-task", sortBy="id", sortOrder="desc", maxResults=1)
    assert [each["processInstanceId"] for each in newest] == [str(second)]
    query = {"topicName": "printer", "processInstanceIdIn": [str(second)],
             "sorting": [{"sortBy": "taskPriority", "sortOrder": "asc"}]}  # fmt: skip
    assert len(lin.post("/external-task", query)) == 1
    assert lin.post("/external-task/count", {"workerId": "w"}) == {"count": 1}
    assert lin.get("/external-task/topic-names") == ["printer"]
    assert lin.get("/external-task/count", executionId=newest[0]["executionId"]) == {"count": 1}


def test_an_outsider_learns_nothing(lin: Program, engine: Engine, rest: Callable[[str], Program]) -> None:
    start(engine)
    guest = rest("guest")
    assert fetch(guest) == []
    assert guest.get("/external-task") == []
    assert guest.get("/external-task/topic-names") == []
    (given,) = fetch(lin)
    assert guest.get(f"/external-task/{given['id']}", 404)["type"] == "InvalidRequestException"
    guest.post(f"/external-task/{given['id']}/complete", {"workerId": "w"}, 404)
    guest.post(f"/external-task/{given['id']}/unlock", {}, 404)


def test_who_waits_is_answered_when_something_comes(lin: Program, engine: Engine) -> None:
    found: list[Any] = []
    thread = Thread(target=lambda: found.extend(fetch(lin, asyncResponseTimeout=20_000)))
    thread.start()
    start(engine)
    thread.join(10)
    assert len(found) == 1


def test_when_all_places_are_taken_one_is_answered_at_once(lin: Program, app: Flask) -> None:
    app.config[polling.THREADS] = 2
    polling.register(app)
    with app.app_context(), polling.waiting(5) as first, polling.waiting(5) as second:
        assert (first, second) == (5, 0)
        assert fetch(lin, asyncResponseTimeout=60_000) == []
