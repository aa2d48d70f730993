"""Whether a diagram can be drawn from its interchange part, with every node and flow at its place."""

from __future__ import annotations

import math
from collections.abc import Iterator

from engine.definitions.model import ProcessDefinition
from engine.definitions.xml import DI, Element, parse
from engine.scenarios.proof.drawing import draw

_BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
_WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"


def placed(content: bytes) -> frozenset[str]:
    """The ids of all that has a readable place in the drawing."""
    return frozenset(_placed(parse(content)))


def _placed(root: Element) -> Iterator[str]:
    for tag, part, least in (("BPMNShape", _BOUNDS, 1), ("BPMNEdge", _WAYPOINT, 2)):
        for each in root.iter(f"{{{DI}}}{tag}"):
            points = [point for point in each.iter(part) if _finite(point)]
            if len(points) >= least:
                yield str(each.get("bpmnElement") or "").rpartition(":")[2]


def _finite(point: Element) -> bool:
    numbers = [value for name, value in point.items() if name in ("x", "y", "width", "height")]
    try:
        return all(math.isfinite(float(each)) for each in numbers)
    except ValueError:
        return False


def unplaced(process: ProcessDefinition, known: frozenset[str]) -> tuple[str, ...]:
    """The nodes and flows of a process that have no place."""
    return tuple(name for name in _drawn(process) if name not in known)


def _drawn(process: ProcessDefinition) -> Iterator[str]:
    scopes = [process.scope, *(node.body for node in process.scope.walk() if node.body is not None)]
    for scope in scopes:
        yield from scope.nodes
        yield from scope.flows


def is_drawn(content: bytes, process: ProcessDefinition) -> bool:
    """Whether the project's own drawing has anything of this process."""
    return bool(draw(content, process.id))
