"""Statements of the simulation: which instances are over, latest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from engine.store.connect import Connection
from engine.store.rights import Acting, may_see
from engine.store.schema.running import process_instance


def finished(connection: Connection, acting: Acting, process_id: str, limit: int) -> tuple[Sequence[Row[Any]], int]:
    """The completed instances of a process that the person may know, the latest first, and how many there are."""
    mine = (process_instance.c.process_id == process_id, process_instance.c.state == "completed", may_see(acting))
    columns = ("id", "business_key", "number", "started_by", "started_at", "deployment_id", "definition_id")
    query = select(*(process_instance.c[name] for name in columns)).where(*mine)
    total = connection.execute(select(func.count()).select_from(process_instance).where(*mine)).scalar_one()
    return connection.execute(query.order_by(process_instance.c.id.desc()).limit(limit)).all(), int(total)
