"""Computing the chains of history again, wherever its rows come from: the database, or an exported file.

With the key every row is compared with its hash. Without it rows are compared with the seals: what was sealed is
what is there, if the seals are those that somebody has noted elsewhere; of younger rows only the order can be told.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.runtime.history.sealing import Digest, Head, Seal
from engine.runtime.unit import chain


@dataclass(frozen=True, slots=True)
class Row:
    """A row as the chain sees it. Of its text the text itself or, once that is removed, the digest; `fields` are what
    its hash vouches for beside moment and text."""

    fields: tuple[object, ...]
    seq: int
    at: datetime
    data: str | None
    digest: bytes | None
    hash: bytes


@dataclass(frozen=True, slots=True)
class Strand:
    """One chain: how many rows it has and its head as they are kept apart from the rows, which seal vouches for which
    row, and the rows in order. `instance_id` 0 is the chain of administration."""

    instance_id: int
    count: int
    head: bytes
    sealed: Mapping[int, tuple[int, bytes]]
    rows: Iterable[Row]


@dataclass(frozen=True, slots=True)
class HistoryFinding:
    """One thing that is not as it was written. `instance_id` is 0 for the chain of administration; `problem` is
    changed, missing, cut-off, added, or seal broken: what was sealed is not what is there (row 0: a seal itself)."""

    instance_id: int
    seq: int
    problem: str

    def __str__(self) -> str:
        where = f"instance {self.instance_id}" if self.instance_id else "administration"
        return f"{where}, row {self.seq}: {self.problem}"


class Checker:
    """Checks strand after strand, in the order of their ids, then the seals. `noted` are digests of seals by their
    number, as somebody has kept them elsewhere."""

    def __init__(self, key: bytes | None, seals: Iterable[Seal], noted: Mapping[int, str] | None = None) -> None:
        self._key = key
        self._seals = list(seals)
        self._noted = dict(noted or {})
        self._digests: dict[int, Digest] = {}
        before = ""
        for seal in self._seals:
            self._digests[seal.number] = Digest(seal.number, seal.at, before)
            before = seal.digest
        self.rows = 0
        self.unsealed = 0
        """Rows that no seal vouches for yet."""
        self.instances = 0

    def strand(self, strand: Strand) -> Iterator[HistoryFinding]:
        """What is wrong with one chain."""
        self.instances += strand.instance_id > 0
        id, previous, plain, expected, left = strand.instance_id, chain.GENESIS, chain.GENESIS, 1, dict(strand.sealed)
        until = max(left, default=0)
        for row in strand.rows:
            self.rows += 1
            self.unsealed += row.seq > until
            for gone in range(expected, min(row.seq, strand.count + 1)):
                yield HistoryFinding(id, gone, "missing")
            if row.seq > strand.count:
                yield HistoryFinding(id, row.seq, "added")
            elif (row.seq == expected and not self._fits(previous, row)) or (
                row.seq == strand.count and not hmac.compare_digest(row.hash, strand.head)
            ):
                yield HistoryFinding(id, row.seq, "changed")
            plain = chain.plain(plain, row.at, row.fields, text_digest(row), row.hash)
            if row.seq in left:
                yield from self._sealed(id, row.seq, *left.pop(row.seq), plain)
            previous, expected = row.hash, row.seq + 1
        for gone in range(expected, strand.count + 1):
            yield HistoryFinding(id, gone, "cut-off")
        for seq, (number, digest) in sorted(left.items()):
            yield from self._sealed(id, seq, number, digest, b"")

    def seals(self) -> Iterator[HistoryFinding]:
        """What is wrong with the seals themselves, once all strands are checked."""
        for place, seal in enumerate(self._seals, 1):
            noted = self._noted.pop(seal.number, seal.digest)
            if seal.number != place or not seal.digest == noted == self._digests[seal.number].text():
                yield HistoryFinding(0, 0, f"seal {seal.number} broken")
        for number in sorted(self._noted):
            yield HistoryFinding(0, 0, f"seal {number} missing")

    def _sealed(self, id: int, seq: int, number: int, digest: bytes, plain: bytes) -> Iterator[HistoryFinding]:
        if number in self._digests:
            self._digests[number].add(Head(id, seq, digest))
        if number not in self._digests or not hmac.compare_digest(digest, plain):
            yield HistoryFinding(id, seq, "seal broken")

    def _fits(self, previous: bytes, row: Row) -> bool:
        if row.data is not None and row.digest is not None and chain.digest(row.data) != row.digest:
            return False
        if self._key is None:
            return True
        return hmac.compare_digest(chain.link(self._key, previous, row.at, row.fields, text_digest(row)), row.hash)


def text_digest(row: Row) -> bytes:
    """The digest of a row's text, whether the text is there or retention has removed it."""
    return chain.digest(row.data) if row.data is not None else row.digest or b""
