"""A process with steps for workers outside: a sheet is printed, and if it jams somebody mends it."""

from __future__ import annotations

from engine.command.opening import practice_files
from engine.engine import SYSTEM, Engine
from tests.engine.definitions.diagrams import definitions, event, extensions, flows, node, process, properties
from tests.webui.conftest import PRACTICE

_INPUTS = (
    '<camunda:inputOutput><camunda:inputParameter name="sheets">${sheets}</camunda:inputParameter>'
    '<camunda:inputParameter name="title">${title}</camunda:inputParameter></camunda:inputOutput>'
)
_FORM = (
    '<camunda:formData><camunda:formField id="sheets" label="张数" type="integer" />'
    '<camunda:formField id="title" label="题目" type="string" /></camunda:formData>'
)
_CHECK = '<camunda:formData><camunda:formField id="good" label="可用" type="boolean" /></camunda:formData>'


def diagram() -> bytes:
    """begin → print (topic printer, workers of clerks) → check; jammed at print → mend."""
    return definitions(
        process(
            extensions(properties(starters="clerk", readers="group:clerk")),
            node("startEvent", "begin", extensions(_FORM)),
            node("serviceTask", "print", extensions(_INPUTS, properties(senders="clerk")),
                 'camunda:type="external" camunda:topic="printer" camunda:taskPriority="3"'),
            node("userTask", "check", extensions(_CHECK), 'camunda:candidateGroups="clerk"'),
            node("endEvent", "done"),
            node("boundaryEvent", "jam", event("error", "jammed"), 'attachedToRef="print"'),
            node("userTask", "mend", "", 'camunda:assignee="zhou"'),
            node("endEvent", "over"),
            flows("begin print check done"),
            flows("jam mend over"),
            id="printing",
        ),
        '<bpmn:error id="jammed" errorCode="jammed" />',
    )  # fmt: skip


def deploy(engine: Engine) -> None:
    """Add it to the practice of the tests."""
    engine.deployments.deploy({**practice_files(PRACTICE), "printing.bpmn": diagram()}, SYSTEM)
