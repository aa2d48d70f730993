"""Reading a BPMN file into typed definitions."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions.model import BpmnFile, EventKind, Kind, Node, ProcessDefinition
from engine.definitions.reader import read_bpmn
from tests.engine.definitions.diagrams import (
    HEAD,
    definitions,
    event,
    extensions,
    flows,
    node,
    process,
    properties,
    timer,
)


def read(*parts: str) -> BpmnFile:
    found, findings = read_bpmn(definitions(*parts), "case.bpmn")
    assert findings == []
    return found


def only(*parts: str) -> ProcessDefinition:
    return read(process(*parts)).processes[0]


def one(part: str) -> Node:
    return next(iter(only(part).scope.nodes.values()))


def test_flows_keep_the_order_of_the_file_and_their_conditions() -> None:
    # Given a gateway whose flows stand in the file in an order of their own
    found = only(
        node("exclusiveGateway", "g", more='default="g_a"'),
        node("task", "a"), node("task", "b"), node("task", "c"),
        flows("g c: ${x > 1}", "g a", "g b: ${y}", "c a"),
    )  # fmt: skip
    # Then its outgoing flows have that order, whatever the picture says
    assert found.node("g").outgoing == ("g_c", "g_a", "g_b")
    assert found.node("g").default_flow == "g_a"
    assert found.node("a").incoming == ("g_a", "c_a")
    assert found.scope.flows["g_c"].condition == "${x > 1}"
    assert list(found.scope.nodes) == ["g", "a", "b", "c"]


def test_flows_without_an_id_get_a_stable_one() -> None:
    flow = '<bpmn:sequenceFlow sourceRef="a" targetRef="b" />'
    found = only(node("task", "a"), node("task", "b"), flow, flow)
    assert list(found.scope.flows) == ["a--b", "a--b--2"]


def test_a_user_task_carries_assignment_form_and_properties() -> None:
    found = one(
        node(
            "userTask", "t",
            "<bpmn:documentation>See P2.1.\n More.</bpmn:documentation>"
            + extensions(
                """<camunda:formData>
                <camunda:formField id="decision" label="Decision" type="enum" defaultValue="ok">
                  <camunda:properties><camunda:property id="display" value="outcome" /></camunda:properties>
                  <camunda:validation><camunda:constraint name="required" config="true" /></camunda:validation>
                  <camunda:value id="ok" name="Approve" /><camunda:value id="no" />
                </camunda:formField>
                <camunda:formField id="items[].quantity" label="Quantity" type="number" />
                </camunda:formData>""",
                properties(fourEyes="a, b", stage="review"),
            ),
            'camunda:assignee="${who}" camunda:candidateGroups="g1, g2" camunda:dueDate="${work_hours(4)}"',
        )
    )  # fmt: skip
    assert found.kind is Kind.USER_TASK
    assert found.documentation == "See P2.1.\n More."
    assert found.assignment.assignee == "${who}"
    assert found.assignment.candidate_groups == "g1, g2"
    assert found.assignment.due == "${work_hours(4)}"
    assert found.properties == {"fourEyes": "a, b", "stage": "review"}
    decision, quantity = found.form
    assert (decision.type, decision.default, decision.properties) == ("enum", "ok", {"display": "outcome"})
    assert decision.constraints == {"required": "true"}
    assert [(value.id, value.label) for value in decision.values] == [("ok", "Approve"), ("no", "no")]
    assert quantity.id == "items[].quantity"


def test_properties_of_children_are_not_the_subprocess_s_own() -> None:
    found = one(
        node("subProcess", "s", extensions(properties(a="1")) + node("task", "t", extensions(properties(b="2"))))
    )
    assert found.properties == {"a": "1"}
    assert found.body is not None
    assert found.body.nodes["t"].properties == {"b": "2"}


def test_properties_are_read_on_events_gateways_and_flows() -> None:
    flow = '<bpmn:sequenceFlow id="f" sourceRef="g" targetRef="g">' + extensions(properties(x="y"))
    found = only(
        node("exclusiveGateway", "g", extensions(properties(a="1"))),
        node("intermediateCatchEvent", "e", extensions(properties(senders="g1")) + timer("PT4H")),
        flow + "</bpmn:sequenceFlow>",
    )
    assert found.node("g").properties == {"a": "1"}
    assert found.node("e").properties == {"senders": "g1"}
    assert found.scope.flows["f"].properties == {"x": "y"}


@pytest.mark.parametrize(("kind", "text"), [("timeDuration", "PT4H"), ("timeCycle", "R3/PT1H"), ("timeDate", "${due}")])
def test_timers_are_kept_as_written(kind: str, text: str) -> None:
    found = one(node("intermediateCatchEvent", "e", timer(text, kind)))
    assert found.events[0].timer is not None
    assert (found.events[0].timer.kind, found.events[0].timer.text) == (kind, text)


def test_two_timers_of_one_event_are_told_apart() -> None:
    found = one(node("intermediateCatchEvent", "e", timer("PT1H") + timer("PT2H")))
    assert [found.timer.text for found in found.events if found.timer] == ["PT1H", "PT2H"]


def test_names_and_codes_of_events_are_resolved_in_the_file() -> None:
    found = read(
        '<bpmn:message id="m1" name="ready" /><bpmn:signal id="s1" name="alarm" />',
        '<bpmn:error id="e1" name="Failed" errorCode="E1" /><bpmn:escalation id="c1" escalationCode="C1" />',
        process(
            node("startEvent", "m", event("message", more='messageRef="tns:m1"')),
            node("endEvent", "s", event("signal", more='signalRef="s1"')),
            node("endEvent", "e", event("error", more='errorRef="e1"')),
            node("intermediateThrowEvent", "c", event("escalation", more='escalationRef="c1"')),
            node("intermediateThrowEvent", "l", event("link", more='name="on"')),
            node("endEvent", "x", event("terminate")),
            node("receiveTask", "r", more='messageRef="m1"'),
            node("endEvent", "all", event("error")),
        ),
    ).processes[0]
    assert [found.node(name).events[0].name for name in "msecl"] == ["ready", "alarm", "E1", "C1", "on"]
    assert found.node("x").events[0].kind is EventKind.TERMINATE
    assert found.node("m").message_name == "ready"
    assert found.node("r").message_name == "ready"
    assert found.node("all").events[0].name == ""


def test_event_definitions_declared_once_are_found_by_reference() -> None:
    found = read(
        '<bpmn:timerEventDefinition id="d"><bpmn:timeDate>2030-01-01</bpmn:timeDate></bpmn:timerEventDefinition>',
        process(node("startEvent", "s", "<bpmn:eventDefinitionRef>d</bpmn:eventDefinitionRef>")),
    ).processes[0]
    timer_found = found.node("s").events[0].timer
    assert timer_found is not None
    assert timer_found.text == "2030-01-01"


def test_boundaries_know_their_host_and_hosts_their_boundaries() -> None:
    found = only(
        node("userTask", "t"),
        node("boundaryEvent", "b1", timer("PT1H"), 'attachedToRef="t" cancelActivity="false"'),
        node("boundaryEvent", "b2", timer("PT2H"), 'attachedToRef="t"'),
    )
    assert found.node("t").boundaries == ("b1", "b2")
    assert not found.node("b1").interrupting
    assert found.node("b2").interrupting


def test_compensation_is_found_by_its_association() -> None:
    found = only(
        node("serviceTask", "pay"),
        node("boundaryEvent", "b", event("compensate"), 'attachedToRef="pay"'),
        node("serviceTask", "refund", more='isForCompensation="true"'),
        node("intermediateThrowEvent", "undo", event("compensate", more='activityRef="pay" waitForCompletion="false"')),
        '<bpmn:association id="a" sourceRef="b" targetRef="refund" />',
    )
    assert found.node("pay").compensated_by == "refund"
    assert found.node("refund").for_compensation
    assert found.node("undo").events[0].ref == "pay"
    assert not found.node("undo").events[0].wait_for_completion


def test_event_subprocesses_have_a_kind_of_their_own() -> None:
    start = node("startEvent", "s", timer("PT1H"), 'isInterrupting="false"')
    found = one(node("subProcess", "e", start, 'triggeredByEvent="true"'))
    assert found.kind is Kind.EVENT_SUB_PROCESS
    assert found.body is not None
    assert not found.body.nodes["s"].interrupting


def test_call_activities_keep_what_they_hand_over() -> None:
    found = one(
        node(
            "callActivity", "c",
            extensions(
                '<camunda:in source="a" target="b" /><camunda:in sourceExpression="${1 + 1}" target="two" />'
                '<camunda:in businessKey="#{business_key}" /><camunda:out variables="all" />'
            ),
            'calledElement="${which}" camunda:calledElementBinding="latest"',
        )
    )  # fmt: skip
    call = found.call
    assert call is not None
    assert (call.element, call.latest, call.variables_out, call.variables_in) == ("${which}", True, "all", "")
    assert [(item.target, item.expression) for item in call.inputs] == [("b", "${a}"), ("two", "${1 + 1}")]
    assert call.business_key == "#{business_key}"


def test_parameters_lists_maps_and_scripts_are_named_as_such() -> None:
    found = one(
        node(
            "serviceTask", "s",
            extensions(
                '<camunda:inputOutput><camunda:inputParameter name="to">${x}</camunda:inputParameter>'
                '<camunda:inputParameter name="l"><camunda:list><camunda:value>1</camunda:value></camunda:list>'
                '</camunda:inputParameter><camunda:outputParameter name="y">${result}</camunda:outputParameter>'
                "</camunda:inputOutput>"
            ),
            'camunda:type="external" camunda:topic="notify" camunda:resultVariable="r"',
        )
    )  # fmt: skip
    assert found.topic == "notify"
    assert [(item.target, item.expression, item.form) for item in found.inputs] == [
        ("to", "${x}", ""),
        ("l", "", "list"),
    ]
    assert [(item.target, item.expression) for item in found.outputs] == [("y", "${result}")]
    assert found.result_variable == "r"


def test_multi_instance_is_read_in_the_modeler_s_and_in_the_standard_s_words() -> None:
    modeler = one(
        node(
            "userTask", "t",
            extensions(properties(outputCollection="done", outputElement="${ok}"))
            + '<bpmn:multiInstanceLoopCharacteristics isSequential="true" camunda:collection="${rows}"'
            ' camunda:elementVariable="row"><bpmn:completionCondition>${nrOfCompletedInstances > 2}'
            "</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>",
        )
    ).loop  # fmt: skip
    standard = one(
        node(
            "userTask", "t",
            "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>rows</bpmn:loopDataInputRef>"
            '<bpmn:inputDataItem id="i" name="row" /></bpmn:multiInstanceLoopCharacteristics>',
        )
    ).loop  # fmt: skip
    assert modeler is not None
    assert standard is not None
    assert (modeler.sequential, modeler.collection, modeler.element) == (True, "${rows}", "row")
    assert (modeler.output_collection, modeler.output_element) == ("done", "${ok}")
    assert modeler.completion == "${nrOfCompletedInstances > 2}"
    assert (standard.sequential, standard.collection, standard.element) == (False, "rows", "row")


def test_pools_lanes_and_planes_are_carried() -> None:
    found = read(
        '<bpmn:collaboration id="c"><bpmn:participant id="pool" name="Us" processRef="p" />'
        '<bpmn:participant id="them" name="Them" />'
        '<bpmn:messageFlow id="mf" sourceRef="t" targetRef="them" /></bpmn:collaboration>',
        process(
            '<bpmn:laneSet id="ls"><bpmn:lane id="l1" name="Outer"><bpmn:childLaneSet id="cs">'
            '<bpmn:lane id="l2" name="Inner"><bpmn:flowNodeRef>t</bpmn:flowNodeRef></bpmn:lane>'
            "</bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>",
            node("task", "t"),
        ),
        process(id="q"),
        '<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="pl" bpmnElement="c">'
        '<bpmndi:BPMNShape id="sh" bpmnElement="t"/>'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>",
    )
    assert [(pool.id, pool.process) for pool in found.pools] == [("pool", "p"), ("them", "")]
    assert found.message_flows[0].target == "them"
    assert [lane.id for lane in found.processes[0].lanes] == ["l1", "l2"]
    assert found.processes[0].node("t").lane == "l2"
    assert found.processes[0].node("t").plane == "c"
    assert [definition.id for definition in found.processes] == ["p", "q"]


def test_other_encodings_are_read() -> None:
    content = definitions(process(node("task", "t"))).decode().replace('"t" name="t"', '"t" name="Café"')
    found, findings = read_bpmn(content.replace("UTF-8", "ISO-8859-1").encode("latin-1"), "case.bpmn")
    assert findings == []
    assert found.processes[0].node("t").name == "Café"


def test_a_chain_of_five_thousand_tasks_is_read_in_seconds() -> None:
    names = [f"t{number}" for number in range(5000)]
    began = time.perf_counter()
    found = only(*(node("task", name) for name in names), flows(" ".join(names)))
    assert len(found.scope.nodes) == 5000
    assert time.perf_counter() - began < 20


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"\0\1\2", 1),
        (b"<a>\n<b>\n</a>", 3),
        (b"<a/>", 1),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 1),
        (b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;&y;</a>', 1),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', 1),
        (b"<a>" * 300 + b"</a>" * 300, 1),
        (b"<a>" + b"<b/>" * 200_000 + b"</a>", 1),
        (b" " * (5 * 1024 * 1024 + 1), 1),
        (b"<a>100%</a", 1),
        ((HEAD + '<bpmn:process id="p">' + "<bpmn:subProcess>" * 80).encode() + b"</bpmn:subProcess>" * 80
         + b"</bpmn:process></bpmn:definitions>", 3),
    ],
    ids=["empty", "binary", "broken", "other-root", "external-entity", "entity-bomb", "encoding", "depth", "width",
         "size", "percent", "nesting"],
)  # fmt: skip
def test_hostile_or_broken_files_give_a_finding_with_a_line(content: bytes, line: int) -> None:
    found, findings = read_bpmn(content, "bad.bpmn")
    assert found.processes == ()
    (finding,) = findings
    assert (finding.rule, finding.file, finding.line) == ("unreadable-file", "bad.bpmn", line)
    assert "root:" not in str(finding)


WHOLE = definitions(
    '<bpmn:message id="m1" name="ready" />',
    process(
        node("startEvent", "s", event("message", more='messageRef="m1"')),
        node("userTask", "t", extensions(properties(a="b"), '<camunda:in source="x" />')),
        node("boundaryEvent", "b", timer("PT1H"), 'attachedToRef="t"'),
        node("subProcess", "sub", node("task", "inner") + flows("inner inner"), 'triggeredByEvent="true"'),
        flows("s t: ${a}", "t sub"),
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_to_a_file_raises(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(WHOLE)))
    end = min(len(WHOLE), start + data.draw(st.integers(0, 30)))
    damage = data.draw(st.sampled_from([b"", b'"', b"<", b"&", b'id="s"', b"<bpmn:task/>", b"\xff", b"%s", WHOLE[:40]]))
    found, findings = read_bpmn(WHOLE[:start] + damage + WHOLE[end:], "damaged.bpmn")
    assert isinstance(found, BpmnFile)
    assert all(str(finding) for finding in findings)
