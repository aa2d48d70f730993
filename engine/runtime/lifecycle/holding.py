"""Hold and resume: the clocks of an instance stand still between them.

What was computed on the working calendar keeps its remaining working time, wall-clock timers their seconds; what was
overdue stays so.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from engine.calendar import WorkingCalendar
from engine.expressions import Context
from engine.runtime.deployed.practice import DeployedProcess
from engine.runtime.unit.step import Step
from engine.store import messages, records, waits

_MINUTE = 60


def is_holdable(process: DeployedProcess, context: Context) -> bool:
    """Whether records of this process can be put on hold: its property `holdable`, asked of the settings."""
    asked = process.traits.holdable
    return asked is None or asked.evaluate({}, context) is True


def hold_instance(step: Step, reason: str, until: datetime | None) -> None:
    """Suspend an active instance and save it."""
    step.event("held", None, reason=reason, until=until)
    step.columns |= {
        "state": "suspended",
        "suspended_at": step.now,
        "suspended_until": until,
        "suspend_reason": reason,
    }
    calendar = step.environment.calendars.get()
    instance_id = step.stored.id
    waits.set_due(step.connection, waits.TIMERS, [_held(each, step.now, calendar) for each in _timers(step)])
    tasks = [each for each in waits.tasks_of(step.connection, instance_id) if each.due_at is not None]
    held = [{"the_id": each.id, "held_work": _work(step.now, each.due_at, calendar)} for each in tasks]
    waits.set_due(step.connection, waits.TASKS, held)
    if until is not None:
        row = {"instance_id": instance_id, "kind": "resume", "due_at": until, "anchor": step.now}
        waits.add_timer(step.connection, row)
    if not step.process.traits.linked_to:
        _show_held(step)
    step.save()


def resume_instance(step: Step) -> None:
    """Let a suspended instance go on and save it; its clocks run on from now."""
    step.event("resumed", None)
    step.columns |= {"state": "active", "suspended_at": None, "suspended_until": None, "suspend_reason": ""}
    calendar = step.environment.calendars.get()
    connection, instance_id = step.connection, step.stored.id
    waits.remove_kind(connection, instance_id, "resume")
    changed = []
    for each in _timers(step):
        due = _due(each, step.now, calendar)
        changed.append({"the_id": each.id, "held": False, "left_seconds": None, "left_work": None, "due_at": due})
        if each.kind == "timer" and due != each.due_at:
            step.execution.move_timer(each.token, due)
    waits.set_due(connection, waits.TIMERS, changed)
    tasks = [each for each in waits.tasks_of(connection, instance_id) if each.held_work is not None]
    waits.set_due(
        connection,
        waits.TASKS,
        [
            {
                "the_id": each.id,
                "due_at": each.due_at if each.held_work < 0 else _later(step.now, each.held_work, calendar),
                "held_work": None,
            }
            for each in tasks
        ],
    )
    if not step.process.traits.linked_to:
        _show_resumed(step)
    step.posted = messages.release_for(connection, instance_id) > 0 or step.posted
    step.save()


def _timers(step: Step) -> list[Any]:
    return list(waits.timers_of(step.connection, step.stored.id, ("timer", "reminder")))


def _held(row: Any, now: datetime, calendar: WorkingCalendar) -> dict[str, Any]:
    """What is left of a timer; negative for what is overdue already."""
    left = round((row.due_at - now).total_seconds())
    return {
        "the_id": row.id,
        "held": True,
        "left_seconds": None if row.working else left,
        "left_work": _work(now, row.due_at, calendar) if row.working else None,
    }


def _due(row: Any, now: datetime, calendar: WorkingCalendar) -> datetime:
    """When a timer is due after a hold."""
    due: datetime = row.due_at
    if row.left_work is not None:
        return due if row.left_work < 0 else _later(now, row.left_work, calendar)
    if row.left_seconds is not None:
        return due if row.left_seconds < 0 else now + timedelta(seconds=row.left_seconds)
    return due


def _work(now: datetime, due: datetime, calendar: WorkingCalendar) -> int:
    """Working minutes left until due; -1 when it is overdue."""
    if due < now:
        return -1
    return round(calendar.between(now, due).total_seconds() / _MINUTE)


def _later(now: datetime, minutes: int, calendar: WorkingCalendar) -> datetime:
    return calendar.add(now, timedelta(minutes=minutes))


def _show_held(step: Step) -> None:
    kind = step.practice.surroundings.records.get(step.process.traits.record_type)
    found = records.get(step.connection, step.stored.business_key)
    if kind is not None and kind.hold_status and found is not None and found.status != kind.hold_status:
        values = {"held_status": found.status, "status": kind.hold_status, "updated_at": step.now}
        records.update_record(step.connection, step.stored.business_key, values)


def _show_resumed(step: Step) -> None:
    found = records.get(step.connection, step.stored.business_key)
    if found is not None and found.held_status:
        values = {"status": found.held_status, "held_status": "", "updated_at": step.now}
        records.update_record(step.connection, step.stored.business_key, values)
