"""Sequence, gateways and joins."""

from __future__ import annotations

import pytest

from engine.runtime.core import stepper
from engine.runtime.unit.occurrences import (
    ConditionEvaluated,
    ElementEntered,
    IncidentRaised,
    IncidentResolved,
    TimerCleared,
    Unsubscribed,
)
from tests.engine.core.story import Story
from tests.engine.definitions.diagrams import event, flows, node, process, timer


def test_a_sequence_of_tasks_ends_where_it_should(story: Story) -> None:
    # Given two tasks in a row
    nodes = node("startEvent", "s"), node("userTask", "a"), node("userTask", "b"), node("endEvent", "e")
    story.deploy(process(*nodes, flows("s a b e")))
    # When both are completed
    story.start()
    assert story.open == ["a"]
    story.complete("a", qty=5)
    assert story.open == ["b"]
    story.complete("b")
    # Then the instance has ended there, and knows what was given
    assert story.ended == ("e",)
    assert story["qty"] == 5
    assert story["a"] == {"qty": 5}


def test_conditions_are_tried_in_the_order_of_the_file_and_the_default_last(story: Story) -> None:
    nodes = node("startEvent", "s"), node("exclusiveGateway", "x", more='default="x_c"')
    tasks = node("userTask", "a"), node("userTask", "b"), node("userTask", "c")
    story.deploy(process(*nodes, *tasks, flows("s x", "x c", "x b: ${n > 5}", "x a: ${n > 1}")))
    story.start(n=9)
    assert story.open == ["b"]
    story.start(n=3)
    assert story.open == ["a"]
    story.start(n=0)
    assert story.open == ["c"]


def test_no_way_out_is_an_incident_that_a_correction_mends(story: Story) -> None:
    # Given a gateway without a default, none of whose conditions holds
    nodes = node("startEvent", "s"), node("exclusiveGateway", "x"), node("userTask", "a"), node("userTask", "b")
    story.deploy(process(*nodes, flows("s x", "x a: ${n = 1}", "x b: ${n = 2}")))
    story.start(n=3)
    assert story.incidents == ["x"]
    assert "no condition was true" in story.of(IncidentRaised)[0].text
    # When the variable is corrected and the step retried
    story.set(n=2)
    story.retry("x")
    # Then it goes on, and was entered once
    assert story.open == ["b"]
    assert [each.at.element_id for each in story.of(ElementEntered)] == ["s", "x", "b"]
    assert len(story.of(IncidentResolved)) == 1


def test_a_null_condition_is_false_and_told(story: Story) -> None:
    nodes = node("startEvent", "s"), node("exclusiveGateway", "x", more='default="x_b"')
    story.deploy(process(*nodes, node("userTask", "a"), node("userTask", "b"), flows("s x", "x a: ${n}", "x b")))
    story.start(n=None)
    assert story.open == ["b"]
    assert [(each.flow, each.result) for each in story.of(ConditionEvaluated)] == [("x_a", None)]


def test_a_condition_of_a_wrong_type_is_an_incident(story: Story) -> None:
    nodes = node("startEvent", "s"), node("exclusiveGateway", "x", more='default="x_b"')
    story.deploy(process(*nodes, node("userTask", "a"), node("userTask", "b"), flows("s x", "x a: ${n}", "x b")))
    story.start(n=5)
    assert story.incidents == ["x"]


def test_conditional_and_default_flows_leave_a_task(story: Story) -> None:
    nodes = node("startEvent", "s"), node("userTask", "t", more='default="t_c"')
    tasks = node("userTask", "a"), node("userTask", "b"), node("userTask", "c")
    story.deploy(process(*nodes, *tasks, flows("s t", "t a: ${x > 1}", "t b: ${x > 2}", "t c")))
    story.start()
    story.complete("t", x=3)
    assert story.open == ["a", "b"]
    story.start()
    story.complete("t", x=0)
    assert story.open == ["c"]


