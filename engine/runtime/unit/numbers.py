"""Running numbers: one sequence a pattern and period, counted in the transaction that uses the number."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from engine.definitions.practice import NumberPattern
from engine.store import records
from engine.store.connect import Connection


def take_number(connection: Connection, pattern: NumberPattern, now: datetime, zone: ZoneInfo) -> str:
    """The next number of this pattern. The day it is formatted with is that of `now` in `zone`."""
    day = now.astimezone(zone).date()
    return pattern.format(day, records.next_number(connection, f"{pattern.text} {pattern.period(day)}".strip()))
