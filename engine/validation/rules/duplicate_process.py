"""Processes are called and deployed by id: two of one id in a practice would hide each other."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Processes whose id another file of the practice has."""
    for process in subject.processes:
        for other in subject.practice.files:
            if other is not subject.file and any(found.id == process.id for found in other.processes):
                yield Found(
                    at(process), "The process %(id)s stands in %(file)s too.", "Give one of them another id.",
                    {"id": process.id, "file": other.name},
                )  # fmt: skip


RULE = Rule("duplicate-process", Level.ERROR, check)
