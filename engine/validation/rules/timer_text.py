"""A timer that cannot be read would fail when it is reached, perhaps weeks later: it is read now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from engine import cron
from engine.definitions.findings import Level
from engine.definitions.model import EventKind, Kind, Timer
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject

_DURATION = re.compile(
    r"P(?=[\dT])(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?", re.ASCII
)  # fmt: skip
_EXAMPLE = {
    "timeDate": "Write a date and time as 2027-01-31T08:00:00+08:00, or ${…}.",
    "timeDuration": "Write a duration as PT4H or P3D, or ${…}.",
    "timeCycle": "Write a cycle as R3/PT1H (R/PT1H without end), as cron (0 9 * * MON-FRI), or ${…}.",
}


def check(subject: Subject) -> Iterator[Found]:
    """Timers without a text, with a text that is no ISO 8601 or cron text of its kind, or cycles where nothing
    repeats."""
    for place in subject.places:
        for event in place.node.events:
            if event.kind is not EventKind.TIMER:
                continue
            spot = at(place.node, event.line)
            if event.timer is None:
                yield Found(spot, "The timer has no time.", "Give it a date, a duration or a cycle.")
            elif not _readable(event.timer):
                fields = {"text": event.timer.text, "kind": event.timer.kind}
                yield Found(spot, "%(text)s cannot be read as a %(kind)s.", _EXAMPLE[event.timer.kind], fields)
            elif event.timer.kind == "timeCycle" and place.node.kind is Kind.CATCH_EVENT:
                yield Found(
                    spot, "A catching event fires once; the cycle has no meaning here.", "Use a duration or a date.",
                    level=Level.WARNING,
                )  # fmt: skip


def _readable(timer: Timer) -> bool:
    if "${" in timer.text:
        return True
    if timer.kind == "timeDate":
        return _is_moment(timer.text)
    if timer.kind == "timeDuration":
        return _is_duration(timer.text)
    if cron.is_cron(timer.text):
        return not cron.fault(timer.text)
    head, *rest = timer.text.split("/")
    repeats = re.fullmatch(r"R\d*", head, re.ASCII) is not None
    starts = len(rest) == 2 and (_is_moment(rest[0]) or _is_moment(rest[1]))
    return repeats and (len(rest) == 1 or starts) and any(_is_duration(part) for part in rest)


def _is_duration(text: str) -> bool:
    return _DURATION.fullmatch(text) is not None


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


RULE = Rule("timer-text", Level.ERROR, check)
