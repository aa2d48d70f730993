"""Multi-instance and standard loops."""

from __future__ import annotations

import pytest

from tests.engine.core.story import Story
from tests.engine.core.test_events import MESSAGE, NAMES, boundary, sub
from tests.engine.core.test_variables import io, put
from tests.engine.definitions.diagrams import event, extensions, flows, node, process, properties


def many(sequential: bool = False, more: str = "", inner: str = "") -> str:
    """Multi-instance characteristics over `items`."""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}" camunda:collection="items" '
        f'camunda:elementVariable="item" {more}>{inner}</bpmn:multiInstanceLoopCharacteristics>'
    )


def out(collection: str, element: str) -> str:
    return extensions(properties(outputCollection=collection, outputElement=element))


def task(inner: str) -> str:
    return process(node("startEvent", "s"), node("userTask", "a", inner), node("userTask", "b"), flows("s a b"))


@pytest.mark.parametrize("order", [(0, 0, 0), (2, 1, 0), (1, 1, 0)])
def test_parallel_items_give_their_results_in_the_order_of_the_items(story: Story, order: tuple[int, ...]) -> None:
    story.deploy(task(out("answers", '${item + ":" + answer}') + many()))
    story.start(items=["x", "y", "z"])
    assert story.tasks == ["a", "a", "a"]
    left = ["x", "y", "z"]
    for nth in order:
        story.complete("a", nth=nth, answer=left.pop(nth).upper())
    assert story["answers"] == ["x:X", "y:Y", "z:Z"]
    assert story.open == ["b"]


def test_sequential_items_come_one_after_the_other(story: Story) -> None:
    story.deploy(task(out("answers", "answer") + many(sequential=True)))
    story.start(items=["x", "y"])
    for expected in ("x", "y"):
        assert story.tasks == ["a"]
        assert story.execution.variables(story.token("a"))["item"] == expected
        story.complete("a", answer=expected * 2)
    assert story["answers"] == ["xx", "yy"]
    assert "item" not in story.execution.variables()


@pytest.mark.parametrize("sequential", [True, False])
def test_an_empty_collection_is_done_at_once(story: Story, sequential: bool) -> None:
    story.deploy(task(out("answers", "answer") + many(sequential)))
    story.start(items=[])
    assert story.open == ["b"]
    assert story["answers"] == []


def test_a_collection_that_is_no_list_is_an_incident(story: Story) -> None:
    story.deploy(task(many()))
    story.start(items=5)
    assert story.incidents == ["a"]
    story.set(items=["x"])
    story.retry("a")
    assert story.open == ["a"]


def test_the_completion_condition_takes_the_other_items_away(story: Story) -> None:
    condition = "<bpmn:completionCondition>${nrOfCompletedInstances >= 2}</bpmn:completionCondition>".replace(
        ">= ", "&gt;= "
    )
    story.deploy(task(out("answers", "answer") + many(inner=condition)))
    story.start(items=["x", "y", "z"])
    story.complete("a", nth=2, answer="Z")
    story.complete("a", answer="X")
    assert story.open == ["b"]
    assert story["answers"] == ["X", "Z"]


def test_cardinality_and_counters(story: Story) -> None:
    inner = "<bpmn:loopCardinality>${n}</bpmn:loopCardinality>"
    loop = f"<bpmn:multiInstanceLoopCharacteristics>{inner}</bpmn:multiInstanceLoopCharacteristics>"
    story.deploy(task(loop))
    story.start(n=3)
    counters = [story.execution.variables(wait.at.token) for wait in story.waits("task")]
    assert [each["loopCounter"] for each in counters] == [0, 1, 2]
    story.complete("a")
    left = story.execution.variables(story.token("a"))
    assert (left["nrOfInstances"], left["nrOfCompletedInstances"], left["nrOfActiveInstances"]) == (3, 1, 2)


def test_more_items_at_once_than_anybody_means_are_an_incident(story: Story) -> None:
    inner = "<bpmn:loopCardinality>${n}</bpmn:loopCardinality>"
    story.deploy(task(f"<bpmn:multiInstanceLoopCharacteristics>{inner}</bpmn:multiInstanceLoopCharacteristics>"))
    story.start(n=10**40)
    assert story.incidents == ["a"]
    # and the number corrected, it goes on
    story.set(n=2)
    story.retry("a")
    assert story.tasks == ["a", "a"]


def test_items_of_a_subprocess_each_keep_their_own_inputs(story: Story) -> None:
    inner = node("startEvent", "s2"), node("userTask", "a"), node("userTask", "c"), flows("s2 a c")
    mapped = io(put("input", "mine", "${item * 2}")).replace(
        "</bpmn:extensionElements>",
        properties(outputCollection="r", outputElement="mine") + "</bpmn:extensionElements>",
    )
    story.deploy(
        process(node("startEvent", "s"), sub("sub", mapped, many(), *inner), node("userTask", "b"), flows("s sub b"))
    )
    story.start(items=[1, 2])
    story.complete("a", nth=1, mine=40)
    story.complete("a", mine=20)
    story.complete("c")
    story.complete("c")
    assert story["r"] == [20, 40]
    assert story.open == ["b"]


