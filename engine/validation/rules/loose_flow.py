"""A sequence flow joins two nodes of one scope (BPMN 2.0 §7.6.1): it may not end nowhere or cross a border."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Flow, Scope
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject

_REMEDY = "Join it to a node of the same process or subprocess; use messages between processes."


def check(subject: Subject) -> Iterator[Found]:
    """Flows whose source or target is not a node of the scope they stand in."""
    elsewhere = {place.node.id for place in subject.places}
    for _, scope, _ in subject.scopes:
        for flow in scope.flows.values():
            yield from _ends(flow, scope, elsewhere)


def _ends(flow: Flow, scope: Scope, elsewhere: set[str]) -> Iterator[Found]:
    for what, name in (("comes from", flow.source), ("leads to", flow.target)):
        if name in scope.nodes:
            continue
        if name in elsewhere:
            text = "The flow %(what)s %(name)s in another subprocess or process."
        elif name:
            text = "The flow %(what)s %(name)s, which is no node."
        else:
            text = "The flow %(what)s nothing."
        yield Found(at(flow), text, _REMEDY, {"what": what, "name": name})


RULE = Rule("loose-flow", Level.ERROR, check)
