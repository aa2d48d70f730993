"""Variables live in scopes: no branch loses or overwrites another's value."""

from __future__ import annotations

import pytest

from engine.runtime.unit.occurrences import VariableSet
from tests.engine.core.story import Story
from tests.engine.definitions.diagrams import extensions, flows, node, process

PARALLEL = process(
    node("startEvent", "s"),
    node("parallelGateway", "f"),
    node("userTask", "a"),
    node("userTask", "b"),
    node("parallelGateway", "j"),
    node("userTask", "t"),
    flows("s f", "f a", "f b", "a j", "b j", "j t"),
)


def put(kind: str, name: str, text: str) -> str:
    return f'<camunda:{kind}Parameter name="{name}">{text}</camunda:{kind}Parameter>'


def io(*parts: str) -> str:
    return extensions("<camunda:inputOutput>" + "".join(parts) + "</camunda:inputOutput>")


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_parallel_branches_keep_what_each_has_set(story: Story, order: tuple[str, str]) -> None:
    # Given two parallel branches that set variables that stood before
    story.deploy(PARALLEL)
    story.start(x="old", y="old")
    # When they finish in either order
    for name in order:
        story.complete(name, **{"x" if name == "a" else "y": "new"})
    # Then both values stand after the join
    assert (story["x"], story["y"]) == ("new", "new")


def test_an_input_parameter_is_the_activitys_own(story: Story) -> None:
    # Given a task with an input parameter that hides an outer name
    task = node("userTask", "a", io(put("input", "n", "${n + 1}"), put("output", "m", "${n * 10}")))
    story.deploy(process(node("startEvent", "s"), task, node("userTask", "b"), flows("s a b")))
    story.start(n=1)
    token = story.token("a")
    assert story.execution.variables(token)["n"] == 2
    # When the task writes that name
    story.complete("a", n=5)
    # Then the outer one is untouched, and the output was evaluated within
    assert (story["n"], story["m"]) == (1, 50)


def test_inputs_see_those_before_them(story: Story) -> None:
    task = node("userTask", "a", io(put("input", "p", "${2}"), put("input", "q", "${p * 3}")))
    story.deploy(process(node("startEvent", "s"), task, flows("s a")))
    story.start()
    assert story.execution.variables(story.token("a"))["q"] == 6


def test_a_subprocess_writes_outward_but_keeps_what_it_declares(story: Story) -> None:
    inner = node("startEvent", "s2") + node("userTask", "a") + flows("s2 a")
    sub = node("subProcess", "sub", io(put("input", "mine", "${1}"), put("output", "given", "${mine}")) + inner)
    story.deploy(process(node("startEvent", "s"), sub, node("userTask", "b"), flows("s sub b")))
    story.start(mine=7)
    story.complete("a", mine=2, other=3)
    assert story.open == ["b"]
    assert (story["mine"], story["other"], story["given"]) == (7, 3, 2)


def test_a_failing_output_is_an_incident_after_the_submission_is_kept(story: Story) -> None:
    task = node("userTask", "a", io(put("output", "m", "${missing_name}")))
    story.deploy(process(node("startEvent", "s"), task, node("userTask", "b"), flows("s a b")))
    story.start()
    story.complete("a", qty=5)
    assert story.incidents == ["a"]
    assert story["qty"] == 5
    assert story.tasks == []
    story.set(missing_name="here")
    story.retry("a")
    assert story.open == ["b"]
    assert story["m"] == "here"


def test_what_a_failed_step_has_written_is_taken_back(story: Story) -> None:
    outputs = put("output", "x", "new"), put("output", "y", "${nothing_here}")
    story.deploy(process(node("startEvent", "s"), node("task", "a", io(*outputs)), flows("s a")))
    story.start(x="old")
    assert story.incidents == ["a"]
    assert story["x"] == "old"
    assert [each.name for each in story.of(VariableSet)] == ["x"]


def test_a_variable_is_told_once_when_it_changes(story: Story) -> None:
    story.deploy(process(node("startEvent", "s"), node("userTask", "a"), node("userTask", "b"), flows("s a b")))
    story.start(x=1)
    story.complete("a", x=1)
    story.complete("b", x=2)
    assert [each.value for each in story.of(VariableSet) if each.name == "x"] == [1, 2]


def test_names_of_the_instance_are_visible_everywhere(story: Story) -> None:
    task = node("userTask", "a", more='camunda:assignee="${starter}"')
    story.deploy(process(node("startEvent", "s"), task, flows("s a")))
    story.start()
    assert story["business_key"] == "WT1"
