"""Jobs and incidents over the interface: timers listed, moved and fired; what is stuck listed and tried again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine.clock import MovedClock
from engine.command.opening import practice_files
from engine.engine import SYSTEM, Engine
from engine.views import Failure
from tests.engine.definitions.diagrams import definitions, extensions, flows, node, process, properties, timer
from tests.webui.conftest import LIN, PRACTICE
from tests.webui.rest import printing
from tests.webui.rest.conftest import Program

WAITING = process(
    extensions(properties(starters="clerk", readers="group:clerk, group:head", title="x")),
    node("startEvent", "begin"),
    node("userTask", "wait", "", 'camunda:candidateGroups="clerk"'),
    node("boundaryEvent", "late", timer("PT2H"), 'attachedToRef="wait"'),
    node("userTask", "chase", "", 'camunda:candidateGroups="clerk"'),
    node("endEvent", "done"),
    node("endEvent", "over"),
    flows("begin wait done"),
    flows("late chase over"),
    id="waiting",
)


@pytest.fixture
def people(rest: Callable[[str], Program], engine: Engine) -> Callable[[str], Program]:
    files = {"waiting.bpmn": definitions(WAITING), "printing.bpmn": printing.diagram()}
    engine.deployments.deploy({**practice_files(PRACTICE), **files}, SYSTEM)
    return rest


def waiting(engine: Engine) -> int:
    return engine.instances.start("waiting", {}, LIN).instance_id


def test_timers_are_jobs(people: Callable[[str], Program], engine: Engine, clock: MovedClock) -> None:
    lin, instance = people("lin"), waiting(engine)
    (job,) = lin.get("/job")
    assert job["dueDate"] == "2026-11-23T12:00:00.000+0800"
    assert (job["processInstanceId"], job["retries"], job["exceptionMessage"]) == (str(instance), 1, None)
    assert lin.get(f"/job/{job['id']}") == job
    cases: list[tuple[dict[str, Any], int]] = [
        ({"timers": "true"}, 1),
        ({"messages": "true"}, 0),
        ({"executable": "true"}, 0),
        ({"processDefinitionKey": "waiting"}, 1),
        ({"processInstanceId": str(instance)}, 1),
        ({"activityId": "late"}, 1),
        ({"noRetriesLeft": "true"}, 0),
        ({"withException": "true"}, 0),
        ({"suspended": "true"}, 0),
    ]
    for query, expected in cases:
        assert len(lin.get("/job", **query)) == expected, query
        assert lin.get("/job/count", **query) == {"count": expected}, query
    assert lin.post("/job/count", {"timers": True}) == {"count": 1}
    clock.move_to(clock.now() + timedelta(hours=3))
    assert lin.get("/job/count", executable="true") == {"count": 1}


def test_a_timer_is_moved_and_fired_by_who_may_modify(
    people: Callable[[str], Program], engine: Engine, clock: MovedClock
) -> None:
    waiting(engine)
    lin, chen = people("lin"), people("chen")
    (job,) = lin.get("/job")
    engine.people.set_groups("chen", ["head", "clerk"], SYSTEM)
    lin.post(f"/job/{job['id']}/execute", {}, 403)
    lin.put(f"/job/{job['id']}/duedate", {"duedate": "2026-11-24T10:00:00.000+0800"}, 403)
    chen.put(f"/job/{job['id']}/duedate", {"duedate": "2026-11-24T10:00:00.000+0800"})
    (job,) = lin.get("/job")
    assert job["dueDate"] == "2026-11-24T10:00:00.000+0800"
    clock.move_to(clock.now() + timedelta(hours=3))
    engine.tick()
    assert [row.element_id for row in engine.tasks.inbox(LIN).rows] == ["wait"]
    chen.post(f"/job/{job['id']}/execute", {}, 204)
    assert [row.element_id for row in engine.tasks.inbox(LIN).rows] == ["chase"]
    assert lin.get("/job") == []
    chen.post(f"/job/{job['id']}/execute", {}, 404)
    assert engine.history.verify().findings == ()


def test_what_is_stuck_is_listed_and_tried_again(people: Callable[[str], Program], engine: Engine) -> None:
    lin, shen = people("lin"), people("shen")
    engine.instances.start("printing", {"sheets": 1, "title": "x"}, LIN)
    (task,) = engine.externals.lock("printer", "w", 60, SYSTEM)
    engine.externals.failed(task.id, "w", Failure("no paper", "", 0, timedelta()), SYSTEM)
    (found,) = lin.get("/incident")
    assert (found["incidentType"], found["activityId"]) == ("failedExternalTask", "print")
    assert found["incidentMessage"] == "no paper"
    assert lin.get(f"/incident/{found['id']}") == found
    for query, expected in (
        ({"incidentType": "failedExternalTask"}, 1),
        ({"incidentType": "failedJob"}, 0),
        ({"incidentType": "custom"}, 0),
        ({"incidentMessageLike": "%paper%"}, 1),
        ({"activityId": "print"}, 1),
        ({"processDefinitionKeyIn": "waiting"}, 0),
        ({"incidentTimestampAfter": "2026-11-23T11:00:00.000+0800"}, 0),
    ):
        assert lin.get("/incident/count", **query) == {"count": expected}, query
    lin.delete(f"/incident/{found['id']}", 403)
    engine.people.set_groups("shen", ["it", "head"], SYSTEM)
    shen.delete(f"/incident/{found['id']}")
    assert lin.get("/incident") == []
    shen.delete(f"/incident/{found['id']}", 404)
    assert len(engine.externals.lock("printer", "w", 60, SYSTEM)) == 1


def test_an_outsider_learns_nothing(people: Callable[[str], Program], engine: Engine) -> None:
    waiting(engine)
    (job,) = people("lin").get("/job")
    guest = people("guest")
    assert guest.get("/job") == []
    assert guest.get("/incident") == []
    guest.get(f"/job/{job['id']}", 404)
    guest.post(f"/job/{job['id']}/execute", {}, 404)
    guest.get("/incident/1", 404)
