"""Statements on the items of reference lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, and_, or_, select, tuple_

from engine.store.connect import Connection
from engine.store.dialects import upsert
from engine.store.schema.people import reference_item


def page(
    connection: Connection, list_id: str, text: str, limit: int, after: tuple[bool, str, str] | None = None
) -> Sequence[Row[Any]]:
    """Items whose key or columns contain every word, those in use first, by label; those after (active, label, key)."""
    query = select(reference_item).where(reference_item.c.list_id == list_id)
    for word in text.lower().split():
        query = query.where(reference_item.c.search.contains(word, autoescape=True))
    if after is not None:
        active, *place = after
        later = and_(reference_item.c.active.is_(active), tuple_(reference_item.c.label, reference_item.c.key) > place)
        query = query.where(or_(later, reference_item.c.active.is_(False)) if active else later)
    query = query.order_by(reference_item.c.active.desc(), reference_item.c.label, reference_item.c.key)
    return connection.execute(query.limit(limit) if limit else query).all()


def all_of(connection: Connection, list_id: str) -> dict[str, Row[Any]]:
    """Every item of a list by key."""
    return {
        row.key: row for row in connection.execute(select(reference_item).where(reference_item.c.list_id == list_id))
    }


def one(connection: Connection, list_id: str, key: str) -> Row[Any] | None:
    """One item."""
    return connection.execute(
        select(reference_item).where(reference_item.c.list_id == list_id, reference_item.c.key == key)
    ).first()


def put(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add items, or give those that are there the new values."""
    if rows:
        upsert(connection, reference_item, rows)
