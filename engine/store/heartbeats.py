"""Statements on heartbeats: from when to when an engine was running."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, insert, update

from engine.store.connect import Connection
from engine.store.prepared import Prepared
from engine.store.schema.running import heartbeat

_AT = bindparam("at", type_=heartbeat.c.last_at.type)
_BEAT = Prepared(
    update(heartbeat).where(heartbeat.c.id == bindparam("runs"), heartbeat.c.last_at < _AT).values(last_at=_AT)
)


def begin(connection: Connection, at: datetime) -> int:
    """An engine begins to run; the id of its row."""
    made: int = connection.execute(
        insert(heartbeat).returning(heartbeat.c.id), {"started_at": at, "last_at": at}
    ).scalar_one()
    return made


def beat(connection: Connection, heartbeat_id: int, at: datetime) -> None:
    """It still runs. A clock that was set back takes nothing back of the time it is known to have run."""
    _BEAT.run(connection, {"runs": heartbeat_id, "at": at})
