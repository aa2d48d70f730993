"""What a compensation undoes (BPMN 2.0 §10.7, §13.5.5).

A completed activity is undone by the handler at its compensation boundary event; a completed subprocess without one
by its compensation event subprocess; and without that, by undoing what was completed within it. The last completed
goes first. What is undone once is not undone again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.engine.token_model.diagram import Diagram, Node, trigger_of
from tests.engine.token_model.state import Done, Frame, Run, Undoing


def done_by(run: Run) -> Done:
    """What is remembered of a completed run: the data it saw, as they were then."""
    within = run.frame.done if run.frame is not None else []
    return Done(run.token.node, run.token.frame.diagram, dict(run.variables.own), within)


def undone_by(frame: Frame) -> Frame:
    """The scope whose activities a throw in this frame undoes: in an event subprocess, those of its parent."""
    while frame.owner is not None and frame.owner.token.node.kind == "aside":
        frame = frame.owner.token.frame
    return frame


def take(frame: Frame, activity: str, again: bool = False) -> list[Undoing]:
    """What is to be undone, in that order: one activity or ("") all; it is then forgotten (`again`: it is not)."""
    meant = [done for done in frame.done if activity in ("", done.node.id)]
    if not again:
        frame.done = [done for done in frame.done if done not in meant]
    return [step for done in reversed(meant) for step in _steps(done, ())]


def _steps(done: Done, around: tuple[dict[str, Any], ...]) -> Iterator[Undoing]:
    seen = (done.own, *around)
    handler = _handler(done.diagram, done.node)
    if handler is not None:
        yield Undoing(handler, done.diagram, seen, [])
        return
    if done.node.body is None:
        return
    for node in done.node.body.nodes.values():
        if node.kind == "aside" and trigger_of(node).event == "compensate":
            yield Undoing(node, done.node.body, seen, done.within)
            return
    for inner in reversed(done.within):
        yield from _steps(inner, seen)


def _handler(diagram: Diagram, node: Node) -> Node | None:
    for boundary in diagram.boundaries(node.id):
        if boundary.event == "compensate":
            return diagram.nodes[boundary.handler]
    return None
