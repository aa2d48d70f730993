"""Statements behind the figures that are watched: a fixed number, each over an index where rows may be many."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, literal, select, union_all

from engine.store.connect import Connection
from engine.store.schema.jobs import job
from engine.store.schema.running import external_task, heartbeat, incident, message, process_instance, task, timer

_OPEN = ("active", "suspended")


def instances(connection: Connection) -> list[tuple[str, str, int]]:
    """Open instances: process, state, how many."""
    found = connection.execute(
        select(process_instance.c.process_id, process_instance.c.state, func.count())
        .where(process_instance.c.state.in_(_OPEN))
        .group_by(process_instance.c.process_id, process_instance.c.state)
    )
    return [(row[0], row[1], row[2]) for row in found]


def tasks(connection: Connection, now: datetime) -> tuple[int, int]:
    """Open tasks, and those of them that are overdue."""
    every = select(func.count()).select_from(task).scalar_subquery()
    late = select(func.count()).where(task.c.due_at < now).select_from(task).scalar_subquery()
    row = connection.execute(select(every, late)).one()
    return int(row[0]), int(row[1])


def timers(connection: Connection, late_before: datetime) -> tuple[int, datetime | None]:
    """Timers that should have fired before a moment, and since when the first of them is due."""
    row = connection.execute(
        select(func.count(), func.min(timer.c.due_at)).where(timer.c.held.is_(False), timer.c.due_at < late_before)
    ).one()
    return int(row[0]), row[1]


def jobs(connection: Connection) -> dict[str, int]:
    """Jobs that wait and that have failed for good; the done ones are not counted, they are the many."""
    states = [
        select(literal(state), func.count()).select_from(job).where(job.c.state == state)
        for state in ("waiting", "failed")
    ]
    return {row[0]: row[1] for row in connection.execute(union_all(*states))}


def counts(connection: Connection) -> tuple[int, int, int]:
    """Incidents, tasks for workers outside, and messages that are not delivered yet."""
    new = select(func.count()).select_from(message).where(message.c.state == "new").scalar_subquery()
    row = connection.execute(select(_all(incident), _all(external_task), new)).one()
    return int(row[0]), int(row[1]), int(row[2])


def last_beat(connection: Connection) -> datetime | None:
    """When an engine said last that it runs."""
    found: datetime | None = connection.execute(select(func.max(heartbeat.c.last_at))).scalar_one()
    return found


def _all(table: Table) -> Any:
    return select(func.count()).select_from(table).scalar_subquery()
