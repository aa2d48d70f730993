"""Types that do not go together are an incident when the expression is reached: they are told from form to gateway."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.inference import DURATIONS, Ill
from engine.validation.rule import Found, Rule, Spot
from engine.validation.subject import Subject
from engine.validation.types import Type, of
from engine.validation.uses import BARE_FIELD, Use

_TRUTH = of("boolean")
_MOMENT = of("date", "date and time", "string", *DURATIONS)
_TEXT = of("string", "number", "boolean", "date", "date and time", "time")
_NAMES = of("list", *(_TEXT.kinds or ()))
_COUNT = of("number", "string")
_WANTED = {
    "dueDate": _MOMENT, "followUpDate": _MOMENT, "timeDate": _MOMENT, "timeDuration": _MOMENT, "timeCycle": _MOMENT,
    "assignee": _TEXT, "candidateUsers": _NAMES, "candidateGroups": _NAMES, "priority": _COUNT,
    "loopCardinality": _COUNT, "the collection": of("list"), "calledElement": _TEXT, "decisionRef": _TEXT,
}  # fmt: skip


def check(subject: Subject) -> Iterator[Found]:
    """Operators, functions and conditions whose operands cannot be of a fitting type; texts of a wrong one."""
    for use, found, misfits in subject.inferred:
        spot = Spot(use.line, use.owner, use.owner_name)
        for misfit in misfits:
            if misfit.ill is Ill.TYPES:
                yield Found(
                    spot, "%(what)s, at %(part)s: %(why)s.", "Compare and compute values of one type.",
                    {"what": use.what, "part": misfit.part, "why": misfit.why},
                )  # fmt: skip
        wanted = _wanted(use)
        if wanted is not None and found.known and not found.may_be(*(wanted.kinds or ())):
            yield Found(
                spot, "%(what)s gives a %(found)s, and a %(wanted)s is needed.", "Write one, or mend the field's type.",
                {"what": use.what, "found": str(found), "wanted": str(wanted)},
            )  # fmt: skip


def _wanted(use: Use) -> Type | None:
    if use.condition:
        return _TRUTH if "${" in use.text else None
    if use.field is not None:
        name = use.what.partition(" of field")[0]
        return _TRUTH if name in BARE_FIELD and name != "compute" else None
    return _WANTED.get(use.what)


RULE = Rule("type-mismatch", Level.ERROR, check)
