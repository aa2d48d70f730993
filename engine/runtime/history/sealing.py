"""The daily seal over the heads of all chains, those of instances and that of administration.

It vouches for what no chain can vouch for itself: that it is there at all. A seal holds the plain heads of the chains
that have grown since the seal before, and that seal's digest: the last one stands for everything. Its digest is told
in the chain of administration and may be noted elsewhere; it says nothing about what it seals. What was sealed is
named by row and not by time, so that a clock set back breaks nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from engine.runtime.unit import audit, chain
from engine.runtime.unit.events import row_fields
from engine.runtime.unit.machinery import Machinery
from engine.store import history, seals
from engine.store.connect import Connection, DuplicateRow

KIND = "sealed"
_EVERY = timedelta(days=1)
_BATCH = 500
Fields = Callable[[Any], tuple[object, ...]]
AUDIT_FIELDS = ("chain_name", "seq", "kind", "actor", "subject")
INSTANCE_FIELDS = (
    "instance_id", "seq", "kind", "definition_id", "element_id", "token", "task_id", "actor", "on_behalf_of",
    "submission",
)  # fmt: skip
"""Names of what the hash of a row vouches for, in the order in which it does."""


@dataclass(frozen=True, slots=True)
class Seal:
    """One seal: its number, how many chains had grown since the one before, and the digest over them and it."""

    number: int
    at: datetime
    chains: int
    digest: str

    def __str__(self) -> str:
        return f"{self.number} {self.digest}"


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain was when it was sealed: its last row and the plain head there."""

    instance_id: int
    seq: int
    digest: bytes


class Digest:
    """The digest of a seal, fed with its heads in the order of their chains."""

    def __init__(self, number: int, at: datetime, before: str) -> None:
        self._found = hashlib.sha256(f"{number}|{at.isoformat()}|{before}|".encode())

    def add(self, head: Head) -> None:
        """One more head."""
        self._found.update(f"{head.instance_id}:{head.seq}:{head.digest.hex()};".encode())

    def text(self) -> str:
        """The digest, hexadecimal."""
        return self._found.hexdigest()


class Sealing:
    """Seals once a day, when ticked."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery
        self._last: datetime | None = None
        self._asked = False

    def due(self) -> Seal | None:
        """Seal if a day has passed since the last seal (or since this engine's first tick)."""
        now = self._machinery.clock.now()
        self._last = min(self._last or now, now)  # when the clock was set back, count from here
        if now - self._last < _EVERY and self._asked:
            return None
        found, self._asked = self._machinery.read(seals.last), True  # another engine may have been faster
        if found is not None:
            self._last = min(found.at, now)
        return self.seal() if now - self._last >= _EVERY else None

    def seal(self) -> Seal:
        """Seal now. When another engine just does, its seal is the answer.

        The heads are read and digested before the transaction that writes them: what they say stays true.
        """
        now = self._machinery.clock.now()
        before, heads = self._machinery.read(_look)
        number = before.number + 1 if before is not None else 1
        digest = Digest(number, now, before.digest if before is not None else "")
        for head in heads:
            digest.add(head)
        made = Seal(number, now, len(heads), digest.text())
        try:
            self._machinery.write(lambda connection: self._keep(connection, made, heads))
        except DuplicateRow:
            found: Any = self._machinery.read(seals.last)
            made = of_row(found)
        self._last = now
        return made

    def all(self) -> tuple[Seal, ...]:
        """Every seal there is, in order."""
        return tuple(of_row(row) for row in self._machinery.read(seals.every))

    def _keep(self, connection: Connection, made: Seal, heads: list[Head]) -> None:
        values = {"number": made.number, "at": made.at, "chains": made.chains, "digest": made.digest}
        rows = [
            {"instance_id": head.instance_id, "seq": head.seq, "seal": made.number, "digest": head.digest}
            for head in heads
        ]
        seals.add(connection, values, rows)
        audit.record(self._machinery, connection, KIND, "", str(made.number), {"digest": made.digest})


def _look(connection: Connection) -> tuple[Any, list[Head]]:
    return seals.last(connection), list(_heads(connection))


def of_row(row: Any) -> Seal:
    """A seal from its row."""
    return Seal(row.number, row.at, row.chains, row.digest)


def data_digest(row: Any) -> bytes:
    """The digest of a row's text, whether the text is there or retention has removed it."""
    return chain.digest(row.data) if row.data is not None else bytes(row.digest or b"")


def audit_fields(row: Any) -> tuple[object, ...]:
    """What the hash of a row of administration vouches for, beside moment and data."""
    return audit.fields(row.seq, row.kind, row.actor, row.subject)


def instance_fields(row: Any) -> tuple[object, ...]:
    """What the hash of a row of an instance vouches for, beside moment and data."""
    return row_fields(row.instance_id, row.seq, row)


def _heads(connection: Connection) -> Iterator[Head]:
    """The plain heads of all chains that have grown, that of administration first."""
    seq, head = seals.last_of(connection, seals.AUDIT)
    administration = _grown(seals.AUDIT, seq, head, history.audit_rows(connection, after=seq), audit_fields)
    if administration.seq > seq:
        yield administration
    for some in _batches(seals.grown(connection)):
        sealed = {instance_id: (seq, head) for instance_id, seq, head in some}
        rows = seals.rows_of(connection, sorted(sealed))
        for instance_id, found in groupby(rows, attrgetter("instance_id")):
            yield _grown(instance_id, *sealed[instance_id], found, instance_fields)


def _grown(instance_id: int, seq: int, head: bytes | None, rows: Iterable[Any], fields: Fields) -> Head:
    """The plain head of a chain, from the one that was sealed on."""
    found = bytes(head) if head is not None else chain.GENESIS
    for row in rows:
        if row.seq > seq:
            found, seq = chain.plain(found, row.at, fields(row), data_digest(row), bytes(row.hash)), row.seq
    return Head(instance_id, seq, found)


def _batches(found: Iterable[tuple[int, int, bytes | None]]) -> Iterator[list[tuple[int, int, bytes | None]]]:
    left = iter(found)
    while some := list(islice(left, _BATCH)):
        yield some
