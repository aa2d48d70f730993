"""A join that is complete in some runs and not in others leaves tokens behind: the instance would never end."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.rule import Found, Rule, at
from engine.validation.soundness import told
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Joins where a token can stay for ever, with the choices that lead there."""
    for scope, explored in subject.explored:
        for name, stuck in explored.stuck.items():
            if name in explored.passed:
                yield Found(
                    at(scope.nodes[name]),
                    "A token can stay at this join for ever, with nothing from %(missing)s%(trace)s.",
                    "Let each choice before it lead to the join, or end with it.", told(stuck),
                )  # fmt: skip


RULE = Rule("stuck-token", Level.WARNING, check)
