"""Statements for what a deployment leaves in tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete

from engine.store.connect import Connection
from engine.store.dialects import insert_missing, upsert
from engine.store.schema.people import group, reference_item, reference_list

Rows = Sequence[Mapping[str, Any]]


def put_groups(connection: Connection, rows: Rows) -> None:
    """The groups as deployed; those that are not deployed any more lose their rights with their row."""
    connection.execute(delete(group).where(group.c.id.not_in([row["id"] for row in rows])))
    if rows:
        upsert(connection, group, rows)


def put_lists(connection: Connection, rows: Rows) -> None:
    """The reference lists as deployed."""
    if rows:
        upsert(connection, reference_list, rows)


def put_items(connection: Connection, rows: Rows) -> None:
    """Items of lists; those whose key is there already stay as they are."""
    if rows:
        insert_missing(connection, reference_item, rows)
