"""A link is a long flow: each throwing one needs one catching one of its name in the same scope (BPMN 2.0 §10.5.5)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import EventKind, Kind, Node, Scope
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Links without a counterpart, and names that are caught twice."""
    for _, scope, _ in subject.scopes:
        throwing, catching = _links(scope, Kind.THROW_EVENT), _links(scope, Kind.CATCH_EVENT)
        for name, nodes in throwing.items():
            if name not in catching:
                yield Found(at(nodes[0]), "No catching link named %(name)s.", "Draw it in this scope.", {"name": name})
        for name, nodes in catching.items():
            if name not in throwing:
                yield Found(at(nodes[0]), "No throwing link named %(name)s.", "Draw it in this scope.", {"name": name})
            for node in nodes[1:]:
                yield Found(at(node), "The link %(name)s is caught twice.", "Keep one.", {"name": name})


def _links(scope: Scope, kind: Kind) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for node in scope.nodes.values():
        for event in node.events:
            if node.kind is kind and event.kind is EventKind.LINK and event.name:
                found.setdefault(event.name, []).append(node)
    return found


RULE = Rule("link-pair", Level.ERROR, check)
