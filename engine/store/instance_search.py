"""Statements on lists of instances: by what they are, where they wait, when they began and ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, or_, select

from engine.store.connect import Connection
from engine.store.parts import part
from engine.store.rights import Acting, may_see
from engine.store.schema.running import (
    event_subscription,
    external_task,
    incident,
    process_definition,
    process_instance,
    task,
    timer,
)
from engine.views import InstanceFilter

_WAITING = (task, timer, external_task, event_subscription, incident)
ORDERS = {
    "id": process_instance.c.id,
    "key": process_instance.c.business_key,
    "process": process_instance.c.process_id,
    "definition": process_instance.c.definition_id,
    "started": process_instance.c.started_at,
    "ended": process_instance.c.ended_at,
}
"""By what a list can be sorted."""


def page(
    connection: Connection,
    wanted: InstanceFilter,
    acting: Acting,
    order: Sequence[tuple[str, bool]],
    limit: int,
    first: int,
) -> Sequence[Any]:
    """Rows of instances that the person may know, with the version of their process; by number without an order, which
    is a name of `ORDERS` and whether downward."""
    chosen = select(process_instance, process_definition.c.version.label("process_version")).join(
        process_definition, process_definition.c.id == process_instance.c.definition_id
    )
    query = _limited(chosen, wanted, acting)
    return part(connection, query, ORDERS, order, ("id",), limit, first)


def count(connection: Connection, wanted: InstanceFilter, acting: Acting) -> int:
    """How many there are."""
    query = _limited(select(func.count()).select_from(process_instance), wanted, acting)
    found: int = connection.execute(query).scalar_one()
    return found


def _limited(query: Select[Any], wanted: InstanceFilter, acting: Acting) -> Select[Any]:
    row = process_instance.c
    listed: tuple[tuple[ColumnElement[Any], tuple[Any, ...] | None], ...] = (
        (row.id, wanted.ids),
        (row.business_key, wanted.keys or None),
        (row.process_id, wanted.processes or None),
        (row.definition_id, wanted.definitions or None),
        (row.state, wanted.states or None),
    )
    query = query.where(may_see(acting), *(column.in_(values) for column, values in listed if values is not None))
    if wanted.not_processes:
        query = query.where(row.process_id.not_in(wanted.not_processes))
    if wanted.like:
        query = query.where(row.business_key.like(wanted.like))
    if wanted.open is not None:
        query = query.where(row.ended_at.is_(None) if wanted.open else row.ended_at.is_not(None))
    if wanted.stuck is not None:
        stuck = _at(incident)
        query = query.where(stuck if wanted.stuck else ~stuck)
    if wanted.elements:
        query = query.where(or_(*(_at(table, wanted.elements) for table in _WAITING)))
    if wanted.started_by:
        query = query.where(row.started_by == wanted.started_by)
    for column, since, until in (
        (row.started_at, wanted.started_after, wanted.started_before),
        (row.ended_at, wanted.ended_after, wanted.ended_before),
    ):
        query = query if since is None else query.where(column >= since)
        query = query if until is None else query.where(column < until)
    return query


def _at(table: Table, elements: tuple[str, ...] = ()) -> ColumnElement[bool]:
    """Whether a row of this table belongs to the instance (and to one of these elements)."""
    found = select(table.c.id).where(table.c.instance_id == process_instance.c.id)
    if elements:
        found = found.where(table.c.element_id.in_(elements))
    return found.correlate(process_instance).exists()
