"""The documentation of a task is the help its people read, and names the clause it carries out."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """User tasks without documentation, or whose documentation names no clause of clauses.yaml."""
    around = subject.practice.surroundings
    clauses = [] if around is None else [clause.id for clause in around.clauses.clauses]
    for place in subject.places:
        node = place.node
        if node.kind is not Kind.USER_TASK:
            continue
        if not node.documentation:
            yield Found(at(node), "The task has no documentation.", "Write what is to be done, and its clause.")
        elif clauses and not any(clause in node.documentation for clause in clauses):
            yield Found(at(node), "The documentation names no clause.", "Name the clause the task carries out.")


RULE = Rule("task-clause", Level.NOTE, check)
