"""A condition where BPMN asks none would be ignored: on flows of parallel and event gateways, events, defaults."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind, Node
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject

_UNASKED = {
    Kind.PARALLEL_GATEWAY, Kind.EVENT_BASED_GATEWAY, Kind.START_EVENT, Kind.CATCH_EVENT, Kind.THROW_EVENT,
    Kind.BOUNDARY_EVENT,
}  # fmt: skip
_DECIDING = {Kind.EXCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY}


def check(subject: Subject) -> Iterator[Found]:
    """Conditions on flows whose source never asks them, and on default flows."""
    for place in subject.places:
        for name in place.node.outgoing:
            if place.scope.flows[name].condition and (why := _why(place.node, name)):
                yield Found(
                    at(place.scope.flows[name]), "The condition is never asked: %(why)s.",
                    "Remove it, or put an exclusive gateway before it.", {"why": why},
                )  # fmt: skip


def _why(node: Node, flow: str) -> str:
    if node.kind in _UNASKED:
        return f"a {node.kind} takes all its flows"
    if flow == node.default_flow:
        return "this is the default flow"
    if node.kind in _DECIDING and len(node.outgoing) == 1:
        return "the gateway has no other way out"
    return ""


RULE = Rule("ignored-condition", Level.ERROR, check)
