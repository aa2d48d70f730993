"""`camunda-external-task-client-python3`, unchanged, works against a real server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
import requests
from camunda.external_task.external_task import ExternalTask
from camunda.external_task.external_task_worker import ExternalTaskWorker, NoExternalTaskFound

from engine.clock import MovedClock
from engine.engine import SYSTEM, Engine
from engine.views import Actor
from tests.webui.conftest import LIN, PASSWORD
from tests.webui.rest.clients.conftest import Served
from tests.webui.rest.conftest import on_both

QUICK = {"maxTasks": 5, "lockDuration": 60_000, "asyncResponseTimeout": 0, "retries": 3, "retryTimeout": 1000}
Worker = Callable[..., ExternalTaskWorker]


@pytest.fixture
def worker(server: Served) -> Worker:
    """`worker("w1")` is a worker that signs in by a token."""

    def make(name: str, **config: Any) -> ExternalTaskWorker:
        given = {**QUICK, "auth_bearer": {"access_token": server.token}, **config}
        return ExternalTaskWorker(name, f"{server.url}", given)

    return make


def start(engine: Engine) -> int:
    return engine.instances.start("printing", {"sheets": 2, "title": "报告"}, LIN).instance_id


@on_both
def test_it_completes_a_task_with_variables(worker: Worker, engine: Engine) -> None:
    instance = start(engine)

    def handle(task: ExternalTask) -> Any:
        return task.complete({"used": task.get_variable("sheets") + 1, "title": task.get_variable("title")})

    worker("w1").fetch_and_execute(["printer"], handle)
    assert [row.element_id for row in engine.tasks.inbox(LIN).rows] == ["check"]
    assert engine.instances.variables(instance, SYSTEM)["used"] == 3


def test_it_signs_in_by_password(worker: Worker, engine: Engine) -> None:
    start(engine)
    signed = worker("w1", auth_bearer=None, auth_basic={"username": "lin", "password": PASSWORD})
    signed.fetch_and_execute("printer", lambda task: task.complete())
    assert [row.element_id for row in engine.tasks.inbox(LIN).rows] == ["check"]


@on_both
def test_it_fails_until_no_tries_are_left(worker: Worker, engine: Engine, clock: MovedClock) -> None:
    start(engine)

    def handle(task: ExternalTask) -> Any:
        return task.failure("no paper", "tray 2", max_retries=2, retry_timeout=5000)

    for _ in range(3):
        if engine.incidents.list(LIN):
            break
        worker("w1").fetch_and_execute("printer", handle)
        with pytest.raises(NoExternalTaskFound):
            worker("w2").fetch_and_execute("printer", handle)
        clock.move_to(clock.now() + timedelta(seconds=5))
    assert [(each.code, each.text) for each in engine.incidents.list(LIN)] == [("external", "no paper")]


def test_it_throws_a_bpmn_error(worker: Worker, engine: Engine) -> None:
    instance = start(engine)
    worker("w1").fetch_and_execute("printer", lambda task: task.bpmn_error("jammed", "tray 1", {"tray": 1}))
    assert [row.element_id for row in engine.tasks.inbox(Actor("zhou")).rows] == ["mend"]
    assert engine.instances.variables(instance, SYSTEM)["tray"] == 1


@on_both
def test_who_lost_its_lock_is_refused(worker: Worker, engine: Engine, clock: MovedClock) -> None:
    start(engine)

    def slow(task: ExternalTask) -> Any:
        clock.move_to(clock.now() + timedelta(seconds=61))
        worker("quick").fetch_and_execute("printer", lambda given: given.complete({"by": "quick"}))
        return task.complete({"by": "slow"})

    with pytest.raises(Exception, match=r"404|done"):
        worker("slow").fetch_and_execute("printer", slow)
    assert len(engine.tasks.inbox(LIN).rows) == 1


def test_it_waits_for_work(worker: Worker, engine: Engine) -> None:
    done: list[str] = []

    def handle(task: ExternalTask) -> Any:
        done.append(task.get_activity_id())
        return task.complete()

    waiting = Thread(target=worker("w1", asyncResponseTimeout=15_000).fetch_and_execute, args=("printer", handle))
    waiting.start()
    start(engine)
    waiting.join(10)
    assert done == ["print"]


def test_without_a_right_it_is_given_nothing(server: Served, worker: Worker, engine: Engine) -> None:
    start(engine)
    token = engine.identity.create_token("test", Actor("guest"))
    with pytest.raises(NoExternalTaskFound):
        worker("w1", auth_bearer={"access_token": token}).fetch_and_execute("printer", lambda task: task.complete())
    assert requests.get(f"{server.url}/external-task", timeout=5).status_code == 401
