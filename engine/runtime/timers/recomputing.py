"""After a change of the calendar open due times are computed again, instance by instance.

That it has to be done is a row of its own, written with the change (kind `calendar` among the timers): whoever wakes
goes on where another stopped.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import structlog

from engine.errors import GendanError, Unavailable
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.step import Step
from engine.store import history, instances, rights, timers, waits
from engine.store.connect import Connection

_log = structlog.get_logger(__name__)
_PAGE = 100
_AT_ONCE = 500
"""So many instances are looked at while whoever changes the calendar waits; the others when somebody wakes."""


class Recomputing:
    """Works off the notes."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def begin(self) -> None:
        """Work off what is noted, as far as it is soon done."""
        for note_id in self._machinery.read(timers.calendar_notes):
            self.work_off(note_id, _AT_ONCE)

    def work_off(self, note_id: int, most: int | None = None) -> bool:
        """Go on with a note, for `most` instances or to its end; whether it is worked off. Idempotent."""
        place = self._machinery.read(lambda connection: timers.calendar_place(connection, note_id))
        looked = 0
        while place is not None and (most is None or looked < most):
            found = self._machinery.read(partial(timers.with_due_times, after=place, limit=_PAGE))
            for instance_id in found:
                self._tried(instance_id)
            if not found:
                self._machinery.write(partial(timers.drop, ids=[note_id]))
                return True
            place, looked = found[-1], looked + len(found)
            self._machinery.write(partial(timers.calendar_reached, note_id=note_id, instance_id=place))
        return False

    def _tried(self, instance_id: int) -> None:
        try:
            self._machinery.write(partial(self._instance, instance_id=instance_id))
        except Unavailable:
            raise
        except Exception as error:  # it must not keep the others from being right
            _log.error("due times cannot be computed again", instance=instance_id, error=repr(error))

    def _instance(self, connection: Connection, instance_id: int) -> None:
        stored = instances.load(connection, instance_id)
        if stored is None or stored.state != "active":
            return
        step = Step(self._machinery, connection, stored, rights.who(connection, rights.SYSTEM, self._now()))
        since = _held_until(connection, instance_id)
        kept = waits.timers_of(connection, instance_id, ("timer", "reminder"))
        changed = [
            step.execution.recompute_timer(row.token)
            for row in kept
            if row.kind == "timer" and row.working and not row.held and row.anchor >= since
        ]
        reminders = {row.token: row.id for row in kept if row.kind == "reminder"}
        if any([*changed, _tasks(step, reminders, since)]):
            step.event("calendar-changed", None)
            step.save()

    def _now(self) -> datetime:
        return self._machinery.clock.now()


def _held_until(connection: Connection, instance_id: int) -> datetime:
    """When the instance came out of a hold last. What had begun before was moved by it, and stays where it is."""
    resumed = history.of_instances(connection, [instance_id], ("resumed",), limit=1)
    return resumed[0].at if resumed else datetime.min.replace(tzinfo=UTC)


def _tasks(step: Step, reminders: dict[int, int], since: datetime) -> bool:
    """The open tasks of an instance; whether any is due at another time. `reminders`: token → timer."""
    tasks, timed = [], []
    for row in waits.tasks_of(step.connection, step.stored.id):
        if row.created_at < since:
            continue
        try:
            due, follow_up = step.execution.due_anew(row.token, row.created_at, row.due_at, row.follow_up_at)
        except GendanError as error:
            _log.warning("a due time stays as it is", task=row.id, error=str(error))
            continue
        if due != row.due_at and _set_by_hand(step.connection, row.id):
            due = row.due_at
        if (due, follow_up) != (row.due_at, row.follow_up_at):
            tasks.append({"the_id": row.id, "due_at": due, "follow_up_at": follow_up})
        if follow_up != row.follow_up_at and follow_up is not None and row.token in reminders:
            timed.append({"the_id": reminders[row.token], "due_at": follow_up})
    waits.set_due(step.connection, waits.TASKS, tasks)
    waits.set_due(step.connection, waits.TIMERS, timed)
    return bool(tasks)


def _set_by_hand(connection: Connection, task_id: int) -> bool:
    return any(row.kind == "due-set" for row in history.of_task(connection, task_id))
