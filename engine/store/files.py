"""Statements on attachments and comments."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, or_, select, update

from engine.store.connect import Connection
from engine.store.dialects import lock_table
from engine.store.prepared import Prepared
from engine.store.schema.records import attachment, comment

HELD, INFECTED = "held", "infected"
"""States of `scan`: no scanner has seen the file yet; it is infected and its bytes are gone."""
_OLD = (
    select(attachment.c.id)
    .where(
        attachment.c.submitted.is_(False),
        attachment.c.created_at < bindparam("before", type_=attachment.c.created_at.type),
    )
    .order_by(attachment.c.created_at)
    .limit(bindparam("most"))
)
_TAKE_OLD = Prepared(delete(attachment).where(attachment.c.id.in_(_OLD)).returning(attachment.c.digest))
_UNSCANNED = Prepared(select(attachment.c.digest).where(attachment.c.scan == HELD).distinct().limit(bindparam("most")))


def add_attachment(connection: Connection, values: Mapping[str, Any]) -> int:
    """A new attachment; its id."""
    made: int = connection.execute(insert(attachment).returning(attachment.c.id), dict(values)).scalar_one()
    return made


def get_attachment(connection: Connection, attachment_id: int) -> Row[Any] | None:
    """One attachment."""
    return connection.execute(select(attachment).where(attachment.c.id == attachment_id)).first()


def attachments_of(connection: Connection, instance_ids: Collection[int]) -> Sequence[Row[Any]]:
    """What was attached to these instances or submitted with their forms, newest first."""
    return connection.execute(
        select(attachment)
        .where(attachment.c.instance_id.in_(sorted(instance_ids)), attachment.c.submitted)
        .order_by(attachment.c.id.desc())
    ).all()


def attachments_of_task(connection: Connection, task_id: int) -> Sequence[Row[Any]]:
    """What was attached to a task, oldest first."""
    query = select(attachment).where(attachment.c.task_id == task_id, attachment.c.submitted)
    return connection.execute(query.order_by(attachment.c.id)).all()


def comments_of_task(connection: Connection, task_id: int) -> Sequence[Row[Any]]:
    """What was said of a task, oldest first."""
    return connection.execute(select(comment).where(comment.c.task_id == task_id).order_by(comment.c.id)).all()


def pending(connection: Connection, user_id: str, task_id: int | None) -> tuple[int, int]:
    """How many uploads of a person wait to be submitted: in all, and with the form of this task (None: of starts)."""
    mine = select(attachment.c.task_id).where(attachment.c.submitted.is_(False), attachment.c.user_id == user_id)
    tasks = list(connection.execute(mine).scalars())
    return len(tasks), tasks.count(task_id)


def pending_like(connection: Connection, user_id: str, task_id: int | None, digest: str, name: str) -> int | None:
    """The same upload by the same person for the same form, waiting still."""
    same = attachment.c.task_id.is_(None) if task_id is None else attachment.c.task_id == task_id
    query = select(attachment.c.id).where(
        attachment.c.submitted.is_(False),
        attachment.c.user_id == user_id,
        attachment.c.digest == digest,
        attachment.c.name == name,
        same,
    )
    return connection.execute(query.limit(1)).scalar()


def take_orphans(connection: Connection, before: datetime, limit: int) -> list[str]:
    """Forget uploads that were never submitted; the digests that no row names any more.

    Nobody adds a file meanwhile, so that bytes that are to be taken away are nobody's.
    """
    lock_table(connection, attachment)
    digests = set(_TAKE_OLD.column(connection, {"before": before, "most": limit}))
    if not digests:
        return []
    named = set(
        connection.execute(select(attachment.c.digest).where(attachment.c.digest.in_(sorted(digests)))).scalars()
    )
    return sorted(digests - named)


def unscanned(connection: Connection, limit: int) -> list[str]:
    """Digests of files that wait for the scanner."""
    return _UNSCANNED.column(connection, {"most": limit})


def set_scan(connection: Connection, digest: str, scan: str) -> None:
    """What the scanner has said of the bytes that waited for it."""
    connection.execute(
        update(attachment).where(attachment.c.digest == digest, attachment.c.scan == HELD).values(scan=scan)
    )


def submit_attachments(
    connection: Connection, digests: Collection[str], user_id: str, instance_id: int, business_key: str, element: str
) -> None:
    """The uploads of these digests by this person belong to the instance from now on."""
    connection.execute(
        update(attachment)
        .where(
            attachment.c.digest.in_(sorted(digests)),
            attachment.c.submitted.is_(False),
            or_(attachment.c.user_id == user_id, attachment.c.instance_id == instance_id),
        )
        .values(submitted=True, instance_id=instance_id, business_key=business_key, element_name=element)
    )


def add_comment(connection: Connection, values: Mapping[str, Any]) -> int:
    """A new comment; its id."""
    made: int = connection.execute(insert(comment).returning(comment.c.id), dict(values)).scalar_one()
    return made


def comments_of(connection: Connection, instance_ids: Collection[int]) -> Sequence[Row[Any]]:
    """The comments on these instances, oldest first."""
    return connection.execute(
        select(comment).where(comment.c.instance_id.in_(sorted(instance_ids))).order_by(comment.c.id)
    ).all()


def digests(connection: Connection) -> list[str]:
    """The digests of all files that a row names."""
    return list(connection.execute(select(attachment.c.digest).distinct()).scalars())
