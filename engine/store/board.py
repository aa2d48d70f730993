"""Statements of the board: exceptions counted up to 999, instances of a month in pages, figures as counted last.

Everything is asked through the predicate of rights. Figures count what everybody sees who may see all: no confidential
instance and none that somebody is kept from, so that no figure can tell of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
)

from engine.store.connect import Connection, pairs
from engine.store.rights import Acting, may_see, open_to_all
from engine.store.schema.board import figure_value
from engine.store.schema.records import notification, notification_receiver, record, record_field
from engine.store.schema.running import incident, process_instance, task

CAP = 999


@dataclass(frozen=True, slots=True)
class Conditions:
    """Which instances are looked for: by process, state and published fields as they are compared."""

    processes: tuple[str, ...]
    state: str
    one_of: Mapping[str, tuple[str, ...]]
    none_of: Mapping[str, tuple[str, ...]]
    lacks: tuple[str, ...]
    since: str


@dataclass(frozen=True, slots=True)
class Span:
    """The instances of a process whose `on` (a published field, or a moment of the instance) lies in these months;
    for a moment of the instance `start` and `end` say the same in UTC."""

    process: str
    on: str
    first: str
    beyond: str
    start: datetime
    end: datetime


def overdue(acting: Acting, now: datetime, processes: Sequence[str], elements: Sequence[str]) -> Select[Any]:
    """Tasks past their time whose instance is not on hold."""
    query = _with_instance(acting, task.c.id, task.c.due_at, task.c.name, task.c.assignee, task)
    query = query.where(task.c.due_at < now, process_instance.c.state == "active", may_see(acting))
    if processes:
        query = query.where(or_(task.c.process_id.in_(processes), process_instance.c.process_id.in_(processes)))
    if elements:
        query = query.where(task.c.element_id.in_(elements))
    return query.order_by(task.c.due_at)


def instances(acting: Acting, asked: Conditions) -> Select[Any]:
    """Instances that meet the conditions."""
    since: ColumnElement[Any] = process_instance.c.started_at
    if asked.state == "suspended":
        since = process_instance.c.suspended_at
    if asked.since:
        since = select(record_field.c.plain).where(_field(asked.since)).scalar_subquery()
    query = _with_instance(acting, process_instance.c.id, since, literal(""), process_instance.c.owner)
    query = query.where(process_instance.c.state == asked.state, may_see(acting))
    query = query.where(process_instance.c.process_id.in_(asked.processes))
    if asked.state == "suspended":  # said twice: only then the index of the few is used
        query = query.where(process_instance.c.suspended_at.is_not(None))
    for name, values in asked.one_of.items():
        query = query.where(_has(name, record_field.c.plain.in_(values)))
    for name, values in asked.none_of.items():
        query = query.where(_has(name, record_field.c.plain.not_in(("", *values))))
    for name in asked.lacks:
        query = query.where(~_has(name, record_field.c.plain != ""))
    return query


def unread(acting: Acting) -> Select[Any]:
    """Reports that ask for a receipt and have not been read by somebody."""
    query = _with_instance(
        acting, notification.c.id, notification.c.created_at, notification.c.subject, literal(""), notification
    )
    waits = exists().where(
        notification_receiver.c.notification_id == notification.c.id, notification_receiver.c.read_at.is_(None)
    )
    open_ids = select(notification_receiver.c.notification_id).where(notification_receiver.c.read_at.is_(None))
    return query.where(
        notification.c.id.in_(open_ids), notification.c.receipt, waits, may_see(acting)
    ).order_by(notification.c.id)  # fmt: skip


def stuck(acting: Acting) -> Select[Any]:
    """Open incidents."""
    query = _with_instance(
        acting, incident.c.id, incident.c.created_at, incident.c.element_id, process_instance.c.owner, incident
    )
    return query.where(may_see(acting)).order_by(incident.c.id)


def count(connection: Connection, query: Select[Any]) -> int:
    """How many there are, counted up to 1,000."""
    number: int = connection.execute(
        select(func.count()).select_from(query.limit(CAP + 1).subquery())
    ).scalar_one()  # fmt: skip
    return number


def oldest(
    connection: Connection, query: Select[Any], limit: int, after: tuple[Any, int] | None = None, among: int = 0
) -> Sequence[Any]:
    """The oldest of a query; `among` looks only at so many, so that very many cost no more than that."""
    found = (query.limit(among) if among else query.order_by(None)).subquery()
    asked = select(found).order_by(found.c.since.is_(None), found.c.since, found.c.row_id).limit(limit)
    if after is not None:
        since, row_id = after
        asked = asked.where(or_(found.c.since > since, and_(found.c.since == since, found.c.row_id > row_id)))
    return connection.execute(asked).all()


def in_span(
    connection: Connection,
    acting: Acting | None,
    span: Span,
    limit: int,
    before: tuple[Any, int] | None = None,
) -> Sequence[Any]:
    """A page of the instances of a span, the latest first; None asks for all that figures may count."""
    on: ColumnElement[Any]
    query = select(process_instance.c.id)
    if span.on in ("started_at", "ended_at"):
        on = process_instance.c[span.on]
        query = query.where(on >= span.start, on < span.end)
    else:
        on = record_field.c.plain
        query = query.join(record_field, record_field.c.instance_id == process_instance.c.id)
        query = query.where(record_field.c.name == span.on, on >= span.first, on < span.beyond)
    query = query.add_columns(
        on.label("at"), process_instance.c.deployment_id, process_instance.c.process_id,
        process_instance.c.business_key, process_instance.c.number, process_instance.c.title,
        process_instance.c.owner, process_instance.c.state, process_instance.c.end_id,
        process_instance.c.started_at, process_instance.c.ended_at,
        case((_record_open(acting), record.c.instance_id), else_=null()).label("record_instance_id"),
        case((_record_open(acting), record.c.status), else_="").label("status"),
        case((_record_open(acting), record.c.title), else_="").label("record_title"),
    )  # fmt: skip
    query = query.outerjoin(record, record.c.business_key == process_instance.c.business_key)
    query = query.where(process_instance.c.process_id == span.process, open_to_all())
    if acting is not None:
        query = query.where(may_see(acting))
    if before is not None:
        query = query.where(or_(on < before[0], and_(on == before[0], process_instance.c.id < before[1])))
    return connection.execute(query.order_by(on.desc(), process_instance.c.id.desc()).limit(limit)).all()


def fields(connection: Connection, instance_ids: Sequence[int], names: Sequence[str]) -> dict[int, dict[str, str]]:
    """Instance → name → canonical text of these published fields only."""
    found: dict[int, dict[str, str]] = {}
    query = select(record_field.c.instance_id, record_field.c.name, record_field.c.value).where(
        record_field.c.instance_id.in_(instance_ids), record_field.c.name.in_(names)
    )
    for instance_id, name, value in connection.execute(query):
        found.setdefault(instance_id, {})[name] = value
    return found


def kept(connection: Connection, deployment_id: int, dimension: str, member: str) -> Sequence[Any]:
    """The kept figures of all figures for one member of a dimension (both empty: all together)."""
    return connection.execute(
        select(figure_value).where(
            figure_value.c.deployment_id == deployment_id,
            figure_value.c.dimension == dimension,
            figure_value.c.member == member,
        )
    ).all()


def kept_of(connection: Connection, deployment_id: int, figure: str) -> Sequence[Any]:
    """All kept values of one figure."""
    return connection.execute(
        select(figure_value).where(figure_value.c.deployment_id == deployment_id, figure_value.c.figure == figure)
    ).all()


def members(connection: Connection, deployment_id: int) -> dict[str, list[str]]:
    """Dimension → its members that some figure has."""
    found: dict[str, list[str]] = {}
    query = select(figure_value.c.dimension, figure_value.c.member).where(
        figure_value.c.deployment_id == deployment_id, figure_value.c.dimension != "", figure_value.c.month == ""
    )
    for dimension, member in connection.execute(query.distinct().order_by(figure_value.c.member)):
        found.setdefault(dimension, []).append(member)
    return found


def counted_at(connection: Connection, deployment_id: int) -> dict[str, datetime]:
    """Figure → when it was counted, of those that are kept for a deployment."""
    query = select(figure_value.c.figure, figure_value.c.counted_at).where(
        figure_value.c.deployment_id == deployment_id, figure_value.c.dimension == "", figure_value.c.month == ""
    )
    return pairs(connection.execute(query))


def keep(connection: Connection, figure: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put what a figure is now in the place of what it was."""
    connection.execute(delete(figure_value).where(figure_value.c.figure == figure))
    connection.execute(insert(figure_value), [dict(row) for row in rows])


