"""Who handles an error or an escalation (BPMN 2.0 §10.5.1, §10.5.7, §13.5.4).

Outward from the scope it is thrown in: the event subprocesses of the scope, then the boundary events of the activity
the scope is the inside of, then the same one scope further out. A handler of just this code goes before one of all
codes. In a scope where an interrupting event subprocess runs no other one begins.
"""

from __future__ import annotations

from typing import NamedTuple

from tests.engine.token_model.diagram import Node, trigger_of
from tests.engine.token_model.state import Frame, Token


class Handler(NamedTuple):
    """An event subprocess of a frame, or a boundary event of the activity (`host`) that runs in it."""

    node: Node
    frame: Frame
    host: Token | None


def find_handler(frame: Frame, event: str, code: str, exact_first: bool = True) -> Handler | None:
    """The nearest handler; None when nobody handles it."""
    inside: Frame | None = frame
    while inside is not None:
        asides = [node for node in inside.diagram.nodes.values() if node.kind == "aside"]
        found = None if inside.deaf else _best({trigger_of(node): node for node in asides}, event, code, exact_first)
        if found is not None:
            return Handler(found, inside, None)
        if inside.owner is None:
            return None
        host = inside.owner.token
        boundaries = host.frame.diagram.boundaries(host.node.id)
        found = _best({node: node for node in boundaries}, event, code, exact_first)
        if found is not None:
            return Handler(found, host.frame, host)
        inside = host.frame
    return None


def _best(catching: dict[Node, Node], event: str, code: str, exact_first: bool) -> Node | None:
    fit = [(each.code == code, node) for each, node in catching.items()
           if each.event == event and each.code in ("", code)]  # fmt: skip
    exact = [node for same, node in fit if same] if exact_first else []
    return next((node for node in [*exact, *(node for _, node in fit)]), None)
