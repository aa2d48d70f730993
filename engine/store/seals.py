"""Statements on seals: what has grown since the last one, and the heads each of them vouches for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select

from engine.store.connect import Connection
from engine.store.prepared import Prepared
from engine.store.schema.keeping import seal, sealed_head
from engine.store.schema.running import history_event, process_instance

AUDIT = 0
"""Stands for the chain of administration where instances are numbered."""
_BATCH = 2000

_AT = (
    select(sealed_head.c.instance_id, func.max(sealed_head.c.seq).label("seq"))
    .group_by(sealed_head.c.instance_id)
    .subquery()
)
_LAST = Prepared(select(seal).order_by(seal.c.number.desc()).limit(1))
_LAST_OF = Prepared(
    select(sealed_head.c.seq, sealed_head.c.digest)
    .where(sealed_head.c.instance_id == bindparam("of"))
    .order_by(sealed_head.c.seq.desc())
    .limit(1)
)
_GROWN = Prepared(
    select(process_instance.c.id, _AT.c.seq, sealed_head.c.digest)
    .outerjoin(_AT, _AT.c.instance_id == process_instance.c.id)
    .outerjoin(sealed_head, (sealed_head.c.instance_id == _AT.c.instance_id) & (sealed_head.c.seq == _AT.c.seq))
    .where(process_instance.c.history_count > func.coalesce(_AT.c.seq, 0))
    .order_by(process_instance.c.id)
)
_SEALED = select(func.max(sealed_head.c.seq)).where(sealed_head.c.instance_id == history_event.c.instance_id)
_UNSEALED = (
    select(history_event)
    .where(history_event.c.instance_id.in_(bindparam("ids", expanding=True)))
    .where(history_event.c.seq > func.coalesce(_SEALED.correlate(history_event).scalar_subquery(), 0))
    .order_by(history_event.c.instance_id, history_event.c.seq)
)


def last(connection: Connection) -> Any | None:
    """The latest seal."""
    return _LAST.first(connection)


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
    return [(row[0], row[1] or 0, row[2]) for row in _GROWN.rows(connection)]


def last_of(connection: Connection, instance_id: int) -> tuple[int, bytes | None]:
    """Up to which row a chain is sealed, and its plain head there."""
    row = _LAST_OF.first(connection, {"of": instance_id})
    return (0, None) if row is None else (row[0], bytes(row[1]))


def heads(connection: Connection) -> Iterator[Row[Any]]:
    """What seals vouch for, by instance and row."""
    query = select(sealed_head).order_by(sealed_head.c.instance_id, sealed_head.c.seq)
    yield from connection.execute(query.execution_options(yield_per=_BATCH))


def rows_of(connection: Connection, instance_ids: Sequence[int]) -> Iterator[Row[Any]]:
    """The rows of some instances that no seal vouches for yet, by instance and number."""
    yield from connection.execute(_UNSEALED, {"ids": instance_ids}, execution_options={"yield_per": _BATCH})
