"""A circle in which nothing waits and nothing decides never ends: it would run until the engine stops it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.graph import cycles, decides, followers, waits
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Circles of automatic nodes without a decision."""
    connectors = tuple(subject.practice.connectors or ())
    for _, scope, _ in subject.scopes:
        automatic = {
            node.id for node in scope.nodes.values() if not waits(node, connectors) and not decides(node, scope)
        }
        for circle in cycles(followers(scope), automatic):
            yield Found(
                at(scope.nodes[circle[0]]), "This circle never ends: %(circle)s.",
                "Put a task, a timer or a gateway with conditions into it.", {"circle": " → ".join(circle)},
            )  # fmt: skip


RULE = Rule("endless-loop", Level.ERROR, check)
