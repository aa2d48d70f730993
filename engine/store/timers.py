"""Statements on timers: rows with an indexed due time. A timer that is not due costs nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, Row, bindparam, delete, exists, func, insert, or_, select, tuple_, update

from engine.store.connect import Connection
from engine.store.prepared import Prepared
from engine.store.schema.running import process_definition, process_instance, task, timer

SHARES = 64
"""Into how many shares what is due is split among workers; all of an instance is in one share."""

CALENDAR = "calendar"
"""The kind of a note that the calendar has changed: no instance's timer, and never taken by firing it."""

_SHARE = func.coalesce(timer.c.instance_id, timer.c.id) % SHARES
_DUE_NOW = (timer.c.held.is_(False), timer.c.due_at <= bindparam("now"))
_DUE = (
    select(timer.c.id, timer.c.due_at, timer.c.kind)
    .where(
        *_DUE_NOW,
        tuple_(timer.c.due_at, timer.c.id)
        > tuple_(bindparam("after", type_=timer.c.due_at.type), bindparam("after_id", type_=timer.c.id.type)),
    )
    .order_by(timer.c.due_at, timer.c.id)
    .limit(bindparam("most", type_=Integer))
)
_DUE_ALL = Prepared(_DUE)
_DUE_SHARE = Prepared(_DUE.where(bindparam("share", type_=Integer) == _SHARE))
_SHARES_DUE = Prepared(select(_SHARE).where(*_DUE_NOW).distinct())
_NEXT = Prepared(select(func.min(timer.c.due_at)).where(timer.c.held.is_(False)))
_STILL = Prepared(select(timer.c.id).where(timer.c.id == bindparam("wanted"), *_DUE_NOW, timer.c.kind != CALENDAR))

_WANTED, _SAME = timer.alias("wanted"), timer.alias("same")
_EARLIEST = (
    select(_SAME.c.id)
    .join(_WANTED, or_(_SAME.c.id == _WANTED.c.id, _SAME.c.instance_id == _WANTED.c.instance_id))
    .where(_WANTED.c.id == bindparam("wanted"), _SAME.c.held.is_(False), _SAME.c.due_at <= bindparam("now"))
    .order_by(_SAME.c.due_at, _SAME.c.id)
    .limit(1)
)
# What holds for the earliest is asked again of the row itself: on PostgreSQL it may have changed while we waited.
_TAKE = Prepared(
    delete(timer)
    .where(timer.c.id == _EARLIEST.scalar_subquery(), *_DUE_NOW, timer.c.kind != CALENDAR)
    .returning(*timer.c)
)
_FIRST = datetime(1, 1, 2, tzinfo=UTC)


class Due(NamedTuple):
    """A timer that is due."""

    id: int
    due_at: datetime
    kind: str = ""


_BEFORE_ALL = Due(0, _FIRST)


def due(
    connection: Connection, now: datetime, limit: int, after: Due | None = None, share: int | None = None
) -> Sequence[Due]:
    """The timers that are due (of one share), in order of their due time, those behind `after`."""
    last = after or _BEFORE_ALL
    values = {"now": now, "most": limit, "after": last.due_at, "after_id": last.id}
    if share is None:
        return [Due(*row) for row in _DUE_ALL.rows(connection, values)]
    return [Due(*row) for row in _DUE_SHARE.rows(connection, {**values, "share": share})]


def shares_due(connection: Connection, now: datetime) -> Sequence[int]:
    """The shares in which something is due."""
    return _SHARES_DUE.column(connection, {"now": now})


def next_due(connection: Connection) -> datetime | None:
    """When the next timer is due; None when none waits."""
    return _NEXT.value(connection)


# Whoever completes a task takes away the task first and then its timers: in another order both would wait for ever.
_FIRST_TASKS = Prepared(
    select(task.c.id)
    .where(task.c.instance_id == select(timer.c.instance_id).where(timer.c.id == bindparam("wanted")).scalar_subquery())
    .order_by(task.c.id)
    .with_for_update()
)


def take(connection: Connection, timer_id: int, now: datetime) -> Any | None:
    """Take away, to fire it, the earliest due timer of the instance of this one: maybe another than it.

    None when there is none: this one was fired, cleared, moved or held, or somebody else took that earliest one just
    now (`is_due` tells whether to look again).
    """
    if connection.dialect.name != "sqlite":
        _FIRST_TASKS.rows(connection, {"wanted": timer_id})
    return _TAKE.first(connection, {"wanted": timer_id, "now": now})


def is_due(connection: Connection, timer_id: int, now: datetime) -> bool:
    """Whether this timer still waits to be fired."""
    return _STILL.first(connection, {"wanted": timer_id, "now": now}) is not None


def note_calendar(connection: Connection, now: datetime) -> None:
    """Note, with a change of the calendar, that open due times must be computed again."""
    connection.execute(insert(timer), {"kind": CALENDAR, "due_at": now, "anchor": now})


def calendar_notes(connection: Connection) -> Sequence[int]:
    """The notes that are not worked off."""
    return list(connection.execute(select(timer.c.id).where(timer.c.kind == CALENDAR).order_by(timer.c.id)).scalars())


def calendar_place(connection: Connection, note_id: int) -> int | None:
    """The last instance of which a note is worked off; None when it is altogether."""
    found = connection.execute(select(timer.c.text).where(timer.c.id == note_id)).scalar()
    return None if found is None else int(found or 0)


def calendar_reached(connection: Connection, note_id: int, instance_id: int) -> None:
    """A note is worked off up to this instance."""
    connection.execute(update(timer).where(timer.c.id == note_id).values(text=str(instance_id)))


def with_due_times(connection: Connection, after: int, limit: int) -> Sequence[int]:
    """Active instances behind `after`, in order, that have timers of working time or tasks with due times."""
    of = process_instance.c.id
    timers = exists().where(timer.c.instance_id == of, timer.c.working, timer.c.held.is_(False))
    tasks = exists().where(task.c.instance_id == of, or_(task.c.due_at.is_not(None), task.c.follow_up_at.is_not(None)))
    query = select(of).where(process_instance.c.state == "active", of > after, or_(timers, tasks))
    return list(connection.execute(query.order_by(of).limit(limit)).scalars())


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
