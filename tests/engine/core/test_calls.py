"""Call activities: isolated variables, in and out, versions."""

from __future__ import annotations

from tests.engine.core.story import Story
from tests.engine.definitions.diagrams import extensions, flows, node, process


def called(*parts: str) -> str:
    return process(node("startEvent", "s2"), node("userTask", "a"), *parts, flows("s2 a"), id="called")


def calling(extra: str = "", more: str = 'calledElement="called"') -> str:
    call = node("callActivity", "call", extensions(extra) if extra else "", more)
    return process(node("startEvent", "s"), call, node("userTask", "b"), flows("s call b"))


def test_a_called_process_sees_what_it_is_given_and_gives_what_is_taken(story: Story) -> None:
    given = (
        '<camunda:in source="qty" target="amount" /><camunda:in sourceExpression="${qty * 2}" target="twice" />'
        '<camunda:out source="amount" target="qty" /><camunda:out sourceExpression="${twice + 1}" target="more" />'
    )
    story.deploy(called(), calling(given))
    story.start(qty=4, secret=1)
    inside = story.execution.variables(story.token("a"))
    assert (inside["amount"], inside["twice"], inside["business_key"]) == (4, 8, "WT1")
    assert "secret" not in inside
    story.complete("a", amount=5, note="kept inside")
    assert story.open == ["b"]
    assert (story["qty"], story["more"]) == (5, 9)
    assert "note" not in story.execution.variables()


def test_all_variables_go_in_and_out(story: Story) -> None:
    story.deploy(called(), calling('<camunda:in variables="all" /><camunda:out variables="all" />'))
    story.start(qty=4)
    story.complete("a", qty=5, note="x")
    assert (story["qty"], story["note"]) == (5, "x")


def test_a_running_call_stays_on_its_version(story: Story) -> None:
    story.deploy(called(), calling())
    story.start()
    story.deploy(called(node("userTask", "new"), flows("a new")), calling())
    story.complete("a")
    assert story.open == ["b"]
    story.start()
    story.complete("a")
    assert story.open == ["new"]


def test_the_called_process_may_be_named_by_an_expression(story: Story) -> None:
    story.deploy(called(), calling(more='calledElement="${which}"'))
    story.start(which="called")
    assert story.open == ["a"]


def test_an_output_that_fails_is_an_incident_at_the_call(story: Story) -> None:
    story.deploy(called(), calling('<camunda:out sourceExpression="${missing + 1}" target="m" />'))
    story.start()
    story.complete("a")
    assert story.incidents == ["call"]


def test_a_variable_that_was_never_set_is_passed_as_null(story: Story) -> None:
    story.deploy(called(), calling('<camunda:out source="missing" target="m" />'))
    story.start()
    story.complete("a")
    assert story["m"] is None


def test_calls_without_end_are_an_incident(story: Story) -> None:
    story.deploy(
        process(node("startEvent", "s"), node("callActivity", "call", more='calledElement="p"'), flows("s call"))
    )
    story.start()
    assert story.incidents == ["call"]
