"""What people, connectors, tables and messages do."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from engine.errors import NotFound
from engine.runtime.unit.occurrences import (
    DecisionMade,
    EffectDone,
    ExternalClosed,
    ExternalOpened,
    IncidentRaised,
    TaskClosed,
    TaskOpened,
)
from tests.engine.core.story import MONDAY, Story
from tests.engine.core.test_variables import io, put
from tests.engine.definitions.diagrams import event, extensions, flows, node, process, properties


def one(task: str, *more: str) -> str:
    return process(node("startEvent", "s"), task, *more, node("userTask", "after"), flows("s t after"))


def test_a_task_is_told_with_who_and_when(story: Story) -> None:
    more = (
        'camunda:assignee="${owner}" camunda:candidateUsers="wang, ${owner}" camunda:candidateGroups="${lines}" '
        'camunda:dueDate="PT4H" camunda:followUpDate="${due_at}" camunda:priority="70"'
    )
    task = node("userTask", "t", extensions(properties(batchGroup="${owner}", fourEyes="s, before")), more)
    story.deploy(process(node("startEvent", "s"), node("userTask", "before"), task, flows("s before t")))
    story.start(owner="li", lines=["a", "b"], due_at=MONDAY + timedelta(hours=3))
    story.execution.complete(
        story.token("before"), {}, {"completed_by": "zhao", "on_behalf_of": "qian", "completed_at": MONDAY}
    )
    story.settle()
    told: TaskOpened = story.of(TaskOpened)[-1]
    assert (told.assignee, told.candidate_users, told.candidate_groups) == ("li", ("wang", "li"), ("a", "b"))
    assert (told.due, told.follow_up) == (MONDAY + timedelta(hours=4), MONDAY + timedelta(hours=3))
    assert (told.priority, told.batch_group, told.excluded_users) == (70, "li", ("li", "zhao", "qian"))


def test_a_due_date_as_iso_text_is_meant_in_the_zone(story: Story) -> None:
    story.deploy(one(node("userTask", "t", more='camunda:dueDate="2026-10-01T08:00"')))
    story.start()
    due = story.of(TaskOpened)[0].due
    assert due == datetime(2026, 10, 1, 8, tzinfo=MONDAY.tzinfo)


def test_a_task_is_completed_once(story: Story) -> None:
    story.deploy(one(node("userTask", "t")))
    story.start()
    token = story.token("t")
    story.complete("t")
    with pytest.raises(NotFound):
        story.execution.complete(token, {})
    assert [each.cancelled for each in story.of(TaskClosed)] == [False]


def test_a_script_computes_a_value(story: Story) -> None:
    script = node(
        "scriptTask", "t", "<bpmn:script>n * 2</bpmn:script>", 'scriptFormat="feel" camunda:resultVariable="m"'
    )
    story.deploy(one(script))
    story.start(n=4)
    assert story["m"] == 8


def test_a_connector_runs_in_the_step(story: Story) -> None:
    body = io(put("input", "amount", "${n}"), put("output", "m", "${result.twice}"))
    story.deploy(one(node("serviceTask", "t", body, 'camunda:type="external" camunda:topic="double"')))
    story.world.connectors["double"] = lambda inputs: {"twice": inputs["amount"] * 2}
    story.start(n=4)
    assert story.open == ["after"]
    assert story["m"] == 8
    assert [each.effect for each in story.of(EffectDone)] == [("did", "double")]


def test_an_unknown_topic_waits_outside(story: Story) -> None:
    more = 'camunda:type="external" camunda:topic="weigh" camunda:resultVariable="answer"'
    story.deploy(one(node("serviceTask", "t", io(put("input", "lot", "${n}")), more)))
    story.start(n=4)
    assert story.open == ["t"]
    assert [(each.topic, each.inputs) for each in story.of(ExternalOpened)] == [("weigh", {"lot": 4})]
    story.complete("t", kilos=12)
    assert story["answer"] == {"kilos": 12}
    assert len(story.of(ExternalClosed)) == 1


def test_an_external_task_without_mapping_writes_its_variables(story: Story) -> None:
    story.deploy(one(node("serviceTask", "t", more='camunda:type="external" camunda:topic="weigh"')))
    story.start()
    story.complete("t", kilos=12)
    assert story["kilos"] == 12


def test_a_connector_whose_result_cannot_be_mapped_has_no_effect(story: Story) -> None:
    body = io(put("output", "m", "${result.a + no_such_name}"))
    story.deploy(one(node("serviceTask", "t", body, 'camunda:type="external" camunda:topic="double"')))
    story.world.connectors["double"] = lambda inputs: {"a": inputs}
    story.start()
    assert story.incidents == ["t"]
    assert story.of(EffectDone) == []


@pytest.mark.parametrize(
    ("mapping", "rows", "expected"),
    [
        ("singleEntry", [{"a": 1}], 1),
        ("singleEntry", [], None),
        ("singleResult", [{"a": 1, "b": 2}], {"a": 1, "b": 2}),
        ("collectEntries", [{"a": 1}, {"a": 2}], [1, 2]),
        ("resultList", [{"a": 1, "b": 2}], [{"a": 1, "b": 2}]),
        ("", [{"a": 1}], [{"a": 1}]),
    ],
)
def test_a_decision_is_mapped_as_the_diagram_says(story: Story, mapping: str, rows: object, expected: object) -> None:
    how = f'camunda:mapDecisionResult="{mapping}"' if mapping else ""
    rule = node("businessRuleTask", "t", more=f'camunda:decisionRef="table" camunda:resultVariable="r" {how}')
    story.deploy(one(rule))
    story.world.decisions["table"] = lambda names: rows  # type: ignore[assignment, return-value]
    story.start()
    assert story["r"] == expected
    assert story.of(DecisionMade)[0].decision == "table"


def test_a_decision_that_does_not_fit_its_mapping_is_an_incident(story: Story) -> None:
    more = 'camunda:decisionRef="table" camunda:resultVariable="r" camunda:mapDecisionResult="singleEntry"'
    story.deploy(one(node("businessRuleTask", "t", more=more)))
    story.world.decisions["table"] = lambda names: [{"a": 1}, {"a": 2}]
    story.start()
    assert story.incidents == ["t"]
    assert "2 rows" in story.of(IncidentRaised)[0].text
    assert story.of(DecisionMade) == []


def test_an_error_thrown_outside_reaches_the_boundary(story: Story) -> None:
    caught = node("boundaryEvent", "b", event("error", more='errorRef="E"'), 'attachedToRef="t"')
    service = node("serviceTask", "t", more='camunda:type="external" camunda:topic="weigh"')
    error = '<bpmn:error id="E" name="too heavy" errorCode="HEAVY" />'
    story.deploy(error, one(service, caught, node("userTask", "c"), flows("b c")))
    story.start()
    story.execution.fail(story.token("t"), "HEAVY", "12 t")
    story.settle()
    assert story.open == ["c"]
    assert len(story.of(ExternalClosed)) == 1


def test_an_error_that_nothing_handles_is_an_incident_and_is_tried_again(story: Story) -> None:
    story.deploy(one(node("serviceTask", "t", more='camunda:type="external" camunda:topic="weigh"')))
    story.start()
    story.execution.fail(story.token("t"), "HEAVY", "12 t")
    story.settle()
    assert story.incidents == ["t"]
    assert 'nothing handles the error "HEAVY"' in story.of(IncidentRaised)[0].text
    story.retry("t")
    assert story.open == ["t"]
    assert (len(story.of(ExternalOpened)), len(story.of(ExternalClosed))) == (2, 1)


def test_a_reported_incident_leaves_the_task_open_and_retry_asks_again_who_may(story: Story) -> None:
    story.deploy(one(node("userTask", "t", more='camunda:candidateGroups="${group}"')))
    story.start(group="nobody")
    story.execution.report(story.token("t"), "no-one", "nobody may do it")
    story.settle()
    assert story.incidents == ["t"]
    story.set(group="somebody")
    story.retry("t")
    assert story.open == ["t"]
    assert [each.candidate_groups for each in story.of(TaskOpened)] == [("nobody",), ("somebody",)]
    story.complete("t")
    assert story.open == ["after"]
