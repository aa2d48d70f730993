"""Statements on external tasks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true, update

from engine.store.connect import Connection
from engine.store.parts import part
from engine.store.rights import Acting, Capacity, is_shut_out, may_see
from engine.store.schema.running import external_task, process_instance
from engine.values import dumps
from engine.views.externals import ExternalFilter, Fetch, Topic

SEND = "send_any"
ORDERS: Mapping[str, ColumnElement[Any]] = {
    "id": external_task.c.id,
    "locked_until": external_task.c.locked_until,
    "instance_id": external_task.c.instance_id,
    "definition_id": process_instance.c.definition_id,
    "process_id": external_task.c.process_id,
    "priority": external_task.c.priority,
    "created_at": external_task.c.created_at,
}


def may_work(acting: Acting) -> ColumnElement[bool]:
    """Whether the person's workers may do `external_task` (joined with its `process_instance`): he is named as sender,
    or may send anything, and is not kept from the instance."""
    if acting.system:
        return true()
    if not acting.known:
        return false()
    ways = [_works(acting, each) for each in acting.capacities()]
    return and_(or_(*ways), ~is_shut_out(acting))


def _works(acting: Acting, capacity: Capacity) -> ColumnElement[bool]:
    # The senders are a JSON list: each stands there in quotes, groups by their bare id. SQLite's LIKE would take
    # capitals for small letters.
    named = [dumps(each.removeprefix("group:")) for each in capacity.subjects]
    senders = external_task.c.senders
    works: ColumnElement[bool] = or_(false(), *(func.replace(senders, each, "") != senders for each in named))
    if SEND in capacity.rights:
        works = true()
    if capacity is acting.own:
        return works
    reached: ColumnElement[bool] = process_instance.c.confidential.is_(False)
    if capacity.scope_kind == "record":
        reached = and_(reached, process_instance.c.business_key == capacity.scope_key)
    return and_(works, reached)


def _rows(acting: Acting) -> Select[Any]:
    return select(
        external_task,
        process_instance.c.business_key,
        process_instance.c.deployment_id,
        process_instance.c.process_id.label("instance_process_id"),
        process_instance.c.state,
        may_work(acting).label("works"),
        may_see(acting).label("seen"),
    ).join(process_instance, process_instance.c.id == external_task.c.instance_id)


def _free(now: datetime) -> ColumnElement[bool]:
    """Whether somebody may have it now."""
    return and_(
        process_instance.c.state == "active",
        or_(external_task.c.locked_until.is_(None), external_task.c.locked_until <= now),
        or_(external_task.c.retries.is_(None), external_task.c.retries > 0),
    )


def _of(topic: Topic) -> ColumnElement[bool]:
    found = [external_task.c.topic == topic.name]
    if topic.business_key is not None:
        found.append(process_instance.c.business_key == topic.business_key)
    if topic.process_ids:
        found.append(external_task.c.process_id.in_(topic.process_ids))
    if topic.definition_ids:
        found.append(process_instance.c.definition_id.in_(topic.definition_ids))
    return and_(*found)


def _wanted(acting: Acting, fetch: Fetch, now: datetime) -> Select[Any]:
    first = [external_task.c.priority.desc()] if fetch.by_priority else []
    return (
        select(external_task.c.id, *(_of(topic).label(f"of_{number}") for number, topic in enumerate(fetch.topics)))
        .join(process_instance, process_instance.c.id == external_task.c.instance_id)
        .where(_free(now), or_(*map(_of, fetch.topics)), may_work(acting))
        .order_by(*first, external_task.c.id)
        .limit(fetch.limit)
    )


def waits(connection: Connection, acting: Acting, fetch: Fetch, now: datetime) -> bool:
    """Whether there is anything of what a worker asks for."""
    return connection.execute(_wanted(acting, fetch, now).limit(1)).first() is not None


def lock(connection: Connection, acting: Acting, fetch: Fetch, now: datetime) -> dict[int, Topic]:
    """Give what a worker asks for to him: id → the topic it was asked for by.

    PostgreSQL: what another worker is being given just now is passed over, so that they do not wait for one another.
    """
    query = _wanted(acting, fetch, now).with_for_update(of=external_task, skip_locked=True)
    found = {
        row[0]: next(topic for topic, fits in zip(fetch.topics, row[1:], strict=True) if fits)
        for row in connection.execute(query)
    }
    for span in {topic.lock for topic in found.values()}:
        ids = [key for key, topic in found.items() if topic.lock == span]
        connection.execute(
            update(external_task)
            .where(external_task.c.id.in_(ids))
            .values(worker=fetch.worker, locked_until=now + span)
        )
    return found


def some(connection: Connection, ids: Collection[int], acting: Acting) -> Sequence[Any]:
    """These external tasks, with whether the person may work on them (`works`) and know their instance (`seen`)."""
    query = _rows(acting).where(external_task.c.id.in_(sorted(ids)))
    return connection.execute(query.order_by(external_task.c.id)).all()


def hold(connection: Connection, external_id: int, acting: Acting) -> Any | None:
    """One of them, to be changed: PostgreSQL gives it to no worker until this transaction ends."""
    query = _rows(acting).where(external_task.c.id == external_id).with_for_update(of=external_task)
    return connection.execute(query).first()


def change(connection: Connection, external_id: int, values: Mapping[str, Any]) -> None:
    """Write columns of one."""
    connection.execute(update(external_task).where(external_task.c.id == external_id).values(**values))


def listed(
    connection: Connection, acting: Acting, wanted: ExternalFilter, now: datetime, first: int, limit: int
) -> Sequence[Any]:
    """A part of those the person may work on, or whose instance he may know."""
    query = _rows(acting).where(*_narrowed(acting, wanted, now))
    return part(connection, query, ORDERS, wanted.order, ("id",), limit, first)


def count(connection: Connection, acting: Acting, wanted: ExternalFilter, now: datetime) -> int:
    """How many those are."""
    query = select(func.count()).select_from(
        external_task.join(process_instance, process_instance.c.id == external_task.c.instance_id)
    )
    found: int = connection.execute(query.where(*_narrowed(acting, wanted, now))).scalar_one()
    return found


def topics(connection: Connection, acting: Acting, wanted: ExternalFilter, now: datetime) -> Sequence[str]:
    """The topics of those."""
    query = (
        select(external_task.c.topic)
        .join(process_instance, process_instance.c.id == external_task.c.instance_id)
        .where(*_narrowed(acting, wanted, now))
        .distinct()
        .order_by(external_task.c.topic)
    )
    return list(connection.execute(query).scalars())


def _narrowed(acting: Acting, wanted: ExternalFilter, now: datetime) -> Iterator[ColumnElement[bool]]:
    yield or_(may_work(acting), may_see(acting))
    of = external_task.c
    lists: tuple[tuple[ColumnElement[Any], Collection[Any] | None], ...] = (
        (of.id, wanted.ids), (of.element_id, wanted.element_ids), (of.instance_id, wanted.instance_ids),
        (of.process_id, wanted.processes),
    )  # fmt: skip
    yield from (column.in_(values) for column, values in lists if values is not None)
    equal: tuple[tuple[ColumnElement[Any], Any], ...] = (
        (of.topic, wanted.topic), (of.worker, wanted.worker),
        (process_instance.c.definition_id, wanted.definition_id),
    )  # fmt: skip
    yield from (column == value for column, value in equal if value is not None)
    if wanted.token is not None:
        yield and_(of.instance_id == wanted.token[0], of.token == wanted.token[1])
    if wanted.locked is not None:
        held = and_(of.locked_until.is_not(None), of.locked_until > now)
        yield held if wanted.locked else ~func.coalesce(held, false())
    if wanted.retries_left is not None:
        yield or_(of.retries.is_(None), of.retries > 0) if wanted.retries_left else of.retries == 0
    if wanted.expires_after is not None:
        yield of.locked_until > wanted.expires_after
    if wanted.expires_before is not None:
        yield of.locked_until < wanted.expires_before
    if wanted.suspended is not None:
        state = process_instance.c.state
        yield state == "suspended" if wanted.suspended else state == "active"
    if wanted.priority_from is not None:
        yield of.priority >= wanted.priority_from
    if wanted.priority_to is not None:
        yield of.priority <= wanted.priority_to
