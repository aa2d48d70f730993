"""Statements on external tasks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select, update

from engine.store.connect import Connection
from engine.store.tables import external_task, process_instance


def _rows() -> Select[Any]:
    return select(external_task, process_instance.c.business_key).join(
        process_instance, process_instance.c.id == external_task.c.instance_id
    )


def waiting(connection: Connection, topic: str, free_at: datetime | None, limit: int) -> Sequence[Any]:
    """External tasks of active instances (of a topic; with `free_at` only those nobody holds then), oldest first."""
    query = _rows().where(process_instance.c.state == "active").order_by(external_task.c.id).limit(limit)
    if topic:
        query = query.where(external_task.c.topic == topic)
    if free_at is not None:
        query = query.where(or_(external_task.c.locked_until.is_(None), external_task.c.locked_until <= free_at))
    return connection.execute(query).all()


def some(connection: Connection, ids: Collection[int]) -> Sequence[Any]:
    """These external tasks."""
    return connection.execute(_rows().where(external_task.c.id.in_(sorted(ids))).order_by(external_task.c.id)).all()


def lock(connection: Connection, ids: Collection[int], worker: str, now: datetime, until: datetime) -> list[int]:
    """Give those of these that are still free to a worker; their ids."""
    done = connection.execute(
        update(external_task)
        .where(
            external_task.c.id.in_(sorted(ids)),
            or_(external_task.c.locked_until.is_(None), external_task.c.locked_until <= now),
        )
        .values(worker=worker, locked_until=until)
        .returning(external_task.c.id)
    )
    return sorted(done.scalars())
