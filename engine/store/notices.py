"""Storing a notice with its receivers; groups are expanded to their active members when it is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select

from engine.store.connect import Connection
from engine.store.people_tables import membership, user
from engine.store.record_tables import notification, notification_receiver


def put(connection: Connection, values: Mapping[str, Any], to: Sequence[str]) -> list[str]:
    """Store a notice to user ids and groups (`group:x`); the ids of its receivers."""
    receivers = _receivers(connection, to)
    made: int = connection.execute(insert(notification).returning(notification.c.id), dict(values)).scalar_one()
    if receivers:
        connection.execute(
            insert(notification_receiver), [{"notification_id": made, "user_id": each} for each in receivers]
        )
    return receivers


def _receivers(connection: Connection, to: Sequence[str]) -> list[str]:
    groups = [each[6:] for each in to if each.startswith("group:")]
    people = [each.removeprefix("user:") for each in to if not each.startswith("group:")]
    if groups:
        people += connection.execute(
            select(user.c.id)
            .join(membership, membership.c.user_id == user.c.id)
            .where(membership.c.group_id.in_(sorted(groups)), user.c.active)
            .order_by(user.c.id)
        ).scalars()
    return list(dict.fromkeys(people))
