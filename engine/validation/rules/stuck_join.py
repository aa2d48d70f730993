"""A join that no run ever gets through: tokens come to it by one way and never by the other (BPMN 2.0 §13.4.1)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.rule import Found, Rule, at
from engine.validation.soundness import told
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Joins at which every token stays for ever, with the choices that lead there."""
    for scope, explored in subject.explored:
        for name, stuck in explored.stuck.items():
            if name not in explored.passed:
                yield Found(
                    at(scope.nodes[name]), "The join is never complete: nothing comes from %(missing)s%(trace)s.",
                    "Join only ways that are taken together, by a gateway of the kind that parted them.", told(stuck),
                )  # fmt: skip


RULE = Rule("stuck-join", Level.WARNING, check)
