"""Statements on history: append, read, and read in order for verification. There is no update and no delete."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select

from engine.store.connect import Connection, pairs
from engine.store.prepared import Listed, Prepared
from engine.store.rights import known_to_process
from engine.store.schema.running import audit_event, chain, history_event, process_definition, process_instance

_BATCH = 2000


_APPEND = Prepared(
    insert(history_event),
    ("instance_id", "seq", "at", "kind", "definition_id", "element_id", "token", "task_id", "actor", "on_behalf_of",
     "submission", "data", "hash"),
)  # fmt: skip


def append(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows of one instance, hashed already."""
    if rows:
        _APPEND.many(connection, rows)


def of_instances(
    connection: Connection, instance_ids: Collection[int], kinds: Collection[str] = (), limit: int = 0
) -> Sequence[Row[Any]]:
    """The rows of these instances in the order they happened."""
    query = select(history_event).where(history_event.c.instance_id.in_(sorted(instance_ids)))
    if kinds:
        query = query.where(history_event.c.kind.in_(sorted(kinds)))
    if limit:
        newest = query.order_by(history_event.c.at.desc(), history_event.c.seq.desc()).limit(limit)
        return list(reversed(connection.execute(newest).all()))
    return connection.execute(
        query.order_by(history_event.c.at, history_event.c.instance_id, history_event.c.seq)
    ).all()


def at_element(
    connection: Connection,
    business_key: str,
    element_id: str,
    kind: str,
    since: datetime | None,
    asking: str,
    telling: Collection[str] = (),
) -> Sequence[Row[Any]]:
    """What happened at an element in the instances of a record that the `asking` process may know, in order."""
    query = (
        select(history_event, process_instance.c.business_key, process_instance.c.number)
        .join(process_instance, process_instance.c.id == history_event.c.instance_id)
        .where(process_instance.c.business_key == business_key, history_event.c.element_id == element_id)
        .where(known_to_process(asking, telling))
        .order_by(history_event.c.at, history_event.c.instance_id, history_event.c.seq)
    )
    if kind:
        query = query.where(history_event.c.kind == kind)
    if since is not None:
        query = query.where(history_event.c.at >= since)
    return connection.execute(query).all()


def of_task(connection: Connection, task_id: int) -> Sequence[Row[Any]]:
    """What happened to one task, in order."""
    return connection.execute(
        select(history_event).where(history_event.c.task_id == task_id).order_by(history_event.c.seq)
    ).all()


def with_submission(connection: Connection, submission: str) -> Row[Any] | None:
    """The row that a submission caused, with business key and number of its instance; None when it is new."""
    return connection.execute(
        select(history_event, process_instance.c.business_key, process_instance.c.number, process_instance.c.state)
        .join(process_instance, process_instance.c.id == history_event.c.instance_id)
        .where(history_event.c.submission == submission)
    ).first()


def heads(connection: Connection) -> Iterator[tuple[int, int, bytes]]:
    """Id, number of rows and head of every instance, in order."""
    query = select(process_instance.c.id, process_instance.c.history_count, process_instance.c.history_head).order_by(
        process_instance.c.id
    )
    for instance_id, count, head in connection.execute(query.execution_options(yield_per=_BATCH)):
        yield instance_id, count, bytes(head)


def in_order(connection: Connection) -> Iterator[Row[Any]]:
    """Every row of every instance, by instance and number."""
    query = select(history_event).order_by(history_event.c.instance_id, history_event.c.seq)
    yield from connection.execute(query.execution_options(yield_per=_BATCH))


def about(connection: Connection) -> Iterator[Row[Any]]:
    """What an export says of each instance, in order."""
    columns = ("id", "business_key", "number", "process_id", "definition_id", "state", "started_at", "ended_at")
    query = select(*(process_instance.c[name] for name in columns)).order_by(process_instance.c.id)
    yield from connection.execute(query.execution_options(yield_per=_BATCH))


def definitions(connection: Connection) -> Sequence[Row[Any]]:
    """Which version of which diagram a definition is, with the digest of its file."""
    columns = ("id", "process_id", "version", "digest", "file", "name")
    query = select(*(process_definition.c[name] for name in columns)).order_by(process_definition.c.id)
    return connection.execute(query).all()


def audit_head(connection: Connection) -> tuple[int, bytes]:
    """Number of rows and head of the chain of administration, for the next row to hold on to.

    PostgreSQL: the row stays locked until the transaction ends, so that the chain has no fork.
    """
    row = connection.execute(
        select(chain.c.count, chain.c.head).where(chain.c.name == "audit").with_for_update()
    ).first()
    if row is None:
        connection.execute(insert(chain), {"name": "audit", "count": 0, "head": bytes(32)})
        return 0, bytes(32)
    count, head = row
    return count, bytes(head)


def append_audit(connection: Connection, row: Mapping[str, Any]) -> None:
    """Add a row of administration and move the head to it."""
    connection.execute(insert(audit_event), dict(row))
    connection.execute(chain.update().where(chain.c.name == "audit").values(count=row["seq"], head=row["hash"]))


def audit_rows(connection: Connection, after: int = 0) -> Iterator[Row[Any]]:
    """The rows of administration after a number, in order."""
    query = select(audit_event).where(audit_event.c.seq > after).order_by(audit_event.c.seq)
    yield from connection.execute(query.execution_options(yield_per=_BATCH))


def process_ids(connection: Connection, definition_ids: Collection[int]) -> dict[int, str]:
    """Process ids of these definitions."""
    found = connection.execute(
        select(process_definition.c.id, process_definition.c.process_id).where(
            process_definition.c.id.in_(sorted(definition_ids))
        )
    )
    return pairs(found)


_LAST_AT = Listed(
    lambda among: (
        select(history_event.c.definition_id, history_event.c.element_id, func.max(history_event.c.at))
        .where(among(history_event.c.instance_id), history_event.c.element_id != "")
        .group_by(history_event.c.definition_id, history_event.c.element_id)
    )
)


def last_at(connection: Connection, instance_ids: Collection[int]) -> Sequence[Any]:
    """Definition, element and the last moment something happened there, of these instances."""
    return _LAST_AT.found(connection, instance_ids)


def audit_position(connection: Connection) -> tuple[int, bytes]:
    """Number of rows and head of the chain of administration, to compare with."""
    row = connection.execute(select(chain.c.count, chain.c.head).where(chain.c.name == "audit")).first()
    if row is None:
        return 0, bytes(32)
    count, head = row
    return count, bytes(head)
