"""Whether and when a notice is pushed, and the second push of a report whose receipt does not come.

When that is due on the working calendar is computed when it is looked at, so that it follows every change of the
calendar: first after as many hours on the wall clock, which are never more, and then at the moment found.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from engine.runtime.deployed.practice import Practice
from engine.runtime.unit.machinery import Machinery
from engine.store import pushes
from engine.store.connect import Connection
from engine.store.notices import Pushed

SETTING = "repush_after_hours"
"""The setting of the practice that says after how many working hours; without it nothing is pushed twice."""
_BATCH = 200


def pushed(machinery: Machinery, practice: Practice | None, values: Mapping[str, Any]) -> Pushed | None:
    """How a notice with these values is pushed; None when nothing is."""
    outside, now = machinery.settings.outside, values["created_at"]
    if not outside.pushes:
        return None
    wanted = _hours(practice) if values["receipt"] and values["kind"] == "report" else None
    return Pushed(now + outside.push_window, None if wanted is None else now + wanted)


def push_again(machinery: Machinery, limit: int = _BATCH) -> int:
    """Push what was not read in time once more; how much that was."""
    now = machinery.clock.now()
    found = machinery.read(lambda connection: pushes.again_due(connection, now, limit))
    return sum(machinery.write(partial(_look, machinery, row=row, now=now)) for row in found)


def look_again(machinery: Machinery) -> None:
    """The calendar has changed: look at all of them anew."""
    machinery.write(lambda connection: pushes.look_again(connection, machinery.clock.now()))


def _look(machinery: Machinery, connection: Connection, row: Any, now: datetime) -> bool:
    practice = machinery.library.latest(connection)
    wanted = _hours(practice)
    if practice is None or wanted is None:
        pushes.set_again(connection, row.notification_id, row.user_id, None, now)
        return False
    due = machinery.library.calendars(connection, practice).get().add(row.created_at, wanted)
    if due > now:
        pushes.set_again(connection, row.notification_id, row.user_id, due, now)
        return False
    if pushes.set_again(connection, row.notification_id, row.user_id, None, now):
        pushes.queue_again(connection, row.notification_id, row.user_id, now, now)
        return True
    return False


def _hours(practice: Practice | None) -> timedelta | None:
    """As the practice says."""
    setting = practice.surroundings.settings.get(SETTING) if practice is not None else None
    value = setting.value if setting is not None else None
    if isinstance(value, timedelta):
        return value
    return timedelta(minutes=float(value) * 60) if isinstance(value, Decimal) and value > 0 else None
