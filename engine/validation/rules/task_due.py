"""A task without a due time is never overdue, so that nobody notices when it lies."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """User tasks without a due date."""
    for place in subject.places:
        if place.node.kind is Kind.USER_TASK and not place.node.assignment.due:
            yield Found(at(place.node), "The task has no due time.", "Set the due date, such as ${work_hours(4)}.")


RULE = Rule("task-due", Level.WARNING, check)
