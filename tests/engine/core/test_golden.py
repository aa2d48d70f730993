"""Snapshots that earlier versions have written are loaded and run to their ends.

When the format changes, the old files stay, and a new one is written by `python -m tests.engine.core.test_golden`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.runtime.core import Execution
from engine.runtime.core.snapshot import FORMAT
from tests.engine.core.story import Story
from tests.engine.core.test_compensation import throw, undoable
from tests.engine.core.test_events import MESSAGE, NAMES, beside, boundary, sub
from tests.engine.core.test_loops import many, out
from tests.engine.definitions.diagrams import extensions, flows, node, process, timer

GOLDEN = Path(__file__).parent / "golden"

CALLED = process(node("startEvent", "cs"), node("userTask", "inside"), flows("cs inside"), id="called")
EVERYTHING = process(
    node("startEvent", "s"),
    node("inclusiveGateway", "f"),
    undoable("done", "undo_done"),
    sub(
        "sub",
        node("startEvent", "s2"),
        node("userTask", "a", out("answers", "answer") + many()),
        node("userTask", "b"),
        beside("v", MESSAGE, False, "h"),
        flows("s2 a b"),
    ),
    boundary("tick", "sub", timer("R/PT1H", "timeCycle"), interrupting=False),
    node("userTask", "ticked"),
    node("callActivity", "call", extensions('<camunda:in source="n" target="m" />'), 'calledElement="called"'),
    node("inclusiveGateway", "j"),
    throw(),
    node("endEvent", "e"),
    flows("s f", "f done: ${true}", "f sub: ${true}", "f call: ${n > 0}", "done j", "sub j", "call j", "j undo e"),
    flows("tick ticked"),
)


def begun(saving: bool = False) -> Story:
    """An instance in the middle of everything."""
    story = Story(saving)
    story.deploy(NAMES, CALLED, EVERYTHING)
    story.start(n=3, items=["x", "y"])
    story.complete("done")
    story.complete("a", nth=1, answer="Y")
    story.message("v_s")
    story.wait(hours=2)
    return story


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("v*.json")), ids=lambda path: path.stem)
def test_an_instance_saved_by_an_earlier_version_goes_on_to_its_end(path: Path) -> None:
    # Given the same diagrams, and the state as that version has saved it
    story = begun()
    written = path.read_bytes().strip()
    story.told.clear()
    story.execution = Execution.restore(written, story.world)
    # Then it waits for the same, and goes the same way
    assert story.tasks == ["a", "h", "inside", "ticked", "ticked"]
    for name in ("a", "b", "h", "inside", "ticked", "ticked"):
        story.complete(name, **answer(name))
    assert story["answers"] == ["X", "Y"]
    story.complete("undo_done")
    assert story.ended == ("e",)


def answer(name: str) -> dict[str, Any]:
    return {"answer": "X"} if name == "a" else {}


def test_there_is_a_golden_snapshot_of_the_present_format() -> None:
    assert (GOLDEN / f"v{FORMAT}.json").exists()


if __name__ == "__main__":
    (GOLDEN / f"v{FORMAT}.json").write_bytes(begun().execution.snapshot() + b"\n")
