"""Messages and signals: thrown ones delivered after commit, each in its receiver's own transaction; outside callers.

An address is name, business key and correlation value. Exactly one may wait; one that can catch later keeps the
message; only ended ones refuse it (design: Messages).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.runtime import starting
from engine.runtime.machinery import Machinery
from engine.runtime.occurrences import Place
from engine.runtime.receiving import receive
from engine.runtime.step import LostRace, Step
from engine.store import history, instances, messages, rights
from engine.store.connect import Connection
from engine.store.rights import SYSTEM, Acting
from engine.values import Value, dumps, loads
from engine.views import Actor, Started

_BATCH = 100
_TRIES = 20


class Messages:
    """What persons and outside systems send, and the outbox."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def deliver(self) -> int:
        """Deliver what instances have thrown, until nothing new is left; the number of messages settled.

        Called right after a commit and again by every tick; each message is settled once, whoever delivers it.
        """
        done, seen = 0, 0
        while True:
            found = self._machinery.read(lambda connection, after=seen: messages.waiting(connection, _BATCH, after))
            if not found and seen == 0:
                return done
            for message_id in found:
                done += self._deliver_one(message_id)
            seen = found[-1] if found else 0

    def _deliver_one(self, message_id: int) -> bool:
        for _ in range(_TRIES):
            try:
                return self._machinery.write(lambda connection: _deliver(self._machinery, connection, message_id))
            except LostRace:
                continue
        return False
