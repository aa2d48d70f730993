"""Repairing an instance: cancel an element, start before an element, correct, cancel."""

from __future__ import annotations

import pytest

from engine.errors import ModelError, NotFound
from engine.runtime.core import Execution
from engine.runtime.unit.occurrences import InstanceEnded, TaskClosed
from tests.engine.core.story import Story
from tests.engine.core.test_events import MESSAGE, NAMES, boundary, sub
from tests.engine.core.test_loops import many
from tests.engine.definitions.diagrams import flows, node, process


def nested() -> str:
    inner = node("startEvent", "s2"), node("userTask", "a"), node("userTask", "b"), flows("s2 a b")
    parts = sub("sub", *inner), boundary("x", "sub", MESSAGE), node("userTask", "c"), node("userTask", "d")
    return process(node("startEvent", "s"), *parts, flows("s sub c", "x d"))


def test_a_token_is_moved_within_its_scope(story: Story) -> None:
    story.deploy(NAMES, nested())
    story.start()
    assert story.execution.cancel_element("a") == 1
    story.execution.start_before("b")
    story.settle()
    assert story.open == ["b", "message:x"]
    story.complete("b")
    assert story.open == ["c"]


def test_starting_inside_a_scope_that_is_not_open_opens_it(story: Story) -> None:
    story.deploy(NAMES, nested())
    story.start()
    story.complete("a")
    story.complete("b")
    story.execution.start_before("b")
    story.execution.cancel_element("c")
    story.settle()
    assert story.open == ["b", "message:x"]
    story.message("x")
    assert story.open == ["d"]


def test_a_scope_left_with_nothing_is_withdrawn(story: Story) -> None:
    story.deploy(NAMES, nested())
    story.start()
    story.execution.start_before("d")
    story.execution.cancel_element("a")
    story.settle()
    assert story.open == ["d"]
    assert [each.cancelled for each in story.of(TaskClosed)] == [True]


def test_an_instance_left_with_nothing_is_cancelled(story: Story) -> None:
    story.deploy(NAMES, nested())
    story.start()
    story.execution.cancel_element("sub")
    story.settle()
    assert story.of(InstanceEnded)[0].state == "cancelled"


def test_a_withdrawn_item_is_done(story: Story) -> None:
    inner = node("startEvent", "s2"), node("userTask", "a"), flows("s2 a")
    story.deploy(process(node("startEvent", "s"), sub("sub", many(), *inner), node("userTask", "b"), flows("s sub b")))
    story.start(items=[1, 2])
    story.complete("a")
    story.execution.cancel_element("a")
    story.settle()
    assert story.open == ["b"]


def test_tokens_stuck_at_a_join_can_be_taken_away(story: Story) -> None:
    nodes = node("startEvent", "s"), node("task", "a"), node("userTask", "b"), node("parallelGateway", "j")
    story.deploy(process(*nodes, node("userTask", "c"), flows("s a j", "s b j", "j c")))
    story.start()
    assert story.execution.cancel_element("j") == 1
    story.settle()
    assert story.open == ["b"]
    story.complete("b")
    assert story.open == []
    assert story.execution.state == "open"
    story.execution.start_before("c")
    story.settle()
    assert story.open == ["c"]


def test_an_unknown_element_cannot_be_started(story: Story) -> None:
    story.deploy(NAMES, nested())
    story.start()
    with pytest.raises(NotFound):
        story.execution.start_before("nothing")
    assert story.execution.cancel_element("nothing") == 0


def test_cancel_withdraws_everything(story: Story) -> None:
    story.deploy(NAMES, nested())
    story.start()
    story.execution.cancel()
    story.settle()
    assert story.open == []
    assert story.execution.state == "cancelled"
    assert story.ended == ()


def test_an_unknown_format_is_not_loaded(story: Story) -> None:
    story.deploy(NAMES, nested())
    story.start()
    saved = story.execution.snapshot()
    for wrong in (saved.replace(b'"v":1', b'"v":99'), b"{}", b"[]", b"nonsense"):
        with pytest.raises(ModelError, match="format"):
            Execution.restore(wrong, story.world)
