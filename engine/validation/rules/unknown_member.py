"""A member that a table's answer, a row of a form or a context has not: it is null there, and nobody is told."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.inference import Ill
from engine.validation.rule import Found, Rule, Spot
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Members that are read of answers of tables, rows of forms and contexts all of whose members are known."""
    for use, _, misfits in subject.inferred:
        for misfit in misfits:
            if misfit.ill is Ill.MEMBER:
                yield Found(
                    Spot(use.line, use.owner, use.owner_name), "%(what)s reads %(part)s: %(why)s",
                    "Correct the name, or add it where the value is made.",
                    {"what": use.what, "part": misfit.part, "why": misfit.why},
                )  # fmt: skip


RULE = Rule("unknown-member", Level.WARNING, check)
