"""Where a path just stops, BPMN ends it there; an end event says so, and its name tells how the instance ended."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import EventKind, Kind, Node
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Nodes that no flow leaves and that are no end."""
    for place in subject.places:
        if not place.node.outgoing and not place.process.global_task and not _may_stop(place.node):
            yield Found(at(place.node), "The path stops here without an end event.", "Lead it to an end event.")


def _may_stop(node: Node) -> bool:
    kinds = {event.kind for event in node.events}
    return (
        node.kind in (Kind.END_EVENT, Kind.EVENT_SUB_PROCESS)
        or node.for_compensation
        or (node.kind is Kind.THROW_EVENT and EventKind.LINK in kinds)
        or (node.kind is Kind.BOUNDARY_EVENT and EventKind.COMPENSATE in kinds)
    )


RULE = Rule("no-end", Level.WARNING, check)
