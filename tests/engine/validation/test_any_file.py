"""The checks answer for whatever was read: damaged files and long ones."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions.model import BpmnFile
from engine.definitions.reader import read_bpmn
from engine.runtime.deployments.checking import check
from engine.validation import Practice, validate_file, validate_practice
from tests.engine.definitions.diagrams import definitions, event, extensions, flows, node, process, properties, timer

WHOLE = definitions(
    '<bpmn:message id="m1" name="ready" /><bpmn:error id="e1" errorCode="E" />',
    process(
        '<bpmn:laneSet id="ls"><bpmn:lane id="l"><bpmn:flowNodeRef>t</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>',
        node("startEvent", "s", event("message", more='messageRef="m1"')),
        node(
            "userTask", "t",
            extensions(properties(fourEyes="s"), '<camunda:formData><camunda:formField id="a" type="enum">'
                       '<camunda:value id="x" /></camunda:formField></camunda:formData>'),
            'camunda:dueDate="${now()}"',
        ),
        node("boundaryEvent", "b", timer("PT1H"), 'attachedToRef="t"'),
        node("subProcess", "sub", node("startEvent", "is") + flows("is ie")
             + node("endEvent", "ie", event("error", more='errorRef="e1"'))),
        node("boundaryEvent", "be", event("error", more='errorRef="e1"'), 'attachedToRef="sub"'),
        node("exclusiveGateway", "g", more='default="g_t"'),
        node("endEvent", "e"),
        flows("s t sub g e: ${a = 'x'}", "g t", "b e", "be e"),
    ),
)  # fmt: skip


def checked(file: BpmnFile) -> list[str]:
    """All findings as text, alone and as a practice."""
    return [str(finding) for finding in (*validate_file(file), *validate_practice(Practice((file,))))]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_to_a_file_makes_the_checks_raise(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(WHOLE)))
    end = min(len(WHOLE), start + data.draw(st.integers(0, 40)))
    piece = data.draw(st.integers(0, len(WHOLE) - 60))
    damage = data.draw(st.sampled_from([b"", b"%s", b"${", b'id="s"', WHOLE[piece : piece + 60]]))
    file, _ = read_bpmn(WHOLE[:start] + damage + WHOLE[end:], "damaged.bpmn")
    checked(file)


SCRIPT = (
    '<bpmn:scriptTask id="{}" scriptFormat="feel" camunda:resultVariable="a"><bpmn:script>1</bpmn:script>'
    "</bpmn:scriptTask>"
)
READS = 'camunda:assignee="${a}"'
FORK = node("startEvent", "s"), node("parallelGateway", "g"), node("userTask", "z", "", READS), flows("s g z")
UNJOINED = (
    node("startEvent", "is") + node("exclusiveGateway", "x1") + node("parallelGateway", "j") + node("task", "k")
    + node("task", "l") + flows("is x1 k j l", "x1 j")
)  # fmt: skip


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param((*FORK, flows("g nowhere")), id="a flow that leads nowhere, behind a fork"),
        pytest.param(
            (*FORK, node("subProcess", "x", SCRIPT.format("x") + SCRIPT.format("y")), flows("g x")),
            id="an element with the id of the subprocess around it",
        ),
        pytest.param(
            (
                *FORK, node("subProcess", "x", node("task", "t")), node("subProcess", "x", UNJOINED), flows("g x"),
            ),
            id="two subprocesses of one id, in one a join that is never complete",
        ),
        pytest.param(
            (
                *FORK, node("boundaryEvent", "b", event("compensate"), 'attachedToRef="z"'), flows("g h"),
                node("userTask", "h", "", 'isForCompensation="true"'),
                '<bpmn:association id="as" sourceRef="b" targetRef="h" associationDirection="One" />',
            ),
            id="a compensation handler that a flow leads to",
        ),
        pytest.param(
            (
                *FORK, node("boundaryEvent", "b", event("compensate"), 'attachedToRef="z"'), flows("g z"),
                node("userTask", "h", "", 'isForCompensation="true" ' + READS),
            ),
            id="a compensation handler of no activity",
        ),
    ],
)  # fmt: skip
def test_a_damaged_process_is_checked_to_the_end(parts: tuple[str, ...]) -> None:
    content = definitions(process(*parts))
    assert check({"damaged.bpmn": content}).findings


def test_a_chain_of_five_thousand_tasks_is_checked_in_seconds() -> None:
    names = [f"t{number}" for number in range(5000)]
    parts = [node("startEvent", "s"), *(node("task", name) for name in names), node("endEvent", "e")]
    file, _ = read_bpmn(definitions(process(*parts, flows(" ".join(["s", *names, "e"])))), "long.bpmn")
    began = time.perf_counter()
    assert validate_file(file) == []
    assert time.perf_counter() - began < 30


def test_a_hundred_forks_in_each_other_s_way_are_checked_in_seconds() -> None:
    names = [f"g{number}" for number in range(100)]
    ways = [f"{one} {other}" for number, one in enumerate(names) for other in names[number + 1 : number + 12]]
    parts = [node("startEvent", "s"), *(node("parallelGateway", name) for name in names), node("endEvent", "e")]
    file, _ = read_bpmn(definitions(process(*parts, flows("s g0", "g99 e", *ways))), "forks.bpmn")
    began = time.perf_counter()
    validate_file(file)
    assert time.perf_counter() - began < 30
