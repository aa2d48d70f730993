"""What is watched from outside: how much is open, late and stuck, and whether this engine can do its work."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from engine.runtime.unit.machinery import Machinery
from engine.store import figures, migrate
from engine.store.connect import Connection

_LATE = timedelta(minutes=1)
_FRESH = timedelta(minutes=3)
_KEPT = 5.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Figures of one moment. `instances` are the open ones by process and state; a timer is late a minute after its
    due time, `latest` is by how much the first of them is; `beat` is how long ago an engine said that it runs."""

    instances: tuple[tuple[str, str, int], ...]
    tasks: int
    overdue: int
    late_timers: int
    latest: timedelta
    jobs: tuple[tuple[str, int], ...]
    incidents: int
    externals: int
    messages: int
    beat: timedelta | None


class Figures:
    """Asked for by monitors: six statements at most every five seconds, however often and whoever asks."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery
        self._lock = threading.Lock()
        self._kept: tuple[float, Snapshot] | None = None

    def now(self) -> Snapshot:
        """The figures, at most five seconds old."""
        with self._lock:
            if self._kept is None or monotonic() - self._kept[0] > _KEPT:
                self._kept = (monotonic(), self._machinery.read(self._look))
            return self._kept[1]

    def unready(self) -> str:
        """Why this engine cannot do its work (database, schema, heartbeat); empty when it can."""
        try:
            return self._machinery.read(self._missing)
        except Exception:  # whatever the driver says when it cannot connect
            return "database"

    def _missing(self, connection: Connection) -> str:
        if migrate.current(connection) != migrate.head():
            return "schema"
        last = figures.last_beat(connection)
        return "" if last is not None and self._machinery.clock.now() - last <= _FRESH else "heartbeat"

    def _look(self, connection: Connection) -> Snapshot:
        now: datetime = self._machinery.clock.now()
        tasks, overdue = figures.tasks(connection, now)
        late, first = figures.timers(connection, now - _LATE)
        incidents, externals, messages = figures.counts(connection)
        last = figures.last_beat(connection)
        return Snapshot(
            instances=tuple(sorted(figures.instances(connection))),
            tasks=tasks,
            overdue=overdue,
            late_timers=late,
            latest=now - first if first is not None else timedelta(0),
            jobs=tuple(sorted(figures.jobs(connection).items())),
            incidents=incidents,
            externals=externals,
            messages=messages,
            beat=now - last if last is not None else None,
        )
