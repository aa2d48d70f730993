"""When a timer is due (BPMN 2.0 §10.5.5.10): computed once, when it begins to wait, and for each further round.

A date, a duration or a cycle; as ISO 8601 text or as the value of an expression. `R3/PT1H` is due three times,
`R/PT1H` without end, `R3/2026-10-01T08:00/PT1H` first at that moment, `R/PT1H/2026-10-01T08:00` not after it; cron
texts are cycles too. A `timeCycle` that gives a moment is a schedule: evaluated again, as of the moment it was due
before, for the next. Rounds that were missed fire once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from engine import cron
from engine.definitions.model import Node, Timer
from engine.dialect import texts
from engine.dialect.token import Held
from engine.errors import ExpressionError
from engine.expressions import Compiled
from engine.values import Value, YearsMonths

if TYPE_CHECKING:
    from engine.dialect.environment import Environment

Names: TypeAlias = Mapping[str, Value]

_CYCLE = re.compile(r"R(\d*)/(?:([^/P][^/]*)/)?(P[^/]+)(?:/([^/P][^/]*))?")
SCHEDULE = "*"
_SHORTEST = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle as written: how often it is due (None: without end), from when, how long a round is, until when."""

    times: int | None
    start: datetime | None
    period: timedelta | YearsMonths
    until: datetime | None


class Clockwork:
    """The timer of one event definition, compiled."""

    def __init__(self, node: Node, timer: Timer) -> None:
        compiled = texts.text(node, timer.kind, timer.text)
        if compiled is None:
            raise texts.refuse(node, "its timer has no text", "Give a date, a duration or a cycle.")
        self.kind = timer.kind
        self.text = timer.text
        self.compiled: Compiled = compiled
        self.what = f"The timer of {node.id}"

    def first(self, names: Names, environment: Environment, anchor: datetime | None = None) -> Held:
        """When it is due first; `anchor` says from when it counts (default now)."""
        context = environment.context(anchor)
        now = anchor or context.now()
        value = self.compiled.evaluate(names, context)
        zone = context.zone()
        if self.kind == "timeCycle" and isinstance(value, str) and cron.is_cron(value):
            return Held(due=self._cron(value, now.astimezone(zone)), anchor=now, left=None, cycle=value.strip())
        if isinstance(value, str) and value.strip().startswith("R"):
            cycle = self._cycle(value, zone)
            due = cycle.start if cycle.start is not None else add(now, cycle.period)
            if cycle.until is not None and due > cycle.until:
                raise ExpressionError(
                    '%(what)s: "%(text)s" is over before its first round.', what=self.what, text=value
                )
            return Held(due=due, anchor=now, left=None if cycle.times is None else cycle.times - 1, cycle=value.strip())
        due_at = texts.as_moment(value, now, zone, self.what)
        if due_at is None:
            raise ExpressionError(
                "%(what)s (%(text)s) gives nothing. Let it give a moment.", what=self.what, text=self.text
            )
        schedule = self.kind == "timeCycle"
        return Held(due=due_at, anchor=now, left=None if schedule else 0, cycle=SCHEDULE if schedule else "")

    def next(self, names: Names, environment: Environment, held: Held) -> Held | None:
        """The next round after one that was due and has fired; None when there is none."""
        if held.due is None or held.left == 0:
            return None
        context = environment.context()
        if held.cycle == SCHEDULE:
            return self._scheduled(names, environment, held.due, context.now())
        if cron.is_cron(held.cycle):
            last = max(held.due, context.now()).astimezone(context.zone())
            return Held(due=self._cron(held.cycle, last), anchor=last, left=None, cycle=held.cycle)
        return self._periodic(held, held.due, context.now(), context.zone())

    def _scheduled(self, names: Names, environment: Environment, due: datetime, now: datetime) -> Held:
        held = self.first(names, environment, due)
        if held.due is not None and due < held.due <= now:
            held = self.first(names, environment, now)
        if held.due is None or held.due <= due:
            raise ExpressionError(
                "%(what)s (%(text)s) gives %(next)s again after it was due at %(due)s. "
                "Let the schedule give a later moment each time.",
                what=self.what,
                text=self.text,
                next=held.due,
                due=due,
            )
        return held

    def _periodic(self, held: Held, due: datetime, now: datetime, zone: ZoneInfo) -> Held | None:
        cycle = self._cycle(held.cycle, zone)
        period = cycle.period
        rounds, anchor, due = 1, due, add(due, period)
        if due <= now and isinstance(period, timedelta):
            missed = (now - due) // period
            rounds, anchor, due = rounds + missed, add(anchor, period * missed), add(due, period * missed)
        while due <= now and (held.left is None or rounds <= held.left):
            rounds, anchor, due = rounds + 1, due, add(due, period)
        if (held.left is not None and rounds > held.left) or (cycle.until is not None and due > cycle.until):
            return None
        return Held(due=due, anchor=anchor, left=None if held.left is None else held.left - rounds, cycle=held.cycle)

    def _cron(self, source: str, after: datetime) -> datetime:
        wrong = cron.fault(source)
        if wrong:
            raise ExpressionError('%(what)s: "%(text)s": %(wrong)s.', what=self.what, text=source, wrong=wrong)
        return cron.after(source, after)

    def _cycle(self, source: str, zone: ZoneInfo) -> Cycle:
        found = _CYCLE.fullmatch(source.strip())
        if found is None:
            raise ExpressionError(
                '%(what)s: "%(text)s" is not a cycle. Write R3/PT1H, R/P1D, 0 9 * * MON-FRI or ${…} giving a moment.',
                what=self.what,
                text=source,
            )
        period = texts.iso(found[3], zone, self.what)
        start, until = (texts.iso(found[each], zone, self.what) if found[each] else None for each in (2, 4))
        if isinstance(period, timedelta) and period < _SHORTEST:
            period = None
        moments = all(each is None or isinstance(each, datetime) for each in (start, until))
        if not isinstance(period, (timedelta, YearsMonths)) or not moments:
            raise ExpressionError('%(what)s: "%(text)s" is not a cycle.', what=self.what, text=source)
        return Cycle(max(int(found[1]), 1) if found[1] else None, start, period, until)  # type: ignore[arg-type]


def add(moment: datetime, period: timedelta | YearsMonths) -> datetime:
    """The moment a period later."""
    return texts.later(moment, period) if isinstance(period, timedelta) else texts.add_months(moment, period.months)


def round_after(clockwork: Clockwork, environment: Environment, previous: datetime, fired: int) -> datetime | None:
    """When a timer that was due at `previous` and has fired `fired` times is due again; None when it is not."""
    first = clockwork.first({}, environment)
    left = None if first.left is None else first.left + 1 - fired
    if left is not None and left <= 0:
        return None
    following = clockwork.next({}, environment, Held(due=previous, left=left, cycle=first.cycle))
    return None if following is None else following.due
