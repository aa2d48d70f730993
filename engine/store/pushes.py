"""Statements on pushes: where people are pushed to, which notices wait to be pushed, what leaves together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Row,
    and_,
    bindparam,
    delete,
    distinct,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from engine.store.connect import Connection
from engine.store.jobs import FREE, TAKING, WAITING
from engine.store.prepared import Listed, Prepared
from engine.store.rights import receiver_shut_out
from engine.store.schema.jobs import job, push_address
from engine.store.schema.people import user
from engine.store.schema.records import notification, notification_receiver

AGAIN = "-again"
"""How the key of a second push ends."""
_MOMENT = job.c.due_at.type
_QUEUED = ("kind", "key", "label", "created_at", "due_at", "notification_id", "user_id", "address_id", "target")
_WAITS = exists().where(job.c.notification_id == bindparam("notice"), job.c.address_id == push_address.c.id, WAITING)


def _queueing(*who: Any) -> Prepared:
    told = notification_receiver.c
    key = literal("push-") + told.notification_id.cast(job.c.key.type) + "-" + push_address.c.id.cast(job.c.key.type)
    return Prepared(
        insert(job).from_select(
            _QUEUED,
            select(
                literal("push"),
                key + bindparam("suffix", type_=job.c.key.type),
                push_address.c.shown,
                bindparam("now", type_=_MOMENT),
                bindparam("due", type_=_MOMENT),
                told.notification_id,
                told.user_id,
                push_address.c.id,
                push_address.c.target,
            )
            .join(push_address, push_address.c.user_id == told.user_id)
            .join(user, and_(user.c.id == told.user_id, user.c.active))
            .where(told.notification_id == bindparam("notice"), *who),
        )
    )


_QUEUE = _queueing()
_QUEUE_AGAIN = _queueing(notification_receiver.c.user_id == bindparam("who"), ~_WAITS)
_TAKE_TARGET = Prepared(
    TAKING.where(job.c.target == bindparam("target"), job.c.batch == "").values(batch=bindparam("worker"))
)
_TAKE_BATCH = Prepared(TAKING.where(job.c.target == bindparam("target"), job.c.batch == bindparam("batch")))
_POSTPONE = Prepared(
    update(job).where(job.c.id == bindparam("wanted"), FREE).values(due_at=bindparam("later", type_=_MOMENT))
)
_RELEASE = Listed(
    lambda among: (
        update(job)
        .where(among(job.c.id), job.c.worker == bindparam("holder"))
        .values(worker="", locked_until=None, tries=job.c.tries - 1, batch="")
    )
)
_AGAIN_DUE = Prepared(
    select(notification_receiver.c.notification_id, notification_receiver.c.user_id, notification.c.created_at)
    .join(notification, notification.c.id == notification_receiver.c.notification_id)
    .where(notification_receiver.c.again_at <= bindparam("now"))
    .order_by(notification_receiver.c.again_at, notification_receiver.c.notification_id)
    .limit(bindparam("most"))
)
_NEXT_AGAIN = Prepared(select(func.min(notification_receiver.c.again_at)))


# --- addresses --------------------------------------------------------------------------------------------------


def addresses(connection: Connection, user_id: str) -> Sequence[Row[Any]]:
    """Where a person is pushed to, oldest first."""
    return connection.execute(
        select(push_address).where(push_address.c.user_id == user_id).order_by(push_address.c.id)
    ).all()


def add_address(connection: Connection, values: Mapping[str, Any]) -> int:
    """A new address; its id."""
    made: int = connection.execute(insert(push_address).returning(push_address.c.id), dict(values)).scalar_one()
    return made


def remove_address(connection: Connection, address_id: int) -> Row[Any] | None:
    """Take an address away, with what waits to be pushed to it; its row, None when there is none."""
    connection.execute(delete(job).where(job.c.address_id == address_id, WAITING))
    return connection.execute(
        delete(push_address).where(push_address.c.id == address_id).returning(*push_address.c)
    ).first()


def address(connection: Connection, address_id: int) -> Row[Any] | None:
    """One address."""
    return connection.execute(select(push_address).where(push_address.c.id == address_id)).first()


# --- queueing ---------------------------------------------------------------------------------------------------


def queue(connection: Connection, notification_id: int, now: datetime, due: datetime) -> None:
    """A notice is to be pushed to every address of every active receiver: one statement, however many they are."""
    _QUEUE.run(connection, {"notice": notification_id, "now": now, "due": due, "suffix": ""})


def queue_again(connection: Connection, notification_id: int, user_id: str, now: datetime, due: datetime) -> None:
    """Push it to one receiver once more, where it does not wait to be pushed still."""
    values = {"notice": notification_id, "who": user_id, "now": now, "due": due, "suffix": AGAIN}
    _QUEUE_AGAIN.run(connection, values)


def again_due(connection: Connection, now: datetime, limit: int) -> Sequence[Any]:
    """Notices and receivers to look at, whether they are to be pushed again."""
    return _AGAIN_DUE.found(connection, {"now": now, "most": limit})


def set_again(connection: Connection, notification_id: int, user_id: str, at: datetime | None, now: datetime) -> bool:
    """When an unread notice is looked at next (None: not any more); False when it was read or looked at meanwhile."""
    told = notification_receiver.c
    done = connection.execute(
        update(notification_receiver)
        .where(told.notification_id == notification_id, told.user_id == user_id, told.again_at <= now)
        .values(again_at=at)
    )
    return done.rowcount == 1


def look_again(connection: Connection, now: datetime) -> None:
    """Look anew at every notice that is to be pushed again: the calendar has changed."""
    told = notification_receiver.c
    connection.execute(update(notification_receiver).where(told.again_at > now).values(again_at=now))


def next_again(connection: Connection) -> datetime | None:
    """When the next unread notice is to be looked at."""
    return _NEXT_AGAIN.value(connection)


# --- leaving ----------------------------------------------------------------------------------------------------


def waiting(connection: Connection, job_id: int, now: datetime) -> Any | None:
    """A push that is due and that nobody holds."""
    return connection.execute(select(job).where(job.c.id == job_id, FREE, job.c.due_at <= now), {"now": now}).first()


def take_target(connection: Connection, target: str, hold: Mapping[str, Any]) -> list[Any]:
    """Give a runner everything that waits for a target, due or not: it leaves together."""
    return _TAKE_TARGET.found(connection, {**hold, "target": target})


def take_batch(connection: Connection, target: str, batch: str, hold: Mapping[str, Any]) -> list[Any]:
    """Give a runner exactly what another was sending when its lock lapsed."""
    return _TAKE_BATCH.found(connection, {**hold, "target": target, "batch": batch})


def release(connection: Connection, rows: Sequence[Any]) -> None:
    """Give jobs free that were taken without the one that was meant."""
    if rows:
        _RELEASE.run(connection, [row.id for row in rows], {"holder": rows[0].worker})


def postpone(connection: Connection, job_id: int, now: datetime, later: datetime) -> None:
    """Let a push wait until its target may be sent to."""
    _POSTPONE.run(connection, {"wanted": job_id, "now": now, "later": later})


def hurry(connection: Connection, target: str, now: datetime) -> None:
    """Let everything that waits for a target be due: somebody wants to know whether it is up again."""
    connection.execute(update(job).where(job.c.target == target, WAITING, job.c.due_at > now).values(due_at=now))


def failing_until(connection: Connection, target: str, now: datetime) -> datetime | None:
    """When a target that failed is tried next; None when it does not fail."""
    found: datetime | None = connection.execute(
        select(func.max(job.c.due_at)).where(job.c.target == target, WAITING, job.c.tries > 0, job.c.due_at > now)
    ).scalar_one()
    return found


def sent_since(connection: Connection, target: str, since: datetime) -> tuple[int, datetime | None]:
    """How many messages went to a target since, and when the first of them did."""
    number, first = connection.execute(
        select(func.count(distinct(job.c.batch)), func.min(job.c.tried_at)).where(
            job.c.target == target, job.c.tried_at > since, job.c.batch != ""
        )
    ).one()
    return number, first


def notes(connection: Connection, rows: Sequence[Any]) -> tuple[Sequence[Any], str, str]:
    """The notices of pushes that leave together, oldest first and each once, but for those whose receiver may not know
    them any more; the url they go to; the language."""
    ids = [row.id for row in rows]
    found = connection.execute(
        select(notification)
        .distinct()
        .join(job, job.c.notification_id == notification.c.id)
        .where(job.c.id.in_(ids), ~receiver_shut_out(job.c.user_id))
        .order_by(notification.c.id)
    ).all()
    whose = connection.execute(
        select(push_address.c.url, user.c.language)
        .join(user, user.c.id == push_address.c.user_id)
        .where(push_address.c.id == rows[0].address_id)
    ).first()
    return found, *(whose or ("", ""))


def of_notices(connection: Connection, ids: Collection[int]) -> Sequence[Any]:
    """The pushes of these notices, in the order they were queued."""
    return _OF_NOTICES.found(connection, ids)


_OF_NOTICES = Listed(lambda among: select(job).where(among(job.c.notification_id)).order_by(job.c.id))
