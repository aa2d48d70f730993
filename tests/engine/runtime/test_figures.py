"""What monitors are told, on both databases; what watchers are told of a commit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.engine import Engine
from engine.errors import FormInvalid
from engine.runtime.unit.acted import Acted
from engine.views import Actor
from tests.engine.definitions.diagrams import flows, node, timer
from tests.engine.runtime.office import Office, field, loan, user_task

ANN, HEL = Actor("ann"), Actor("hel")
BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")


@pytest.fixture
def busy(office: Office) -> Office:
    """One instance at a task due in four hours of work, one at a timer, one on hold, one stuck, one with a worker."""
    office.deploy(
        loan(BEGIN, user_task("enter", "ann", more='camunda:dueDate="${work_hours(4)}"'), DONE,
             flows("begin enter done"), id="asked"),
        loan(BEGIN, node("intermediateCatchEvent", "later", timer("PT6H")), DONE, flows("begin later done"),
             id="timed"),
        loan(BEGIN, node("scriptTask", "sum", "<bpmn:script>missing + 1</bpmn:script>",
             'scriptFormat="feel" camunda:resultVariable="x"'), DONE, flows("begin sum done"), id="stuck"),
        loan(BEGIN, node("serviceTask", "print", "", 'camunda:type="external" camunda:topic="printer"'), DONE,
             flows("begin print done"), id="outside"),
    )  # fmt: skip
    for process in ("asked", "asked", "timed", "stuck", "outside"):
        office.start(process=process)
    held = next(task for task in office.tasks("ann"))
    office.engine.instances.hold(held.instance_id, "the bank", None, HEL)
    return office


def test_figures_tell_what_is_open_late_and_stuck(busy: Office) -> None:
    before = Engine.open(busy.settings, busy.clock)
    now = before.figures.now()
    assert (now.tasks, now.overdue, now.late_timers, now.incidents, now.externals, now.messages) == (2, 0, 0, 1, 1, 0)
    assert now.instances == (
        ("asked", "active", 1),
        ("asked", "suspended", 1),
        ("outside", "active", 1),
        ("stuck", "active", 1),
        ("timed", "active", 1),
    )
    assert dict(now.jobs) == {"waiting": 0, "failed": 0}
    assert now.beat is None
    before.close()
    # When the day is over and nobody ticked
    busy.clock.move_to(busy.clock.now() + timedelta(hours=12))
    later = Engine.open(busy.settings, busy.clock)
    now = later.figures.now()
    assert (now.late_timers, now.latest) == (1, timedelta(hours=6))
    assert now.overdue >= 1
    busy.engine.tick()
    assert later.figures.now() == now, "asked again within five seconds it is the same answer"
    later.close()
    after = Engine.open(busy.settings, busy.clock)
    assert (after.figures.now().late_timers, after.figures.now().beat) == (0, timedelta(0))
    assert after.figures.unready() == ""
    after.close()


def test_watchers_are_told_what_was_committed_and_nothing_else(office: Office) -> None:
    office.deploy(
        loan(BEGIN, user_task("enter", "ann", "", field("amount", "integer")),
             node("scriptTask", "sum", "<bpmn:script>missing + 1</bpmn:script>",
                  'scriptFormat="feel" camunda:resultVariable="x"'), DONE, flows("begin enter sum done"))
    )  # fmt: skip
    told: list[Acted] = []
    office.engine.machinery.observers.append(lambda what, seconds: told.append(what))
    started = office.start()
    with pytest.raises(FormInvalid):
        office.complete("enter", "ann", {"amount": "much"})
    office.complete("enter", "ann", {"amount": 5})
    key = started.business_key
    assert told == [
        Acted("started", started.instance_id, key, "begin", "ann", ""),
        Acted("task-completed", started.instance_id, key, "enter", "ann", "", (("sum", "expression"),)),
    ]
