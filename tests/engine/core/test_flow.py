"""Sequence, gateways and joins."""

from __future__ import annotations

from tests.engine.core.story import Story
from tests.engine.definitions.diagrams import flows, node, process


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
