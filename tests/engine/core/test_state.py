"""The state: small, flat in loops, the same after save and load; programs are shared and never change."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from engine.runtime.core import Execution
from tests.engine.core.story import Story, World
from tests.engine.core.test_events import NAMES, boundary, sub
from tests.engine.definitions.diagrams import flows, node, process, timer

ROUNDS = 2000

LOOP = process(
    node("startEvent", "s"),
    node("exclusiveGateway", "m"),
    node("userTask", "a"),
    node("exclusiveGateway", "x", more='default="x_m"'),
    node("endEvent", "e"),
    flows("s m a x", "x e: ${done}", "x m"),
)

INNER = (
    node("startEvent", "s2"),
    node("parallelGateway", "f"),
    node("userTask", "w"),
    boundary("tick", "w", timer("R/PT1H", "timeCycle"), interrupting=False),
    node("task", "ticked"),
    node("exclusiveGateway", "m"),
    node("userTask", "a"),
    node("exclusiveGateway", "x", more='default="x_m"'),
    node("parallelGateway", "j"),
    node("userTask", "last"),
    flows("s2 f m a x", "f w j last", "x j: ${done}", "x m", "tick ticked"),
)
BESIDE = process(node("startEvent", "s"), sub("sub", *INNER), node("endEvent", "e"), flows("s sub e"))


def rounds(story: Story, ticking: bool) -> tuple[list[int], list[int]]:
    """Complete the task of the loop again and again, saved each time; the bytes of each round, the
    calls of the first ten and the last.

    Calls are counted and not seconds, since those depend on what else the machine does.
    """
    sizes, calls = [], []
    for round in range(ROUNDS):
        if 10 <= round < ROUNDS - 1:
            saved = one_round(story)
        else:
            with counting() as counter:
                saved = one_round(story)
            calls.append(counter[0])
        sizes.append(len(saved))
        story.execution = Execution.restore(saved, story.world)
        if ticking and round % 4 == 0:
            story.wait(hours=1)
    return sizes, calls


def one_round(story: Story) -> bytes:
    """Load, complete, run, save."""
    execution = Execution.restore(story.execution.snapshot(), story.world)
    token = next(each.at.token for each in execution.waits() if each.at.element_id == "a")
    execution.complete(token, {"done": False})
    execution.run()
    execution.drain()
    return execution.snapshot()


@contextmanager
def counting() -> Iterator[list[int]]:
    """Count the calls of functions."""
    counter = [0]

    def count(frame: object, kind: str, argument: object) -> None:
        counter[0] += kind == "call"

    sys.setprofile(count)
    try:
        yield counter
    finally:
        sys.setprofile(None)


@pytest.mark.parametrize(("diagram", "ticking"), [(LOOP, False), (BESIDE, True)])
def test_two_thousand_rounds_cost_the_same_at_the_end_as_at_the_start(diagram: str, ticking: bool) -> None:
    story = Story(saving=False)
    story.deploy(diagram)
    story.start()
    sizes, calls = rounds(story, ticking)
    assert sizes[-1] - sizes[10] <= 20  # longer numbers of tokens
    assert calls[-1] <= calls[9] * 1.02
    assert "a" in story.tasks
    story.complete("a", done=True)
    if ticking:
        story.complete("w")
        story.complete("last")
    assert story.ended == ("e",)


def test_a_program_is_not_changed_by_running() -> None:
    world = World()
    world.deploy(NAMES, BESIDE)
    before = shape(world)
    for _ in range(3):
        story = Story(saving=True)
        story.world = world
        story.start()
        story.complete("a", done=False)
        story.wait(hours=3)
        story.complete("a", done=True)
        story.complete("w")
    assert shape(world) == before


def shape(world: World) -> list[object]:
    """What of the specs could be changed: the attributes that are plain data."""
    plain = (str, int, bool, tuple, frozenset, list, dict)
    return [
        (name, key, repr(value) if not isinstance(value, dict) else sorted(map(str, value)))
        for plan in world.current["p"].plans.values()
        for name, spec in plan.task_specs.items()
        for key, value in vars(spec).items()
        if isinstance(value, plain) and key not in ("flows", "boundary_triggers", "triggers", "climbing")
    ]


def test_the_same_state_gives_the_same_bytes() -> None:
    story = Story(saving=False)
    story.deploy(NAMES, BESIDE)
    story.start(b=1, a=2)
    saved = story.execution.snapshot()
    assert Execution.restore(saved, story.world).snapshot() == saved


def test_a_snapshot_is_small() -> None:
    story = Story(saving=False)
    story.deploy(LOOP)
    story.start(names={"started_at": None})
    assert len(story.execution.snapshot()) < 260
