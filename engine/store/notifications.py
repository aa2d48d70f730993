"""Statements on what people were told: their own notices, those they sent, who has read them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from engine.store.connect import Connection
from engine.store.rights import receiver_shut_out
from engine.store.schema.records import notification, notification_receiver

CAP = 999
Receipt = tuple[str, datetime | None]
"""A receiver and when he read it."""
_KEPT = receiver_shut_out(notification_receiver.c.user_id)
"""Who is excluded from an instance does not find what he was told of it before."""


def received(connection: Connection, user_id: str, unread: bool, before: int, limit: int) -> Sequence[Row[Any]]:
    """What a person was told, newest first, with when he read it; `before` is the id the page before ended with."""
    query = (
        select(notification, notification_receiver.c.read_at)
        .join(notification_receiver, notification_receiver.c.notification_id == notification.c.id)
        .where(notification_receiver.c.user_id == user_id, ~_KEPT)
    )
    if unread:
        query = query.where(notification_receiver.c.read_at.is_(None))
    if before:
        query = query.where(notification.c.id < before)
    return connection.execute(query.order_by(notification.c.id.desc()).limit(limit)).all()


def sent(connection: Connection, user_id: str | None, before: int, limit: int) -> Sequence[Row[Any]]:
    """What a person's steps told others (None: everybody's), newest first."""
    query = select(notification)
    if user_id is not None:
        query = query.where(notification.c.sender == user_id, ~receiver_shut_out(notification.c.sender))
    if before:
        query = query.where(notification.c.id < before)
    query = query.order_by(notification.c.id.desc())
    return connection.execute(query.limit(limit) if limit else query).all()


def receivers(connection: Connection, notification_ids: Collection[int]) -> dict[int, list[Receipt]]:
    """Notice → its receivers in order, with when each read it."""
    found: dict[int, list[Receipt]] = {}
    if notification_ids:
        rows = connection.execute(
            select(notification_receiver)
            .where(notification_receiver.c.notification_id.in_(sorted(notification_ids)))
            .order_by(notification_receiver.c.notification_id, notification_receiver.c.user_id)
        )
        for row in rows:
            found.setdefault(row.notification_id, []).append((row.user_id, row.read_at))
    return found


def mark_read(
    connection: Connection, user_id: str, now: datetime, notification_id: int = 0, business_key: str = ""
) -> int:
    """Note that a person has read a notice, or all about a record; how many that were unread."""
    mine = notification_receiver.c.user_id == user_id
    which = notification_receiver.c.notification_id == notification_id
    if business_key:
        about = select(notification.c.id).where(notification.c.business_key == business_key)
        which = notification_receiver.c.notification_id.in_(about)
    done = connection.execute(
        update(notification_receiver)
        .where(mine, which, notification_receiver.c.read_at.is_(None))
        .values(read_at=now, again_at=None)
    )
    return int(done.rowcount)


def mark_plain_read(connection: Connection, user_id: str, now: datetime) -> int:
    """Note that a person has read everything that asks for no receipt; how much was unread."""
    plain = select(notification.c.id).where(
        notification.c.id == notification_receiver.c.notification_id, notification.c.receipt.is_(False)
    )
    done = connection.execute(
        update(notification_receiver)
        .where(
            notification_receiver.c.user_id == user_id,
            notification_receiver.c.read_at.is_(None),
            plain.correlate(notification_receiver).exists(),
        )
        .values(read_at=now)
    )
    return int(done.rowcount)


def is_receiver(connection: Connection, user_id: str, notification_id: int) -> bool:
    """Whether a person was told this, and is not excluded meanwhile."""
    query = select(notification_receiver.c.user_id).join(
        notification, notification.c.id == notification_receiver.c.notification_id
    )
    mine = query.where(
        notification_receiver.c.user_id == user_id, notification_receiver.c.notification_id == notification_id, ~_KEPT
    )
    return connection.execute(mine).first() is not None


def unread(connection: Connection, user_id: str) -> int:
    """How much a person has not read; counted up to 1,000."""
    some = (
        select(notification_receiver.c.notification_id)
        .join(notification, notification.c.id == notification_receiver.c.notification_id)
        .where(notification_receiver.c.user_id == user_id, notification_receiver.c.read_at.is_(None), ~_KEPT)
        .limit(CAP + 1)
        .subquery()
    )
    number: int = connection.execute(select(func.count()).select_from(some)).scalar_one()
    return number
