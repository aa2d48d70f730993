"""Statements on the outbox and on who waits for what."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Row, bindparam, func, insert, or_, select, update

from engine.store.connect import Connection
from engine.store.prepared import Listed, Prepared
from engine.store.schema.running import event_subscription, message, process_instance


def put(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Messages that leave; delivered after commit."""
    connection.execute(insert(message), [dict(row) for row in rows])


def put_one(connection: Connection, row: Mapping[str, Any]) -> int:
    """One message; its id."""
    made: int = connection.execute(insert(message).returning(message.c.id), dict(row)).scalar_one()
    return made


SHARES = 64
"""Into how many shares what waits is split among workers: what goes to one instance, or comes from it, is in one."""

_SHARE = func.coalesce(message.c.receiver_id, message.c.sender_id, message.c.id) % SHARES
_WAITS = (
    select(message.c.id)
    .where(message.c.state == "new", message.c.id > bindparam("after"))
    .order_by(message.c.id)
    .limit(bindparam("most", type_=Integer))
)
_WAITING = Prepared(_WAITS)
_WAITING_SHARE = Prepared(_WAITS.where(bindparam("share", type_=Integer) == _SHARE))
_SHARES_WAITING = Prepared(select(_SHARE).where(message.c.state == "new").distinct())
_GET = Prepared(
    select(message)
    .where(message.c.id == bindparam("wanted"), message.c.state == "new")
    .with_for_update(skip_locked=True)
)
_SUBSCRIPTION = Prepared(select(event_subscription).where(event_subscription.c.id == bindparam("wanted")))
_SUBSCRIPTIONS = Listed(
    lambda among: (
        select(event_subscription)
        .where(among(event_subscription.c.instance_id), event_subscription.c.kind == "message")
        .order_by(event_subscription.c.id)
    )
)
_RELEASE = Listed(
    lambda among: (
        update(message)
        .where(message.c.state == "kept", message.c.business_key == bindparam("key"), among(message.c.name))
        .values(state="new")
    )
)
_OVER = Prepared(
    select(message)
    .where(message.c.state == "kept", message.c.expires_at <= bindparam("now"))
    .order_by(message.c.id)
    .limit(bindparam("most", type_=Integer))
)
_EXPIRE_FOR = Prepared(
    update(message)
    .where(message.c.state == "kept", message.c.receiver_id == bindparam("of"))
    .values(state="expired", settled_at=bindparam("now", type_=message.c.settled_at.type), reason="ended")
    .returning(*message.c)
)


def waiting(connection: Connection, limit: int, after: int = 0, share: int | None = None) -> Sequence[int]:
    """Ids of messages (of one share) that were not yet tried or delivered, oldest first, those behind `after`."""
    if share is None:
        return _WAITING.column(connection, {"after": after, "most": limit})
    return _WAITING_SHARE.column(connection, {"after": after, "most": limit, "share": share})


def shares_waiting(connection: Connection) -> Sequence[int]:
    """The shares in which a message waits to be delivered."""
    return _SHARES_WAITING.column(connection)


def take(connection: Connection, message_id: int) -> Any | None:
    """One message, to deliver it; None when it is settled, or (PostgreSQL) when somebody else is just delivering it."""
    return _GET.first(connection, {"wanted": message_id})


def settle(
    connection: Connection, message_id: int, state: str, at: datetime, receiver_id: int | None = None, reason: str = ""
) -> None:
    """What became of a message: kept, delivered, undelivered, expired."""
    connection.execute(
        update(message)
        .where(message.c.id == message_id)
        .values(state=state, settled_at=at, receiver_id=receiver_id, reason=reason, tries=message.c.tries + 1)
    )


def subscribers(
    connection: Connection, kind: str, name: str, business_key: str | None, correlation: str | None
) -> Sequence[Row[Any]]:
    """Who waits for this address (None: any), of instances that are not on hold or that are; oldest first."""
    query = (
        select(event_subscription, process_instance.c.state, process_instance.c.confidential)
        .join(process_instance, process_instance.c.id == event_subscription.c.instance_id)
        .where(event_subscription.c.kind == kind, event_subscription.c.name == name)
    )
    if business_key is not None:
        query = query.where(event_subscription.c.business_key == business_key)
    if correlation is not None:
        query = query.where(event_subscription.c.correlation == correlation)
    return connection.execute(query.order_by(event_subscription.c.id)).all()


def subscription(connection: Connection, subscription_id: int) -> Any | None:
    """One subscription."""
    return _SUBSCRIPTION.first(connection, {"wanted": subscription_id})


def subscriptions_of(connection: Connection, instance_ids: Collection[int]) -> Sequence[Any]:
    """Everything these instances wait for by message, oldest first."""
    return _SUBSCRIPTIONS.found(connection, instance_ids)


def kept_for(connection: Connection, business_key: str, names: Collection[str], now: datetime) -> Sequence[Row[Any]]:
    """Messages kept for a record under these names and not expired, oldest first."""
    return connection.execute(
        select(message)
        .where(
            message.c.state == "kept",
            message.c.business_key == business_key,
            message.c.name.in_(sorted(names)),
            or_(message.c.expires_at.is_(None), message.c.expires_at > now),
        )
        .order_by(message.c.id)
    ).all()


def release(connection: Connection, business_key: str, names: Collection[str]) -> int:
    """Messages kept for a record under these names may be delivered now; how many there are."""
    return _RELEASE.run(connection, names, {"key": business_key})


def expire_for(connection: Connection, instance_id: int, now: datetime) -> Sequence[Any]:
    """Messages that were kept for an instance that has ended now."""
    return _EXPIRE_FOR.found(connection, {"of": instance_id, "now": now})


def kept_and_over(connection: Connection, now: datetime, limit: int) -> Sequence[Any]:
    """Messages whose time to live is over while they were kept."""
    return _OVER.found(connection, {"now": now, "most": limit})


def kept_by_record(connection: Connection, business_key: str) -> Sequence[Row[Any]]:
    """All messages kept for a record."""
    return connection.execute(
        select(message).where(message.c.state == "kept", message.c.business_key == business_key).order_by(message.c.id)
    ).all()


def instances_at(connection: Connection, business_key: str) -> Sequence[Any]:
    """Id, process, number, state, deployment and confidentiality of every instance of a record."""
    return connection.execute(
        select(
            process_instance.c.id,
            process_instance.c.process_id,
            process_instance.c.number,
            process_instance.c.state,
            process_instance.c.deployment_id,
            process_instance.c.confidential,
        )
        .where(process_instance.c.business_key == business_key)
        .order_by(process_instance.c.id)
    ).all()


def expire_one(connection: Connection, message_id: int, now: datetime) -> bool:
    """End a kept message whose time is over; False when it was delivered meanwhile."""
    done = connection.execute(
        update(message)
        .where(message.c.id == message_id, message.c.state == "kept")
        .values(state="expired", settled_at=now, reason="time to live")
    )
    return done.rowcount == 1


def release_for(connection: Connection, instance_id: int) -> int:
    """Messages kept for this instance may be delivered now; how many there are."""
    return connection.execute(
        update(message).where(message.c.state == "kept", message.c.receiver_id == instance_id).values(state="new")
    ).rowcount
