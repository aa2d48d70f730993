"""Inclusive joins (BPMN 2.0 §13.4.3)."""

from __future__ import annotations

from tests.engine.token_model.diagram import Diagram, Node
from tests.engine.token_model.state import Frame


def enabled(frame: Frame, node: Node, second: bool) -> bool:
    """A token waits, and every other token that can reach an empty way in can reach a full one too.

    Without `second` the last clause is left out, which is a deliberate fault.
    """
    flows = frame.diagram.incoming(node.id)
    full = {flow.id for flow in flows if frame.arrived[flow.id]}
    if not full:
        return False
    empty = {flow.id for flow in flows} - full
    starts = [token.node.id for token in frame.tokens]
    starts += [flow.target for flow in frame.diagram.flows.values() if frame.arrived[flow.id]]
    for start in starts:
        ways = _ways(frame.diagram, start, node.id) if start != node.id else set()
        if ways & empty and not (second and ways & full):
            return False
    return True


def _ways(diagram: Diagram, start: str, join: str) -> set[str]:
    """The flows that can be reached from a node without passing the join; an activity may go by its boundary."""
    seen, left, ways = set(), [start], set()
    while left:
        name = left.pop()
        if name in seen or name == join:
            continue
        seen.add(name)
        left += [boundary.id for boundary in diagram.boundaries(name)]
        for flow in diagram.outgoing(name):
            ways.add(flow.id)
            left.append(flow.target)
    return ways
