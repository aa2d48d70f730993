"""A text compared with one that it can never be: of a choice or a table's answers the values are known."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.inference import Ill
from engine.validation.rule import Found, Rule, Spot
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Comparisons with values that no choice, table or constant of the compared variable has."""
    for use, _, misfits in subject.inferred:
        for misfit in misfits:
            if misfit.ill is Ill.NEVER:
                yield Found(
                    Spot(use.line, use.owner, use.owner_name), "%(what)s, at %(part)s, is never true: %(why)s.",
                    "Correct the value, or add it to the choice or table.",
                    {"what": use.what, "part": misfit.part, "why": misfit.why},
                )  # fmt: skip


RULE = Rule("impossible-value", Level.WARNING, check)
