"""Verifying history: any changed, missing, reordered or cut-off row is found, in every instance and in the chain of
administration, and whatever a seal vouches for that is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from engine.runtime.history import timeline
from engine.runtime.history.sealing import Fields, Seal, Sealing, audit_fields, instance_fields, of_row
from engine.runtime.history.strands import Checker, HistoryFinding, Row, Strand
from engine.runtime.unit.machinery import Machinery
from engine.store import history, instances, seals
from engine.store.connect import Connection
from engine.views import HistoryRow

Progress = Callable[[int, int], None]
_EVERY = 100


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome: how much was verified, everything that was found, and how many rows no seal vouches for yet."""

    instances: int
    rows: int
    findings: tuple[HistoryFinding, ...]
    unsealed: int = 0

    def __str__(self) -> str:
        return f"{self.rows} rows of {self.instances} instances verified, {len(self.findings)} findings."


class History:
    """History itself: read row by row, sealed, and verified."""

    def __init__(self, machinery: Machinery, sealing: Sealing) -> None:
        self._machinery = machinery
        self._sealing = sealing

    def seal(self) -> Seal:
        """Seal the heads of all chains now, beside the daily seal; keep its digest elsewhere."""
        return self._sealing.seal()

    def seals(self) -> tuple[Seal, ...]:
        """All seals, oldest first."""
        return self._sealing.all()

    def rows(self, instance_id: int) -> tuple[HistoryRow, ...]:
        """Every row of one instance in order, whoever asks (for the command line, scenarios and tests)."""

        def read(connection: Connection) -> tuple[HistoryRow, ...]:
            return timeline.of_instances(self._machinery, connection, instances.some(connection, [instance_id]))

        return self._machinery.read(read)

    def verify(self, progress: Progress | None = None) -> Verification:
        """Compute every chain again and compare; `progress` is told how many instances of how many are done."""

        def read(connection: Connection) -> Verification:
            checker = Checker(self._machinery.settings.history_key, map(of_row, seals.every(connection)))
            findings: list[HistoryFinding] = []
            for strand in strands(connection, progress):
                findings += checker.strand(strand)
            findings += checker.seals()
            return Verification(checker.instances, checker.rows, tuple(findings), checker.unsealed)

        return self._machinery.read(read)


def strands(connection: Connection, progress: Progress | None = None) -> Iterator[Strand]:
    """Every chain in the order of the ids, that of administration first; rows are read as they are asked for, and all
    of a chain's before the next. A chain that only seals tell of is one without rows."""
    sealed = _Sealed(connection)
    count, head = history.audit_position(connection)
    rows = _stored(history.audit_rows(connection), audit_fields)
    yield Strand(seals.AUDIT, count, head, sealed.of(seals.AUDIT), rows)
    heads = list(history.heads(connection))
    groups = groupby(history.in_order(connection), attrgetter("instance_id"))
    waiting = next(groups, None)
    for place, (instance_id, count, head) in enumerate(heads, 1):
        yield from sealed.gone_before(instance_id)
        own: Iterator[Any] = iter(())
        if waiting is not None and waiting[0] == instance_id:
            own = waiting[1]
        yield Strand(instance_id, count, head, sealed.of(instance_id), _stored(own, instance_fields))
        if waiting is not None and waiting[0] == instance_id:
            waiting = next(groups, None)
        if progress is not None and (place % _EVERY == 0 or place == len(heads)):
            progress(place, len(heads))
    yield from sealed.gone_before(None)


class _Sealed:
    """What seals vouch for, chain by chain, read beside the chains."""

    def __init__(self, connection: Connection) -> None:
        self._groups = groupby(seals.heads(connection), attrgetter("instance_id"))
        self._next()

    def of(self, instance_id: int) -> dict[int, tuple[int, bytes]]:
        """Of one chain, by its rows; chains are asked for in order."""
        if self._id != instance_id:
            return {}
        found = self._rows
        self._next()
        return found

    def gone_before(self, instance_id: int | None) -> Iterator[Strand]:
        """Chains before this one (all that are left, for None) that only seals tell of."""
        while self._id is not None and (instance_id is None or self._id < instance_id):
            yield Strand(self._id, 0, b"", self.of(self._id), ())

    def _next(self) -> None:
        group = next(self._groups, None)
        self._id = group[0] if group is not None else None
        self._rows = {row.seq: (row.seal, bytes(row.digest)) for row in group[1]} if group is not None else {}


def _stored(rows: Iterator[Any], fields: Fields) -> Iterator[Row]:
    for row in rows:
        digest = bytes(row.digest) if row.digest is not None else None
        yield Row(fields(row), row.seq, row.at, row.data, digest, bytes(row.hash))
