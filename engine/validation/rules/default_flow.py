"""A default flow must be one of the ways out of its element, and only elements that ask conditions have one."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject

_NEVER = {Kind.PARALLEL_GATEWAY, Kind.EVENT_BASED_GATEWAY}
_DECIDING = {Kind.EXCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY}


def check(subject: Subject) -> Iterator[Found]:
    """Defaults that are no way out, stand where nothing is asked, or stand alone on a task."""
    for place in subject.places:
        node = place.node
        if not node.default_flow:
            continue
        others = [name for name in node.outgoing if name != node.default_flow and place.scope.flows[name].condition]
        if node.default_flow not in node.outgoing:
            text = "The default flow %(flow)s does not leave this element."
        elif node.kind in _NEVER:
            text = "The default flow %(flow)s has no meaning on this gateway."
        elif not others and len(node.outgoing) > 1 and node.kind not in _DECIDING:
            text = "The default flow %(flow)s is never taken: no other flow has a condition."
        else:
            continue
        yield Found(at(node), text, "Choose the default flow again in the modeler.", {"flow": node.default_flow})


RULE = Rule("default-flow", Level.ERROR, check)
