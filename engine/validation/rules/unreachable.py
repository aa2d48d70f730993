"""An element to which flows lead, and which no token can come to: it stands behind itself only."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind, Scope
from engine.validation.graph import reach, with_boundaries
from engine.validation.rule import Found, Rule, at
from engine.validation.soundness import has_own_way
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Elements with incoming flows that are not reached from any beginning of their scope."""
    for _, scope, _ in subject.scopes:
        reached = reach(with_boundaries(scope), _beginnings(scope))
        for node in scope.nodes.values():
            if node.id not in reached and node.incoming and not has_own_way(node):
                yield Found(at(node), "No token can come here.", "Lead a way from the start to it, or remove it.")


def _beginnings(scope: Scope) -> Iterator[str]:
    for node in scope.nodes.values():
        # What has no flow leading to it is a finding of its own, or begins by itself.
        if node.kind is Kind.START_EVENT or not node.incoming:
            yield node.id


RULE = Rule("unreachable", Level.WARNING, check)
