"""Verifying history: any changed, missing, reordered or cut-off row is found, in every instance and in the chain of
administration."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from engine.runtime import audit, chain, timeline
from engine.runtime.events import row_fields
from engine.runtime.machinery import Machinery
from engine.runtime.sealing import Seal, Sealing, last_seal, sealed
from engine.store import history, instances
from engine.store.connect import Connection
from engine.views import HistoryRow

Progress = Callable[[int, int], None]
_EVERY = 100


@dataclass(frozen=True, slots=True)
class HistoryFinding:
    """One thing that is not as it was written. `instance_id` is 0 for the chain of administration; `problem` is
    changed, missing, cut-off, added, or (row 0) seal broken: rows that were sealed are not those that are there."""

    instance_id: int
    seq: int
    problem: str

    def __str__(self) -> str:
        where = f"instance {self.instance_id}" if self.instance_id else "administration"
        return f"{where}, row {self.seq}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome: how much was verified, and everything that was found."""

    instances: int
    rows: int
    findings: tuple[HistoryFinding, ...]

    def __str__(self) -> str:
        return f"{self.rows} rows of {self.instances} instances verified, {len(self.findings)} findings."


class History:
    """History itself: read row by row, and verified."""

    def __init__(self, machinery: Machinery, sealing: Sealing) -> None:
        self._machinery = machinery
        self._sealing = sealing

    def seal(self) -> Seal:
        """Seal the heads of all instances now, beside the daily seal; keep its digest elsewhere."""
        return self._sealing.seal()

    def rows(self, instance_id: int) -> tuple[HistoryRow, ...]:
        """Every row of one instance in order, whoever asks (for the command line, scenarios and tests)."""

        def read(connection: Connection) -> tuple[HistoryRow, ...]:
            return timeline.of_instances(self._machinery, connection, instances.some(connection, [instance_id]))

        return self._machinery.read(read)

    def verify(self, progress: Progress | None = None) -> Verification:
        """Compute every chain again and compare; `progress` is told how many instances of how many are done."""

        def read(connection: Connection) -> Verification:
            heads = list(history.heads(connection))
            counted = [0]
            findings = list(self._instances(connection, heads, counted, progress))
            findings += self._audit(connection)
            findings += _seal(connection)
            return Verification(len(heads), counted[0], tuple(findings))

        return self._machinery.read(read)

    def _instances(
        self,
        connection: Connection,
        heads: list[tuple[int, int, bytes]],
        counted: list[int],
        progress: Progress | None,
    ) -> Iterator[HistoryFinding]:
        rows = history.in_order(connection)
        waiting: Any = next(rows, None)
        for place, (instance_id, count, head) in enumerate(heads, 1):
            found = []
            while waiting is not None and waiting.instance_id == instance_id:
                found.append(waiting)
                waiting = next(rows, None)
            counted[0] += len(found)
            yield from verify_chain(
                self._machinery.settings.history_key,
                instance_id,
                found,
                count,
                head,
                lambda row: row_fields(row.instance_id, row.seq, row),
            )
            if progress is not None and (place % _EVERY == 0 or place == len(heads)):
                progress(place, len(heads))

    def _audit(self, connection: Connection) -> Iterator[HistoryFinding]:
        count, head = history.audit_position(connection)
        yield from verify_chain(
            self._machinery.settings.history_key,
            0,
            list(history.audit_rows(connection)),
            count,
            head,
            lambda row: audit.fields(row.seq, row.kind, row.actor, row.subject),
        )


def _seal(connection: Connection) -> Iterator[HistoryFinding]:
    """Whether what the last seal vouched for is all there: an instance may be gone with its whole chain."""
    kept = last_seal(connection)
    if kept is not None and sealed(history.heads_until(connection, kept.until), kept.until) != kept:
        yield HistoryFinding(0, 0, "seal broken")


def verify_chain(
    key: bytes,
    instance_id: int,
    rows: list[Any],
    count: int,
    head: bytes,
    fields: Callable[[Any], tuple[object, ...]],
) -> Iterator[HistoryFinding]:
    """Compare rows in order of their number with what their hashes, and the number and head kept apart, vouch for."""
    previous, expected = chain.GENESIS, 1
    for row in rows:
        for gone in range(expected, min(row.seq, count + 1)):
            yield HistoryFinding(instance_id, gone, "missing")
        if row.seq > count:
            yield HistoryFinding(instance_id, row.seq, "added")
        elif (row.seq == expected and not _fits(key, previous, row, fields)) or (
            row.seq == count and not hmac.compare_digest(bytes(row.hash), head)
        ):
            yield HistoryFinding(instance_id, row.seq, "changed")
        previous, expected = bytes(row.hash), row.seq + 1
    for gone in range(expected, count + 1):
        yield HistoryFinding(instance_id, gone, "cut-off")


def _fits(key: bytes, previous: bytes, row: Any, fields: Callable[[Any], tuple[object, ...]]) -> bool:
    data = chain.digest(row.data) if row.data is not None else bytes(row.digest or b"")
    return hmac.compare_digest(chain.link(key, previous, row.at, fields(row), data), bytes(row.hash))
