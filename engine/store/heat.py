"""Statements of the heat map: history that is not counted yet, and sums of what is.

How far each instance is counted is kept with the instance, and its history has no gaps: so nothing is missed or counted
twice in whatever order transactions commit, and a round that is broken off leaves nothing half done.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, insert, literal, select

from engine.store.connect import Connection, pairs
from engine.store.dialects import lock_table, upsert, upsert_adding
from engine.store.rights import Acting, may_see, open_to_all
from engine.store.schema.heat import heat_count, heat_instance, heat_round, heat_span
from engine.store.schema.running import history_event, process_definition, process_instance, resource

_SUMS = ("came", "done", "cancelled", "elapsed", "working", "waiting")
_LAST = "last"
_ROW = (
    history_event.c.instance_id, history_event.c.seq, history_event.c.at, history_event.c.kind,
    history_event.c.definition_id, history_event.c.element_id, history_event.c.token, history_event.c.data,
)  # fmt: skip


# --- counting ---------------------------------------------------------------------------------------------------


def alone(connection: Connection) -> None:
    """Let nobody else count until this transaction ends."""
    lock_table(connection, heat_instance)


def meet(connection: Connection, above: int) -> int:
    """Take up the instances with a higher id that are not counted yet and that everybody sees who may see all; the
    highest id there is. An id may be given earlier and committed later than another: hence look well below the last."""
    known = exists().where(heat_instance.c.instance_id == process_instance.c.id)
    new = select(process_instance.c.id, literal(0), literal(True), literal("")).where(
        process_instance.c.id > above, ~known, open_to_all()
    )
    connection.execute(insert(heat_instance).from_select(["instance_id", "seq", "open", "visits"], new))
    return int(connection.execute(select(func.coalesce(func.max(process_instance.c.id), 0))).scalar_one())


def behind(connection: Connection, after: int, limit: int) -> list[int]:
    """Instances with a higher id whose history goes on after what is counted of it, in order.

    The next row is looked up for each: a scalar subquery keeps PostgreSQL from reading all of history instead.
    """
    following = (
        select(history_event.c.seq)
        .where(
            history_event.c.instance_id == heat_instance.c.instance_id, history_event.c.seq == heat_instance.c.seq + 1
        )
        .correlate(heat_instance)
        .scalar_subquery()
    )
    seen = exists().where(process_instance.c.id == heat_instance.c.instance_id, open_to_all())
    query = select(heat_instance.c.instance_id).where(
        heat_instance.c.open, heat_instance.c.instance_id > after, following.is_not(None), seen
    )
    return list(connection.execute(query.order_by(heat_instance.c.instance_id).limit(limit)).scalars())


def visits(connection: Connection, instance_ids: Collection[int]) -> dict[int, str]:
    """What these instances have entered and not left."""
    query = select(heat_instance.c.instance_id, heat_instance.c.visits)
    return pairs(connection.execute(query.where(heat_instance.c.instance_id.in_(instance_ids))))


def rows(connection: Connection, instance_ids: Collection[int], limit: int) -> Sequence[Any]:
    """Their history that is not counted yet, by instance and number."""
    query = (
        select(*_ROW)
        .select_from(heat_instance)
        .join(
            history_event,
            and_(history_event.c.instance_id == heat_instance.c.instance_id,
                 history_event.c.seq > heat_instance.c.seq),
        )
        .where(heat_instance.c.instance_id.in_(instance_ids))
        .order_by(history_event.c.instance_id, history_event.c.seq)
    )  # fmt: skip
    return connection.execute(query.limit(limit)).all()


def keep(
    connection: Connection,
    instances: Sequence[Mapping[str, Any]],
    counts: Sequence[Mapping[str, Any]],
    spans: Sequence[Mapping[str, Any]],
) -> None:
    """How far these instances are counted now, and what that adds."""
    if instances:
        upsert(connection, heat_instance, instances)
    if counts:
        upsert_adding(connection, heat_count, counts)
    if spans:
        upsert_adding(connection, heat_span, spans)


def last_round(connection: Connection) -> tuple[datetime, int] | None:
    """Up to when history is counted, and the highest instance met; None before the first round."""
    row = connection.execute(select(heat_round.c.at, heat_round.c.highest).where(heat_round.c.name == _LAST)).first()
    return None if row is None else (row.at, row.highest)


def end_round(connection: Connection, at: datetime, highest: int) -> None:
    """A round is done."""
    upsert(connection, heat_round, [{"name": _LAST, "at": at, "highest": highest}])


def forget(connection: Connection) -> None:
    """Begin anew: everything is counted again by the next round."""
    for table in (heat_instance, heat_count, heat_span, heat_round):
        connection.execute(table.delete())


# --- looking ----------------------------------------------------------------------------------------------------


def sums(connection: Connection, definitions: Collection[int], periods: Collection[str]) -> Sequence[Any]:
    """By element: the sums over these periods."""
    query = select(
        heat_count.c.definition_id,
        heat_count.c.element_id,
        *(func.sum(heat_count.c[name]).label(name) for name in _SUMS),
    ).where(_at(heat_count.c, definitions, periods))
    return connection.execute(query.group_by(heat_count.c.definition_id, heat_count.c.element_id)).all()


def spans(connection: Connection, definitions: Collection[int], periods: Collection[str]) -> Sequence[Any]:
    """By element and bucket: how many visits took so long."""
    query = select(heat_span.c.element_id, heat_span.c.bucket, func.sum(heat_span.c.number).label("number"))
    query = query.where(_at(heat_span.c, definitions, periods))
    return connection.execute(query.group_by(heat_span.c.element_id, heat_span.c.bucket)).all()


def seen(connection: Connection, acting: Acting, processes: Collection[str], most: int) -> Sequence[Any]:
    """The whole history of the latest instances of these processes that a person may see and that are in no secret."""
    newest = (
        select(process_instance.c.id)
        .where(process_instance.c.process_id.in_(processes), open_to_all(), may_see(acting))
        .order_by(process_instance.c.id.desc())
        .limit(most)
    )
    query: Select[Any] = select(*_ROW).where(history_event.c.instance_id.in_(newest))
    return connection.execute(query.order_by(history_event.c.instance_id, history_event.c.seq)).all()


def versions(connection: Connection, process_id: str) -> Sequence[Any]:
    """Id and version of every definition of a process, the newest first."""
    query = select(process_definition.c.id, process_definition.c.version, process_definition.c.name)
    query = query.where(process_definition.c.process_id == process_id)
    return connection.execute(query.order_by(process_definition.c.version.desc())).all()


def drawings(connection: Connection, definition_ids: Collection[int]) -> Sequence[Any]:
    """Process id, name of the file and content of these definitions."""
    query = select(
        process_definition.c.id, process_definition.c.process_id, process_definition.c.file, resource.c.content
    ).join(resource, resource.c.digest == process_definition.c.digest)
    return connection.execute(query.where(process_definition.c.id.in_(definition_ids))).all()


def _at(columns: Any, definitions: Collection[int], periods: Collection[str]) -> ColumnElement[bool]:
    return and_(columns.definition_id.in_(definitions), columns.period.in_(periods))