def test_several_flows_into_a_task_merge_implicitly_each_token_its_own(story: Story) -> None:
    nodes = node("startEvent", "s"), node("userTask", "a"), node("userTask", "b"), node("userTask", "c")
    story.deploy(process(*nodes, node("endEvent", "e"), flows("s a", "s b", "a c", "b c", "c e")))
    story.start()
    story.complete("a")
    story.complete("b")
    assert story.open == ["c", "c"]
    story.complete("c")
    story.complete("c")
    assert story.ended == ("e",)


def test_two_tokens_through_one_fork_are_two(story: Story) -> None:
    nodes = node("startEvent", "s"), node("exclusiveGateway", "m"), node("task", "x"), node("task", "y")
    more = node("parallelGateway", "f"), node("userTask", "a"), node("userTask", "b")
    story.deploy(process(*nodes, *more, flows("s x m", "s y m", "m f", "f a", "f b")))
    story.start()
    assert story.open == ["a", "a", "b", "b"]


def test_an_excess_token_stays_at_the_join_and_keeps_the_instance_open(story: Story) -> None:
    # Given a join of two flows, one of which gets two tokens
    nodes = node("startEvent", "s"), node("userTask", "a"), node("userTask", "b"), node("exclusiveGateway", "m")
    tasks = node("userTask", "c"), node("parallelGateway", "j"), node("userTask", "d")
    story.deploy(process(*nodes, *tasks, flows("s a", "s b", "s c", "a m", "b m", "m j", "c j", "j d")))
    story.start()
    story.complete("a")
    story.complete("b")
    assert story.open == ["c"]
    # When the other comes
    story.complete("c")
    # Then it joins once, and the excess keeps the instance open
    assert story.open == ["d"]
    story.complete("d")
    assert story.open == []
    assert story.ended is None


def test_a_parallel_join_in_a_loop_joins_every_round(story: Story) -> None:
    nodes = node("startEvent", "s"), node("exclusiveGateway", "m"), node("parallelGateway", "f"), node("userTask", "a")
    more = node("userTask", "b"), node("parallelGateway", "j"), node("exclusiveGateway", "x", more='default="x_e"')
    way = flows("s m", "m f", "f a", "f b", "a j", "b j", "j x", "x m: ${again}", "x e")
    story.deploy(process(*nodes, *more, node("endEvent", "e"), way))
    story.start()
    for round in range(3):
        story.complete("b", again=round < 2)
        assert story.open == ["a"]
        story.complete("a")
    assert story.ended == ("e",)


INCLUSIVE = (
    node("startEvent", "s"),
    node("inclusiveGateway", "f"),
    node("userTask", "a"),
    node("userTask", "b"),
    node("inclusiveGateway", "j"),
    node("userTask", "t"),
    node("exclusiveGateway", "x", more='default="x_e"'),
    node("exclusiveGateway", "m"),
    node("endEvent", "e"),
    flows("s m f", "f a: ${p}", "f b: ${q}", "a j", "b j", "j t x", "x m: ${again}", "x e"),
)


def test_an_inclusive_join_waits_for_what_can_still_come(story: Story) -> None:
    story.deploy(process(*INCLUSIVE))
    story.start(p=True, q=True)
    story.complete("a")
    assert story.open == ["b"]
    story.complete("b")
    assert story.open == ["t"]


def test_an_inclusive_join_fires_when_nothing_else_can_come(story: Story) -> None:
    story.deploy(process(*INCLUSIVE))
    story.start(p=False, q=True)
    story.complete("b")
    assert story.open == ["t"]


def test_an_inclusive_join_in_a_loop_waits_in_every_round(story: Story) -> None:
    story.deploy(process(*INCLUSIVE))
    story.start(p=True, q=True)
    for again in (True, True, False):
        story.complete("b")
        assert story.open == ["a"]
        story.complete("a")
        story.complete("t", again=again)
    assert story.ended == ("e",)


