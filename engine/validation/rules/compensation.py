"""Compensation joins three things: an activity, the boundary event on it, and the handler by an association."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import EventKind, Kind, Node
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Place, Subject


def check(subject: Subject) -> Iterator[Found]:
    """Boundaries without a handler, handlers nobody calls, throws at what cannot be undone."""
    for place in subject.places:
        node = place.node
        kinds = {event.kind for event in node.events}
        if node.kind is Kind.BOUNDARY_EVENT and EventKind.COMPENSATE in kinds:
            handler = place.scope.nodes.get(node.compensated_by)
            if handler is None or not handler.for_compensation:
                yield Found(
                    at(node), "No compensation activity is joined to this event.",
                    "Draw an association to an activity marked as compensation.",
                )  # fmt: skip
        elif node.for_compensation and not _called(place):
            yield Found(at(node), "No compensation event leads to this activity.", "Join it by an association.")
        elif node.kind in (Kind.THROW_EVENT, Kind.END_EVENT):
            yield from _thrown(node, subject)


def _called(place: Place) -> bool:
    return any(other.compensated_by == place.node.id for other in place.scope.nodes.values())


def _thrown(node: Node, subject: Subject) -> Iterator[Found]:
    for event in node.events:
        if event.kind is not EventKind.COMPENSATE or not event.ref:
            continue
        target = next((place.node for place in subject.places if place.node.id == event.ref), None)
        if target is not None and not target.compensated_by and target.body is None and target.call is None:
            yield Found(
                at(node, event.line), "%(target)s has no compensation.", "Draw a compensation event on it.",
                {"target": event.ref},
            )  # fmt: skip


RULE = Rule("compensation", Level.ERROR, check)
