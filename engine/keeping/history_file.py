"""The whole history as one file that can be verified without the database: JSON Lines, compressed by gzip.

In order: the header, the seals, the process definitions that rows name, then each chain (that of administration first,
as chain 0): what it is, which of its rows are sealed, its rows; at the end how much that was and the SHA-256 of all
lines before, so that a file that was cut off is known. Written and read line by line, however long.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from engine.engine import Engine
from engine.errors import Invalid
from engine.runtime.history.sealing import AUDIT_FIELDS, INSTANCE_FIELDS, Seal, of_row
from engine.runtime.history.strands import Checker, HistoryFinding, Row, Strand
from engine.runtime.history.verification import Progress, Verification, strands
from engine.store import history, seals
from engine.store.connect import Connection

FORMAT = 1
_LONGEST = 64 << 20
"""Bytes of a line: no row is longer, so a longer one is no row."""
_BROKEN = (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading raises when a file is not what it should be."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    instances: int
    rows: int
    seals: int


def write_history(engine: Engine, target: Path, progress: Progress | None = None) -> Exported:
    """Write everything that history knows at this moment; the file appears under its name when it is whole."""
    partial = target.with_name(target.name + ".partial")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as packed:
                found = engine.machinery.read(
                    lambda connection: _Writing(connection, packed, engine.machinery.clock.now()).all(progress),
                )
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return found


class _Writing:
    def __init__(self, connection: Connection, file: IO[bytes] | gzip.GzipFile, now: datetime) -> None:
        self._connection = connection
        self._file = file
        self._now = now
        self._hash = hashlib.sha256()
        self._rows = self._instances = 0

    def all(self, progress: Progress | None) -> Exported:
        self._line({"is": "history", "format": FORMAT, "at": self._now.isoformat()})
        found = [of_row(row) for row in seals.every(self._connection)]
        for seal in found:
            self._line({"is": "seal", "number": seal.number, "at": seal.at.isoformat(), "chains": seal.chains,
                        "digest": seal.digest})  # fmt: skip
        for definition in history.definitions(self._connection):
            self._line({"is": "definition", **definition._mapping})
        about = _About(self._connection)
        for strand in strands(self._connection, progress):
            self._chain(strand, about.of(strand.instance_id))
        said = {"is": "end", "instances": self._instances, "rows": self._rows, "sha256": self._hash.hexdigest()}
        self._line(said)
        return Exported(self._instances, self._rows, len(found))

    def _chain(self, strand: Strand, about: Mapping[str, Any]) -> None:
        self._instances += strand.instance_id > 0
        self._line({"is": "chain", "chain": strand.instance_id, "count": strand.count, "head": strand.head.hex(),
                    **about})  # fmt: skip
        for seq, (number, digest) in strand.sealed.items():
            self._line({"is": "sealed", "seq": seq, "seal": number, "digest": digest.hex()})
        names = INSTANCE_FIELDS if strand.instance_id else AUDIT_FIELDS
        for row in strand.rows:
            self._rows += 1
            told = dict(zip(names, row.fields, strict=True))
            kept = row.digest.hex() if row.digest is not None else None
            self._line({"is": "row", "at": row.at.isoformat(), **told, "data": row.data, "digest": kept,
                        "hash": row.hash.hex()})  # fmt: skip

    def _line(self, said: Mapping[str, Any]) -> None:
        line = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._hash.update(line)
        self._file.write(line)


class _About:
    """What instances are, read beside their chains and in the same order."""

    def __init__(self, connection: Connection) -> None:
        self._rows = history.about(connection)
        self._next = next(self._rows, None)

    def of(self, instance_id: int) -> Mapping[str, Any]:
        while self._next is not None and self._next.id < instance_id:
            self._next = next(self._rows, None)
        if self._next is None or self._next.id != instance_id:
            return {}
        told = dict(self._next._mapping)
        del told["id"]
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in told.items()
            if value not in (None, "")
        }


def verify_file(
    path: Path, key: bytes | None, noted: Mapping[int, str] | None = None, progress: Progress | None = None
) -> Verification:
    """Verify an exported history: with the key every row, without it what seals vouch for.

    `noted` are digests of seals as somebody has kept them elsewhere. Raises Invalid when it is no whole export.
    """
    try:
        with gzip.open(path, "rb") as file:
            return _Reading(path, file, progress).verify(key, noted)
    except _BROKEN as error:
        raise Invalid(
            "%(path)s is no whole export of history: %(error)s. Export it again, or copy it again.",
            path=path,
            error=error or type(error).__name__,
        ) from error


class _Reading:
    """Reads line by line; `_said` is the next line that nobody has taken yet."""

    def __init__(self, path: Path, file: IO[bytes] | gzip.GzipFile, progress: Progress | None) -> None:
        self._path = path
        self._file = file
        self._hash = hashlib.sha256()
        self._progress = progress
        self._said: dict[str, Any] = {}
        self._take()

    def verify(self, key: bytes | None, noted: Mapping[int, str] | None) -> Verification:
        if self._said.get("is") != "history":
            raise ValueError("it does not begin as one")
        if self._said["format"] != FORMAT:
            raise ValueError(f"it has format {self._said['format']}, this release reads {FORMAT}")
        self._take()
        checker = Checker(key, list(self._seals()), noted)
        while self._said["is"] == "definition":
            self._take()
        findings: list[HistoryFinding] = []
        for strand in self._strands():
            findings += checker.strand(strand)
            for _ in strand.rows:  # what a finding has left unread
                pass
            if self._progress is not None:
                self._progress(self._place(), self._path.stat().st_size)
        findings += checker.seals()
        if (self._said.get("instances"), self._said.get("rows")) != (checker.instances, checker.rows):
            raise ValueError("it has other rows than it says at its end")
        return Verification(checker.instances, checker.rows, tuple(findings), checker.unsealed)

    def _seals(self) -> Iterator[Seal]:
        while self._said["is"] == "seal":
            said = self._take()
            yield Seal(said["number"], datetime.fromisoformat(said["at"]), said["chains"], said["digest"])

    def _strands(self) -> Iterator[Strand]:
        last = -1
        while self._said["is"] == "chain":
            said, sealed = self._take(), {}
            if said["chain"] <= last:
                raise ValueError("its chains are not in order")
            last = said["chain"]
            while self._said["is"] == "sealed":
                told = self._take()
                sealed[told["seq"]] = (told["seal"], bytes.fromhex(told["digest"]))
            yield Strand(last, said["count"], bytes.fromhex(said["head"]), sealed, self._rows(last))
        if self._said["is"] != "end":
            raise ValueError(f"it has a line “{self._said['is']}” where none may be")

    def _rows(self, chain: int) -> Iterator[Row]:
        names = INSTANCE_FIELDS if chain else AUDIT_FIELDS
        while self._said["is"] == "row":
            said = self._take()
            digest = bytes.fromhex(said["digest"]) if said["digest"] is not None else None
            yield Row(
                tuple(said[name] for name in names),
                said["seq"],
                datetime.fromisoformat(said["at"]),
                said["data"],
                digest,
                bytes.fromhex(said["hash"]),
            )

    def _take(self) -> dict[str, Any]:
        taken, before = self._said, self._hash.hexdigest()
        line = self._file.readline(_LONGEST)
        if not line.endswith(b"\n"):
            raise ValueError("it is cut off")
        self._said = json.loads(line)
        if self._said["is"] == "end":
            if self._said["sha256"] != before:
                raise ValueError("its lines are not those that were written")
            if self._file.readline():
                raise ValueError("something follows its end")
        self._hash.update(line)
        return taken

    def _place(self) -> int:
        with suppress(AttributeError, OSError):
            return int(self._file.fileobj.tell())  # type: ignore[union-attr]
        return 0


def read_noted(text: str) -> dict[int, str]:
    """Seals as `gendan history seals` prints them: a line each, number and digest. Raises Invalid."""
    noted = {}
    for line in text.splitlines():
        words = line.split()
        if words and not words[0].startswith("#"):
            if len(words) < 2 or not words[0].isdigit():
                raise Invalid("“%(line)s” is no seal. Write a line for each: its number, then its digest.", line=line)
            noted[int(words[0])] = words[1]
    return noted
