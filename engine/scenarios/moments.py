"""Moments as scenarios write them: `+4wh`, `16:30`, `next half day`, a date, an expression."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from engine.expressions import Compiled, compile_expression
from engine.scenarios.source import Place, Source
from engine.scenarios.templates import Formula, Scope, Stopped, formula
from engine.values import Value

_SHIFT = re.compile(r"([-+])\s*(\d+(?:\.\d+)?)\s*(min|wm|wh|wd|h|d|w)(?:\s+(\d{1,2}:\d{2}))?$")
_CLOCK = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_WORKING = {"wh": "work_hours", "wm": "work_minutes", "wd": "work_days"}
_NAMED = {
    "next half day": "next_half_day()",
    "next work day": 'next_half_day(at_time("00:00", next_work_day()))',
    "end of half day": "end_of_half_day()",
    "end of day": "end_of_day()",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that is known when it is played; `text` is how it was written."""

    text: str
    place: Place
    fixed: datetime | date | time | None = None
    shift: timedelta | None = None
    clock: time | None = None
    working: Compiled | None = field(default=None, compare=False)
    formula: Formula | None = None

    def at(self, scope: Scope) -> datetime:
        """The moment as an aware datetime in UTC, seen from the scope's present."""
        return _aware(self._find(scope), scope, self).astimezone(UTC)

    def _find(self, scope: Scope) -> Value:
        now = scope.context.now().astimezone(scope.context.zone())
        if self.formula is not None:
            return self.formula.make(scope)
        if self.working is not None:
            return self._at_clock(self.working.evaluate(scope.names, scope.context), scope)
        if self.shift is not None:
            return self._at_clock(now + self.shift, scope)
        if isinstance(self.fixed, time):
            today = datetime.combine(now.date(), self.fixed, now.tzinfo)
            return today if today > now else today + timedelta(days=1)
        return self.fixed

    def _at_clock(self, value: Value, scope: Scope) -> Value:
        """With a clock time behind a shift: that day at this time."""
        if self.clock is None or value is None:
            return value
        day = value.astimezone(scope.context.zone()).date() if isinstance(value, datetime) else value
        return datetime.combine(day, self.clock, scope.context.zone()) if isinstance(day, date) else value


def moment(source: Source) -> Moment:
    """The moment that a node of a file stands for."""
    value = source.scalar()
    place = source.place
    match value:
        case datetime() | time() | date():
            return Moment(str(value), place, fixed=value)
        case str() if "${" in value:
            return Moment(value, place, formula=formula(value, source))
        case str():
            return _written(value.strip(), source)
    raise source.fault(_HELP)


def _written(text: str, source: Source) -> Moment:
    if text in _NAMED:
        return Moment(text, source.place, working=compile_expression(_NAMED[text]))
    found = _SHIFT.match(text)
    if not found:
        raise source.fault(_HELP)
    sign, number, unit, clock = found.groups()
    at = time.fromisoformat(clock.zfill(5)) if clock else None
    if unit in _CLOCK:
        shift = _CLOCK[unit] * float(number)
        return Moment(text, source.place, shift=-shift if sign == "-" else shift, clock=at)
    signed = f"-{number}" if sign == "-" else number
    if unit == "wd" and at is not None:
        return Moment(text, source.place, clock=at, working=compile_expression(f"add_work_days(today(), {signed})"))
    return Moment(text, source.place, clock=at, working=compile_expression(f"{_WORKING[unit]}({signed})"))


def _aware(value: Value, scope: Scope, written: Moment) -> datetime:
    match value:
        case datetime():
            return value if value.tzinfo else value.replace(tzinfo=scope.context.zone())
        case date():
            return datetime.combine(value, time(0), scope.context.zone())
        case timedelta():
            return scope.context.now() + value
    raise Stopped(f"{written.place}: “{written.text}” gives {value!r}, which is not a moment.")


_HELP = (
    "This is not a moment. Write a date and time (2026-11-02 16:30), a time (16:30), a shift (+30min, +3h, +2d, "
    "+4wh, +2wd, +2wd 08:30), “next half day”, “next work day”, “end of half day”, “end of day” or ${…}."
)
