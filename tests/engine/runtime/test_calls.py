"""Which version of a process a call activity calls (`camunda:calledElementBinding`)."""

from __future__ import annotations

import pytest

from engine.engine import SYSTEM
from engine.views import Actor
from tests.engine.definitions.diagrams import flows, node, process
from tests.engine.runtime.office import Office, loan, user_task

BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")


def part(task: str, tag: str) -> str:
    """A version of the called process, told by its only task."""
    steps = (BEGIN, user_task(task, "ann"), DONE, flows(f"begin {task} done"))
    return process(*steps, id="part", more=f'camunda:versionTag="{tag}"')


def calls(binding: str) -> str:
    """A process that waits for somebody, and then calls the part."""
    call = node("callActivity", "call", more=f'calledElement="part" {binding}')
    return loan(BEGIN, user_task("first", "ann"), call, DONE, flows("begin first call done"))


@pytest.mark.parametrize(
    ("binding", "task"),
    [
        ("", "two"),
        ('camunda:calledElementBinding="deployment"', "two"),
        ('camunda:calledElementBinding="latest"', "three"),
        ('camunda:calledElementBinding="version" camunda:calledElementVersion="1"', "one"),
        ('camunda:calledElementBinding="version" camunda:calledElementVersion="${1 + 2}"', "three"),
        ('camunda:calledElementBinding="versionTag" camunda:calledElementVersionTag="old"', "one"),
        ('camunda:calledElementBinding="versionTag" camunda:calledElementVersionTag="new"', "three"),
    ],
)
def test_a_call_is_bound_to_a_version(office: Office, binding: str, task: str) -> None:
    office.deploy(part("one", "old"))
    office.deploy(part("two", "new"), calls(binding))
    office.start()
    office.deploy(part("three", "new"), calls(binding))
    office.complete("first", "ann")
    assert office.names() == [task]
    office.complete(task, "ann")
    assert office.names() == []


def test_a_version_that_there_is_not_is_an_incident_at_the_call(office: Office) -> None:
    office.deploy(part("one", "old"), calls('camunda:calledElementBinding="version" camunda:calledElementVersion="7"'))
    started = office.start()
    office.complete("first", "ann")
    (incident,) = office.engine.incidents.list(SYSTEM)
    assert (incident.instance_id, incident.element_id) == (started.instance_id, "call")
    assert "version 7 of process part" in incident.text


def test_two_versions_of_a_process_are_called_side_by_side(office: Office) -> None:
    bound = 'calledElement="part" camunda:calledElementBinding="version" camunda:calledElementVersion='
    both = [node("callActivity", f"call{number}", more=f'{bound}"{number}"') for number in (1, 2)]
    office.deploy(part("one", "old"))
    office.deploy(
        part("two", "new"),
        loan(BEGIN, *both, DONE, flows("begin call1 done", "begin call2 done")),
    )
    office.start()
    for task in ("one", "two"):
        assert office.engine.tasks.get(office.task(task).id, Actor("ann")).row.element_id == task
        office.complete(task, "ann")
    assert office.names() == []
