"""The state: small, flat in loops, the same after save and load; programs are shared and never change."""

from __future__ import annotations

import time
from statistics import median

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


def rounds(story: Story, ticking: bool) -> tuple[list[int], list[float]]:
    """Complete the task of the loop again and again, saved each time; the bytes and seconds of each round."""
    sizes, times = [], []
    saved = story.execution.snapshot()
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        execution = Execution.restore(saved, story.world)
        token = next(each.at.token for each in execution.waits() if each.at.element_id == "a")
        execution.complete(token, {"done": False})
        execution.run()
        saved = execution.snapshot()
        times.append(time.perf_counter() - begun)
        sizes.append(len(saved))
        if ticking:
            story.execution = Execution.restore(saved, story.world)
            story.wait(hours=1)
            saved = story.execution.snapshot()
    story.execution = Execution.restore(saved, story.world)
    return sizes, times


@pytest.mark.parametrize(("diagram", "ticking"), [(LOOP, False), (BESIDE, True)])
def test_two_thousand_rounds_cost_the_same_at_the_end_as_at_the_start(diagram: str, ticking: bool) -> None:
    story = Story(saving=False)
    story.deploy(diagram)
    story.start()
    sizes, times = rounds(story, ticking)
    assert sizes[-1] - sizes[10] <= 20  # longer numbers of tokens
    assert median(times[-200:]) < 1.5 * median(times[:200])
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
