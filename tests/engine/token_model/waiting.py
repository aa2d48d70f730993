"""What waits in a frame: tasks, and events that are waited for (BPMN 2.0 §10.5.1, §13.5)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.engine.token_model.diagram import WAITED, Node, trigger_of
from tests.engine.token_model.state import Frame, Offer, Token, Variables, Watched


def offers_of(frame: Frame) -> Iterator[Offer]:
    """What waits in a frame itself, and the starts of its event subprocesses unless it is deaf."""
    for token in frame.tokens:
        yield from _at(token)
    for node in frame.diagram.nodes.values():
        if node.kind == "aside" and not frame.deaf:
            yield from _event(trigger_of(node), Token(node, frame), frame.variables, frame.watched)


def _at(token: Token) -> Iterator[Offer]:
    node, diagram, variables = token.node, token.frame.diagram, token.frame.variables
    if token.stuck:
        yield Offer("incident", node, token, None, variables, token.watched)
    elif node.kind == "user":
        yield from (Offer("task", node, token, run, run.variables, token.watched) for run in token.runs)
    elif node.kind == "catch":
        yield from _event(node, token, variables, token.watched)
    elif node.kind == "events":
        for flow in diagram.outgoing(node.id):
            yield from _event(diagram.nodes[flow.target], token, variables, token.watched)
    for boundary in diagram.boundaries(node.id):
        yield from _event(boundary, token, _within(token), token.watched)


def _event(node: Node, token: Token, variables: Variables, watched: Watched) -> Iterator[Offer]:
    if node.event in WAITED and not (node.event == "timer" and watched.fired[node.id] >= node.times):
        yield Offer(node.event, node, token, None, variables, watched)


def _within(token: Token) -> Variables:
    """A boundary event's condition sees what its activity declares; of several runs, what is outside them."""
    several = token.node.many is not None or token.node.again is not None
    return token.frame.variables if several or not token.runs else token.runs[0].variables
