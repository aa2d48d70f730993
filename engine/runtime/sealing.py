"""The daily seal: one row of the chain of administration over the heads of all instances.

It vouches for what no instance can vouch for itself: that the instance is there at all. Its digest can be exported
and kept elsewhere; verifying computes it again from the rows that are older than it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.runtime import audit
from engine.runtime.machinery import Machinery
from engine.store import history
from engine.store.connect import Connection
from engine.values import Value, loads

KIND = "sealed"
_EVERY = timedelta(days=1)
_SETTLED = timedelta(minutes=1)
"""A row younger than this may belong to a transaction that is not committed yet."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What was sealed: the rows up to `until`, of how many instances, and the digest over their heads."""

    until: datetime
    instances: int
    digest: str


class Sealing:
    """Seals once a day, when ticked."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery
        self._last: datetime | None = None

    def due(self) -> Seal | None:
        """Seal if a day has passed since the last seal (or since this engine's first tick)."""
        now = self._machinery.clock.now()
        if self._last is None:
            found = self._machinery.read(last_seal)
            self._last = found.until if found is not None else now
        return self.seal() if now - self._last >= _EVERY else None

    def seal(self) -> Seal:
        """Seal now; the seal is kept in the chain of administration, and may be exported."""
        made = self._machinery.write(self._seal)
        self._last = self._machinery.clock.now()
        return made

    def _seal(self, connection: Connection) -> Seal:
        until = self._machinery.clock.now() - _SETTLED
        made = sealed(history.heads_until(connection, until), until)
        data: Mapping[str, Value] = {"until": until, "digest": made.digest, "heads": str(made.instances)}
        audit.record(self._machinery, connection, KIND, "", made.digest, data)
        return made


def last_seal(connection: Connection) -> Seal | None:
    """The latest seal in the chain."""
    row = history.last_audit(connection, KIND)
    data = loads(row.data) if row is not None and row.data else None
    if not isinstance(data, dict) or not isinstance(data.get("until"), datetime):
        return None
    until = data["until"]
    assert isinstance(until, datetime)
    return Seal(until, int(str(data["heads"])), str(data["digest"]))


def sealed(heads: Iterable[tuple[int, int, bytes]], until: datetime) -> Seal:
    """The seal over instances with the number and hash of their last row, in order."""
    digest, number = hashlib.sha256(), 0
    for instance_id, seq, head in heads:
        digest.update(f"{instance_id}:{seq}:{head.hex()};".encode())
        number += 1
    return Seal(until, number, digest.hexdigest())