def _with_instance(
    acting: Acting,
    row_id: ColumnElement[Any],
    since: ColumnElement[Any],
    name: ColumnElement[Any],
    owner: ColumnElement[Any],
    of: Table | None = None,
) -> Select[Any]:
    """`of` is the table whose few rows are asked for: it leads. Adding nothing keeps SQLite from looking
    the other way round, for each instance there is."""
    told = _record_open(acting)
    around = process_instance
    rows = of.join(around, around.c.id == of.c.instance_id + 0) if of is not None else around
    return (
        select(
            row_id.label("row_id"), since.label("since"), name.cast(String).label("name"), owner.label("owner"),
            process_instance.c.id.label("instance_id"), process_instance.c.deployment_id,
            process_instance.c.process_id, func.coalesce(record.c.business_key, "").label("business_key"),
            process_instance.c.number, process_instance.c.title,
            case((told, record.c.instance_id), else_=null()).label("record_instance_id"),
            case((told, record.c.title), else_="").label("record_title"),
        )
        .select_from(rows)
        .outerjoin(record, record.c.business_key == process_instance.c.business_key)
    )  # fmt: skip


def _record_open(acting: Acting | None) -> ColumnElement[bool]:
    """Whether what the record of an instance publishes may be shown beside it."""
    owns = record.c.instance_id == process_instance.c.id
    sees = may_see(acting) if acting is not None else open_to_all()
    owner = select(process_instance.c.id).where(process_instance.c.id == record.c.instance_id, sees)
    return or_(owns, owner.correlate(record).exists())


def _has(name: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(_field(name), condition)


def _field(name: str) -> ColumnElement[bool]:
    return and_(record_field.c.instance_id == process_instance.c.id, record_field.c.name == name)