def test_an_inclusive_join_waits_for_the_boundary_of_a_task_elsewhere(story: Story) -> None:
    # Given a branch whose only way to the join is its task's boundary event
    nodes = node("startEvent", "s"), node("userTask", "a"), node("userTask", "b"), node("inclusiveGateway", "j")
    late = node("boundaryEvent", "late", event("message", more='messageRef="M"'), more='attachedToRef="b"')
    ends = node("userTask", "t"), node("endEvent", "e")
    message = '<bpmn:message id="M" name="late" />'
    story.deploy(message, process(*nodes, late, *ends, flows("s a", "s b", "a j", "late j", "b e", "j t")))
    story.start()
    story.complete("a")
    assert story.tasks == ["b"]
    story.complete("b")
    assert story.tasks == ["t"]


def test_the_event_that_comes_first_wins(story: Story) -> None:
    # Given an event-based gateway with a message and a timer
    nodes = node("startEvent", "s"), node("eventBasedGateway", "g"), node("userTask", "a"), node("userTask", "b")
    got = node("intermediateCatchEvent", "got", event("message", more='messageRef="M"'))
    late = node("intermediateCatchEvent", "late", timer("PT4H"))
    message = '<bpmn:message id="M" name="got" />'
    definition = process(*nodes, got, late, flows("s g", "g got a", "g late b"))
    story.deploy(message, definition)
    # When the message comes
    story.start()
    assert story.open == ["message:got", "timer:late"]
    story.message("got")
    # Then the timer is cleared
    assert story.open == ["a"]
    assert len(story.of(TimerCleared)) == len(story.of(Unsubscribed)) == 1
    # And when the time comes first, the message is not awaited any more
    story.start()
    story.wait(hours=5)
    assert story.open == ["b"]


def test_a_link_goes_on_at_its_catch(story: Story) -> None:
    nodes = node("startEvent", "s"), node("userTask", "a"), node("userTask", "b")
    throw = node("intermediateThrowEvent", "t", event("link", more='name="A"'))
    catch = node("intermediateCatchEvent", "c", event("link", more='name="A"'))
    story.deploy(process(*nodes, throw, catch, flows("s a t", "c b")))
    story.start()
    story.complete("a")
    assert story.open == ["b"]


def test_elements_may_be_called_start_and_end(story: Story) -> None:
    story.deploy(
        process(node("startEvent", "Start"), node("userTask", "a"), node("endEvent", "End"), flows("Start a End"))
    )
    story.start()
    story.complete("a")
    assert story.ended == ("End",)


def test_a_process_without_start_and_end_begins_where_nothing_leads_in(story: Story) -> None:
    story.deploy(process(node("userTask", "a"), node("userTask", "b"), node("userTask", "c"), flows("a c")))
    story.start()
    assert story.open == ["a", "b"]
    story.complete("a")
    story.complete("b")
    story.complete("c")
    assert story.ended == ()


def test_one_of_several_start_events_begins(story: Story) -> None:
    message = '<bpmn:message id="M" name="got" />'
    first = node("startEvent", "s"), node("startEvent", "m", event("message", more='messageRef="M"'))
    story.deploy(message, process(*first, node("userTask", "a"), node("userTask", "b"), flows("s a", "m b")))
    story.start()
    assert story.open == ["a"]
    story.start(at="m")
    assert story.open == ["b"]


def test_a_thousand_tasks_in_a_row(story: Story) -> None:
    story.saving = False
    names = [f"t{n}" for n in range(1000)]
    story.deploy(
        process(node("startEvent", "s"), *(node("manualTask", n) for n in names), flows(" ".join(["s", *names])))
    )
    story.start()
    assert story.ended == ()


def test_a_loop_that_nothing_ends_is_an_incident(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stepper, "MOST_STEPS", 500)
    story.deploy(process(node("startEvent", "s"), node("task", "a"), node("task", "b"), flows("s a b a")))
    story.start()
    assert len(story.incidents) == 1
