"""A task that nobody is named for stands in no inbox."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """User tasks without assignee, candidate users and candidate groups; an assignee that is a group."""
    groups = subject.practice.surroundings.groups if subject.practice.surroundings is not None else {}
    for place in subject.places:
        given = place.node.assignment
        named = given.assignee or given.candidate_users or given.candidate_groups
        if place.node.kind is Kind.USER_TASK and not named:
            yield Found(at(place.node), "Nobody is named for the task.", "Set the assignee or candidate groups.")
        if place.node.kind is Kind.USER_TASK and given.assignee in groups:
            yield Found(
                at(place.node), "The assignee %(name)s is a group, not a person.", "Name it under candidate groups.",
                {"name": given.assignee}, Level.WARNING,
            )  # fmt: skip


RULE = Rule("task-assignee", Level.ERROR, check)
