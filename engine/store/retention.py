"""Statements of retention: which records are over for long, and taking out what they hold while digests stay."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, exists, func, insert, or_, select, update

from engine.store.connect import Connection
from engine.store.dialects import upsert
from engine.store.schema.jobs import job
from engine.store.schema.keeping import record_hold, record_removal
from engine.store.schema.migrations import instance_migration_item
from engine.store.schema.records import attachment, comment, notification, record, record_field
from engine.store.schema.running import history_event, message, process_instance

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken out of a record; `digests` are files that no row names any more."""

    instances: int
    rows: int
    files: int
    digests: tuple[str, ...]


def over(connection: Connection, before: datetime, business_key: str = "") -> list[Any]:
    """Records all of whose instances ended before a moment, with something to be removed and nobody's hand on them:
    business key, type, when the last instance ended; the oldest first."""
    last = func.max(process_instance.c.ended_at)
    query = (
        select(process_instance.c.business_key, func.coalesce(record.c.record_type, "").label("record_type"),
               last.label("ended_at"))
        .select_from(process_instance)
        .outerjoin(record, record.c.business_key == process_instance.c.business_key)
        .outerjoin(record_removal, record_removal.c.business_key == process_instance.c.business_key)
        .where(~exists().where(record_hold.c.business_key == process_instance.c.business_key))
        .group_by(process_instance.c.business_key, record.c.record_type, record_removal.c.removed_at)
        .having(func.count(process_instance.c.ended_at) == func.count(), last < before,
                func.coalesce(record_removal.c.removed_at < last, True))
        .order_by(last, process_instance.c.business_key)
    )  # fmt: skip
    if business_key:
        query = query.where(process_instance.c.business_key == business_key)
    return list(connection.execute(query).all())


def take_out(connection: Connection, business_key: str, now: datetime) -> Taken:
    """Remove what the ended instances of a record hold. Their rows, numbers, moments, persons and digests stay."""
    ended = select(process_instance.c.id).where(
        process_instance.c.business_key == business_key, process_instance.c.ended_at.is_not(None)
    )
    ids = list(connection.execute(ended).scalars())
    rows = _texts(connection, ids)
    of_instance = process_instance.c.id.in_(ids)
    connection.execute(update(process_instance).where(of_instance).values(snapshot=b"", title="", suspend_reason=""))
    of_record = record.c.business_key == business_key
    connection.execute(update(record).where(of_record).values(title="", search=business_key.lower()))
    connection.execute(delete(record_field).where(record_field.c.instance_id.in_(ids)))
    connection.execute(delete(comment).where(comment.c.instance_id.in_(ids)))
    connection.execute(delete(job).where(job.c.instance_id.in_(ids)))
    gone = instance_migration_item.c.instance_id.in_(ids)
    connection.execute(update(instance_migration_item).where(gone).values(before=None, text=""))
    told = or_(notification.c.instance_id.in_(ids), notification.c.business_key == business_key)
    connection.execute(delete(notification).where(told))
    connection.execute(update(message).where(message.c.business_key == business_key).values(payload=""))
    files, digests = _files(connection, ids)
    upsert(connection, record_removal, [{"business_key": business_key, "removed_at": now}])
    return Taken(len(ids), rows, files, digests)


def _texts(connection: Connection, ids: Collection[int]) -> int:
    """Put digests where texts were; how many."""
    holds = history_event.c.instance_id.in_(ids) & history_event.c.data.is_not(None) & (history_event.c.data != "")
    query = select(history_event.c.instance_id, history_event.c.seq, history_event.c.data).where(holds)
    found = connection.execute(query).all()
    change = (
        update(history_event)
        .where(history_event.c.instance_id == bindparam("of"), history_event.c.seq == bindparam("number"))
        .values(data=None, digest=bindparam("new_digest"))
    )
    for start in range(0, len(found), _BATCH):
        given = [
            {"of": row.instance_id, "number": row.seq, "new_digest": hashlib.sha256(row.data.encode()).digest()}
            for row in found[start : start + _BATCH]
        ]
        connection.execute(change, given)
    return len(found)


def _files(connection: Connection, ids: Collection[int]) -> tuple[int, tuple[str, ...]]:
    mine = attachment.c.instance_id.in_(ids)
    digests = set(connection.execute(select(attachment.c.digest).where(mine)).scalars())
    count = connection.execute(delete(attachment).where(mine)).rowcount
    return count, tuple(sorted(unnamed(connection, digests)))


def unnamed(connection: Connection, digests: Collection[str]) -> set[str]:
    """Those of these files that no row names."""
    named = select(attachment.c.digest).where(attachment.c.digest.in_(sorted(digests)))
    return set(digests) - set(connection.execute(named).scalars())


def removed_at(connection: Connection, business_key: str) -> datetime | None:
    """When the contents of a record were removed."""
    query = select(record_removal.c.removed_at).where(record_removal.c.business_key == business_key)
    return connection.execute(query).scalar_one_or_none()


def holds(connection: Connection) -> Sequence[Row[Any]]:
    """Records that must stay, by key."""
    return connection.execute(select(record_hold).order_by(record_hold.c.business_key)).all()


def hold(connection: Connection, business_key: str, at: datetime, by: str, reason: str) -> None:
    """This record must stay."""
    values = {"business_key": business_key, "placed_at": at, "placed_by": by, "reason": reason}
    connection.execute(insert(record_hold), values)


def release(connection: Connection, business_key: str) -> bool:
    """It may go when its time comes; whether it was held."""
    return connection.execute(delete(record_hold).where(record_hold.c.business_key == business_key)).rowcount > 0


def is_held(connection: Connection, business_key: str) -> bool:
    """Whether it must stay."""
    query = select(record_hold.c.business_key).where(record_hold.c.business_key == business_key)
    return connection.execute(query).first() is not None
