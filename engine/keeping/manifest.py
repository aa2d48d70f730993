"""What a backup says of itself: written last, so that a backup without it is none."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import Invalid

NAME = "manifest.json"
FORMAT = 1
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the backup: its path within, size in bytes and SHA-256 (hexadecimal)."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup. `heads` is a digest over number and head of every chain, `key` tells which history key they were
    written with without telling the key; `counters` are the last ids given; `columns` of each table as its part has
    them (PostgreSQL); `missing` are attachments whose bytes were not there."""

    at: str
    version: str
    database: str
    revision: str
    key: str
    heads: str
    counts: Mapping[str, int]
    counters: Mapping[str, int]
    columns: Mapping[str, list[str]]
    parts: tuple[Part, ...]
    missing: tuple[str, ...] = ()
    format: int = field(default=FORMAT)

    def write(self, directory: Path) -> None:
        """Write it, and make it and its name durable."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        path = directory / NAME
        path.write_text(text + "\n", encoding="utf-8")
        sync(path)
        sync(directory)


def read(directory: Path) -> Manifest:
    """The manifest of a whole backup. Raises Invalid when there is none or it is of another format."""
    try:
        found: dict[str, Any] = json.loads((directory / NAME).read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise Invalid(
                "The backup %(path)s has format %(found)s; this release reads %(known)s. Use the release that made it.",
                path=directory,
                found=found["format"],
                known=FORMAT,
            )
        parts = tuple(Part(**part) for part in found.pop("parts"))
        return Manifest(**{**found, "parts": parts, "missing": tuple(found["missing"])})
    except FileNotFoundError as error:
        raise Invalid(
            "%(path)s is no whole backup: it has no %(name)s, which is written last. Choose another one.",
            path=directory,
            name=NAME,
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Invalid(
            "The manifest of %(path)s cannot be read: %(error)s. Choose another backup.", path=directory, error=error
        ) from error


def fingerprint(key: bytes) -> str:
    """Tells whether two keys are the same one, and nothing else of them."""
    return hmac.digest(key, b"which key this backup was written with", "sha256").hex()[:32]


def heads_digest(chains: Iterable[tuple[int, int, bytes]]) -> str:
    """One digest over number and head of every chain, by its id."""
    found = hashlib.sha256()
    for instance_id, count, head in chains:
        found.update(f"{instance_id}:{count}:{head.hex()};".encode())
    return found.hexdigest()


def measured(directory: Path, path: Path) -> Part:
    """The part that a file within the backup is."""
    return Part(path.relative_to(directory).as_posix(), path.stat().st_size, sha256(path))


def sha256(path: Path) -> str:
    """SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def copied(source: Path, target: Path) -> str:
    """Copy a file, durable when it returns; SHA-256 of what was copied."""
    target.parent.mkdir(parents=True, exist_ok=True)
    found = hashlib.sha256()
    with source.open("rb") as file, target.open("wb") as into:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
            into.write(chunk)
        into.flush()
        os.fsync(into.fileno())
    return found.hexdigest()


def sync(path: Path) -> None:
    """Make a file or a directory's names durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
