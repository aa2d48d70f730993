"""Statements on seals: what has grown since the last one, and the heads each of them vouches for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Subquery, func, insert, select

from engine.store.connect import Connection
from engine.store.keeping_tables import seal, sealed_head
from engine.store.tables import history_event, process_instance

AUDIT = 0
"""Stands for the chain of administration where instances are numbered."""
_BATCH = 2000


def last(connection: Connection) -> Row[Any] | None:
    """The latest seal."""
    return connection.execute(select(seal).order_by(seal.c.number.desc()).limit(1)).first()


def every(connection: Connection) -> Sequence[Row[Any]]:
    """All seals in their order."""
    return connection.execute(select(seal).order_by(seal.c.number)).all()


def add(connection: Connection, values: Mapping[str, Any], heads: Sequence[Mapping[str, Any]]) -> None:
    """A new seal with what it vouches for."""
    connection.execute(insert(seal), dict(values))
    for start in range(0, len(heads), _BATCH):
        connection.execute(insert(sealed_head), [dict(each) for each in heads[start : start + _BATCH]])


def grown(connection: Connection) -> list[tuple[int, int, bytes | None]]:
    """Instances with more rows than were sealed, in order: id, the last row sealed, and the plain head there."""
    at = _last_heads()
    found = connection.execute(
        select(process_instance.c.id, at.c.seq, sealed_head.c.digest)
        .outerjoin(at, at.c.instance_id == process_instance.c.id)
        .outerjoin(sealed_head, (sealed_head.c.instance_id == at.c.instance_id) & (sealed_head.c.seq == at.c.seq))
        .where(process_instance.c.history_count > func.coalesce(at.c.seq, 0))
        .order_by(process_instance.c.id)
    )
    return [(row[0], row[1] or 0, row[2]) for row in found]


def last_of(connection: Connection, instance_id: int) -> tuple[int, bytes | None]:
    """Up to which row a chain is sealed, and its plain head there."""
    row = connection.execute(
        select(sealed_head.c.seq, sealed_head.c.digest)
        .where(sealed_head.c.instance_id == instance_id)
        .order_by(sealed_head.c.seq.desc())
        .limit(1)
    ).first()
    return (0, None) if row is None else (row[0], bytes(row[1]))


def heads(connection: Connection) -> Iterator[Row[Any]]:
    """What seals vouch for, by instance and row."""
    query = select(sealed_head).order_by(sealed_head.c.instance_id, sealed_head.c.seq)
    yield from connection.execute(query.execution_options(yield_per=_BATCH))


def rows_of(connection: Connection, instance_ids: Sequence[int]) -> Iterator[Row[Any]]:
    """The rows of some instances, by instance and number."""
    query = select(history_event).where(history_event.c.instance_id.in_(instance_ids))
    query = query.order_by(history_event.c.instance_id, history_event.c.seq)
    yield from connection.execute(query.execution_options(yield_per=_BATCH))


def _last_heads() -> Subquery:
    query = select(sealed_head.c.instance_id, func.max(sealed_head.c.seq).label("seq"))
    return query.group_by(sealed_head.c.instance_id).subquery()
