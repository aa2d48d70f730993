"""Storing a notice with its receivers; groups are expanded to their active members when it is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from engine.store import pushes
from engine.store.connect import Connection
from engine.store.rights import receiver_shut_out
from engine.store.schema.people import membership, user
from engine.store.schema.records import notification, notification_receiver


@dataclass(frozen=True, slots=True)
class Pushed:
    """That a notice is pushed, from `due` on, and looked at again at `again_at` where it is not read by then."""

    due: datetime
    again_at: datetime | None = None


def put(
    connection: Connection,
    values: Mapping[str, Any],
    to: Sequence[str],
    discreet: bool = False,
    pushed: Pushed | None = None,
) -> list[str]:
    """Store a notice to user ids and groups (`group:x`); the ids of its receivers. A `discreet` one leaves out who is
    excluded from its instance."""
    receivers = _receivers(connection, to)
    made: int = connection.execute(insert(notification).returning(notification.c.id), dict(values)).scalar_one()
    if receivers:
        connection.execute(
            insert(notification_receiver),
            [
                {"notification_id": made, "user_id": each, "again_at": pushed.again_at if pushed else None}
                for each in receivers
            ],
        )
    if receivers and discreet:
        mine, shut_out = notification_receiver.c.notification_id == made, receiver_shut_out(user.c.id)
        away = select(user.c.id).join(notification, notification.c.id == made).where(user.c.id.in_(receivers), shut_out)
        gone = set(connection.execute(away).scalars())
        connection.execute(delete(notification_receiver).where(mine, notification_receiver.c.user_id.in_(gone)))
        receivers = [each for each in receivers if each not in gone]
    if receivers and pushed is not None:
        pushes.queue(connection, made, values["created_at"], pushed.due)
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
