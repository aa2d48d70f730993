"""Tells the database that an engine is running, so that `downtime(from, to)` knows when none was."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.runtime.unit.machinery import Machinery
from engine.store import heartbeats

_EVERY = timedelta(seconds=60)


class Heartbeat:
    """One engine's row: begun at its first tick, moved at most once a minute."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery
        self._id = 0
        self._last: datetime | None = None

    def beat(self) -> None:
        """Called by every tick."""
        now = self._machinery.clock.now()
        if self._last is not None and timedelta(0) <= now - self._last < _EVERY:
            return
        if self._id:
            self._machinery.write(lambda connection: heartbeats.beat(connection, self._id, now))
        else:
            self._id = self._machinery.write(lambda connection: heartbeats.begin(connection, now))
        self._last = now
