"""Statements that read the chain of administration for people; what appends to it stands in `history`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from engine.store.connect import Connection
from engine.store.schema.running import audit_event


def page(connection: Connection, before: int, limit: int) -> Sequence[Row[Any]]:
    """Rows before a number (0: all there are), newest first."""
    query = select(audit_event).order_by(audit_event.c.seq.desc()).limit(limit)
    if before:
        query = query.where(audit_event.c.seq < before)
    return connection.execute(query).all()
