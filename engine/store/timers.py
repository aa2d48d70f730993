"""Statements on timers: rows with an indexed due time. A timer that is not due costs nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Row, bindparam, delete, func, insert, select

from engine.store.connect import Connection
from engine.store.prepared import Prepared
from engine.store.tables import process_definition, timer

_DUE = Prepared(
    select(timer.c.id)
    .where(timer.c.held.is_(False), timer.c.due_at <= bindparam("now"))
    .order_by(timer.c.due_at, timer.c.id)
    .limit(bindparam("most", type_=Integer))
)
_NEXT = Prepared(select(func.min(timer.c.due_at)).where(timer.c.held.is_(False)))
_TAKE = Prepared(
    delete(timer)
    .where(timer.c.id == bindparam("wanted"), timer.c.held.is_(False), timer.c.due_at <= bindparam("now"))
    .returning(*timer.c)
)


def due(connection: Connection, now: datetime, limit: int) -> Sequence[int]:
    """Ids of the timers that are due, in order of their due time."""
    return _DUE.column(connection, {"now": now, "most": limit})


def next_due(connection: Connection) -> datetime | None:
    """When the next timer is due; None when none waits."""
    return _NEXT.value(connection)


def take(connection: Connection, timer_id: int, now: datetime) -> Any | None:
    """Take a due timer away to fire it; None when it was fired, cleared, moved or held meanwhile."""
    return _TAKE.first(connection, {"wanted": timer_id, "now": now})


def working(connection: Connection) -> Sequence[Row[Any]]:
    """Timers of instances that were computed on the working calendar, by instance."""
    return connection.execute(
        select(timer)
        .where(timer.c.working, timer.c.kind == "timer", timer.c.held.is_(False))
        .order_by(timer.c.instance_id, timer.c.id)
    ).all()


def starts(connection: Connection) -> Sequence[Row[Any]]:
    """The timers of start events."""
    return connection.execute(
        select(timer, process_definition.c.digest)
        .join(process_definition, process_definition.c.id == timer.c.definition_id)
        .where(timer.c.kind == "start")
        .order_by(timer.c.id)
    ).all()


def drop(connection: Connection, ids: Collection[int]) -> None:
    """Take timers away."""
    if ids:
        connection.execute(delete(timer).where(timer.c.id.in_(sorted(ids))))


def put(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add timers."""
    if rows:
        connection.execute(insert(timer), [dict(row) for row in rows])