def test_scripts_in_parallel_items_do_not_overwrite_each_other(story: Story) -> None:
    script = node(
        "scriptTask",
        "a",
        out("r", "twice") + many() + "<bpmn:script>item * 2</bpmn:script>",
        'scriptFormat="feel" camunda:resultVariable="twice"',
    )
    story.deploy(process(node("startEvent", "s"), script, node("userTask", "b"), flows("s a b")))
    story.start(items=[1, 2, 3])
    assert story["r"] == [2, 4, 6]
    assert "twice" not in story.execution.variables()


def test_a_boundary_on_a_multi_instance_takes_all_items(story: Story) -> None:
    inner = node("startEvent", "s2"), node("userTask", "a"), flows("s2 a")
    parts = sub("sub", many(), *inner), boundary("x", "sub", MESSAGE), node("userTask", "c")
    story.deploy(NAMES, process(node("startEvent", "s"), *parts, flows("s sub", "x c")))
    story.start(items=[1, 2, 3])
    assert story.open.count("message:x") == 1
    story.complete("a")
    story.message("x")
    assert story.open == ["c"]


def test_an_error_in_one_item_takes_all(story: Story) -> None:
    end = node("endEvent", "bad", event("error", more='errorRef="E"'))
    inner = node("startEvent", "s2"), node("userTask", "a"), end, flows("s2 a bad")
    parts = sub("sub", many(), *inner), boundary("x", "sub", event("error")), node("userTask", "c")
    story.deploy(NAMES, process(node("startEvent", "s"), *parts, flows("s sub", "x c")))
    story.start(items=[1, 2, 3])
    story.complete("a", nth=1)
    assert story.open == ["c"]


def test_a_terminate_end_ends_its_item_only(story: Story) -> None:
    inner = (
        node("startEvent", "s2"),
        node("userTask", "a"),
        node("userTask", "w"),
        node("endEvent", "t", event("terminate")),
    )
    parts = sub("sub", many(), *inner, flows("s2 a t", "s2 w")), node("userTask", "b")
    story.deploy(process(node("startEvent", "s"), *parts, flows("s sub b")))
    story.start(items=[1, 2])
    story.complete("a")
    assert story.tasks == ["a", "w"]
    story.complete("a")
    assert story.open == ["b"]


def test_call_activities_over_a_collection(story: Story) -> None:
    called = process(node("startEvent", "s2"), node("userTask", "a"), flows("s2 a"), id="called")
    given = '<camunda:in source="item" target="lot" /><camunda:out source="weight" target="kilos" />'
    body = extensions(given, properties(outputCollection="all", outputElement="kilos")) + many()
    call = node("callActivity", "call", body, 'calledElement="called"')
    story.deploy(called, process(node("startEvent", "s"), call, node("userTask", "b"), flows("s call b")))
    story.start(items=["L1", "L2"])
    story.complete("a", nth=1, weight=2)
    assert story.execution.variables(story.token("a"))["lot"] == "L1"
    story.complete("a", weight=1)
    assert story["all"] == [1, 2]


@pytest.mark.parametrize(("before", "rounds"), [("true", 0), ("false", 1)])
def test_a_standard_loop_tests_before_or_after(story: Story, before: str, rounds: int) -> None:
    inner = "<bpmn:loopCondition>${again}</bpmn:loopCondition>"
    loop = f'<bpmn:standardLoopCharacteristics testBefore="{before}">{inner}</bpmn:standardLoopCharacteristics>'
    story.deploy(task(loop))
    story.start(again=False)
    for _ in range(rounds):
        story.complete("a")
    assert story.open == ["b"]
    story.start(again=True)
    story.complete("a")
    story.complete("a")
    story.complete("a", again=False)
    assert story.open == ["b"]


def test_a_standard_loop_ends_at_its_maximum(story: Story) -> None:
    story.deploy(task('<bpmn:standardLoopCharacteristics loopMaximum="2" />'))
    story.start()
    story.complete("a")
    assert story.open == ["a"]
    story.complete("a")
    assert story.open == ["b"]


def test_a_receive_task_waits_for_each_item(story: Story) -> None:
    receive = node("receiveTask", "r", many(), 'messageRef="M"')
    story.deploy(NAMES, process(node("startEvent", "s"), receive, node("userTask", "b"), flows("s r b")))
    story.start(items=[1, 2])
    story.message("r")
    assert story.open == ["message:r"]
    story.message("r")
    assert story.open == ["b"]
