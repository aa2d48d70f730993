"""A timer that is due at once, or has been for years, waits for nothing; one that repeats without pause never rests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from engine import scalars
from engine.definitions.findings import Level
from engine.definitions.model import EventKind, Timer
from engine.errors import ExpressionError
from engine.expressions import compile_text
from engine.expressions.static import STATIC
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject
from engine.values import Value, YearsMonths


def check(subject: Subject) -> Iterator[Found]:
    """Durations that are zero or negative, cycles without a period or that begin never, dates that are over."""
    for place in subject.places:
        for event in place.node.events:
            if event.kind is EventKind.TIMER and event.timer is not None and (why := _why(event.timer, subject)):
                yield Found(
                    at(place.node, event.line), "The timer %(text)s is %(why)s.",
                    "Give it a time that is still to come.", {"text": event.timer.text, "why": why},
                )  # fmt: skip


def _why(timer: Timer, subject: Subject) -> str:
    value = _constant(timer.text)
    if isinstance(value, str) and timer.kind == "timeCycle":
        head, _, rest = value.partition("/")
        if head == "R0":
            return "never due: it repeats no times"
        return "due again without a pause" if _not_positive(_duration(rest.rpartition("/")[2])) else ""
    if isinstance(value, str):
        value = _moment(value) if timer.kind == "timeDate" else _duration(value)
    if isinstance(value, datetime) and subject.practice.now is not None:
        at_once = value.replace(tzinfo=value.tzinfo or UTC) < subject.practice.now
        return "over already" if at_once else ""
    return "due at once" if _not_positive(value) else ""


def _constant(text: str) -> Value:
    """The value of a timer that is the same whenever it is asked; null for any other."""
    try:
        compiled = compile_text(text)
        return (
            compiled.evaluate({}, STATIC, strict=False)
            if not compiled.names and _timeless(compiled.functions)
            else None
        )
    except ExpressionError:
        return None


def _timeless(functions: frozenset[str]) -> bool:
    return functions <= {"duration", "date and time", "date"}


def _duration(text: str) -> Value:
    try:
        return scalars.duration(text.strip())
    except ValueError:
        return None


def _moment(text: str) -> Value:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def _not_positive(value: Value) -> bool:
    if isinstance(value, timedelta):
        return value <= timedelta()
    return isinstance(value, YearsMonths) and value.months <= 0


RULE = Rule("idle-timer", Level.WARNING, check)
