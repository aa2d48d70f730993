"""A backup of a running system: a consistent copy of the database, then the attachments it refers to, then a manifest.

SQLite is copied by its own online backup. PostgreSQL is read table by table in one transaction that sees one moment;
that needs no program of the right version and goes back into any later one. Attachments are named by their content
and never change, so those of that moment can be copied after it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from engine.engine import Engine
from engine.errors import Invalid
from engine.keeping.manifest import Manifest, Part, copied, fingerprint, heads_digest, measured, sync
from engine.store import copying, files, history, migrate, seals
from engine.store.connect import Connection, Database

DATABASE = "database.sqlite3"
ROWS = "rows"
ATTACHMENTS = "attachments"
KEYS = "keys"
Progress = Callable[[int, int], None]


@dataclass
class _Known:
    """What is found out about the copied database."""

    revision: str = ""
    heads: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    digests: list[str] = field(default_factory=list)


def back_up(engine: Engine, target: Path, with_keys: bool, progress: Progress) -> Manifest:
    """Write a backup to the directory `target`, which must not be there yet; it appears when it is whole.

    Raises Invalid when it is there, or when the database is empty.
    """
    if target.exists():
        raise Invalid("%(path)s is there already. Name a directory that is not.", path=target)
    partial = target.with_name(target.name + ".partial")
    if partial.exists():
        raise Invalid("%(path)s is there: a backup that was not finished, or runs. Remove it.", path=partial)
    partial.mkdir(parents=True, mode=0o700)
    try:
        found = _write(engine, partial, with_keys, progress)
        partial.rename(target)
        sync(target.parent)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return found


def _write(engine: Engine, directory: Path, with_keys: bool, progress: Progress) -> Manifest:
    settings, known = engine.machinery.settings, _Known()
    at = engine.machinery.clock.now().isoformat()
    database = engine.machinery.database
    copy = _sqlite if database.sqlite else _rows
    parts = copy(database, directory, known, progress)
    attached, missing = _attachments(settings.attachments_dir, directory, known.digests, progress)
    parts += attached
    if with_keys:
        for name, key in (("history.key", settings.history_key), ("session.key", settings.sign_in.secret_key)):
            parts.append(_key(directory, directory / KEYS / name, key))
    manifest = Manifest(
        at=at,
        version=version("gendan"),
        database="sqlite" if database.sqlite else "postgresql",
        revision=known.revision,
        key=fingerprint(settings.history_key),
        heads=known.heads,
        counts=known.counts,
        counters=known.counters,
        columns=known.columns,
        parts=tuple(parts),
        missing=tuple(missing),
    )
    manifest.write(directory)
    return manifest


def _sqlite(database: Database, directory: Path, known: _Known, progress: Progress) -> list[Part]:
    path = directory / DATABASE
    copying.copy_file(database, path, progress)
    with copying.opened_file(path) as copy, copy.reading() as connection:
        _look(connection, known)
    sync(path)
    return [measured(directory, path)]


def _rows(database: Database, directory: Path, known: _Known, progress: Progress) -> list[Part]:
    (directory / ROWS).mkdir()
    parts = []
    with database.reading() as connection:
        _look(connection, known)
        tables = copying.tables(connection)
        for place, table in enumerate(tables, 1):
            path = directory / ROWS / f"{table.name}.copy"
            with path.open("wb") as file:
                known.columns[table.name] = copying.write_table(connection, table, file)
                file.flush()
                os.fsync(file.fileno())
            parts.append(measured(directory, path))
            progress(place, len(tables))
    return parts


def _look(connection: Connection, known: _Known) -> None:
    revision = migrate.current(connection)
    if revision is None:
        raise Invalid("The database is empty: there is nothing to back up. Check GENDAN_DATABASE_URL.")
    known.revision = revision
    known.heads = heads_digest(chains(connection))
    known.counts = {table.name: copying.count(connection, table) for table in copying.tables(connection)}
    known.counters = copying.counters(connection)
    known.digests = files.digests(connection)


def chains(connection: Connection) -> Iterator[tuple[int, int, bytes]]:
    """Number of rows and head of every chain, that of administration first."""
    yield (seals.AUDIT, *history.audit_position(connection))
    yield from history.heads(connection)


def _attachments(source: Path, directory: Path, digests: list[str], progress: Progress) -> tuple[list[Part], list[str]]:
    """The bytes of these digests, wherever in the store they lie; and which are not there or not what they were."""
    wanted, parts = set(digests), []
    found = [path for path in source.rglob("*") if path.name in wanted] if source.is_dir() else []
    for place, path in enumerate(sorted(found), 1):
        target = directory / ATTACHMENTS / path.relative_to(source)
        try:
            digest = copied(path, target)
        except FileNotFoundError:  # retention was faster
            continue
        if digest == path.name:
            wanted.discard(digest)
            parts.append(Part(target.relative_to(directory).as_posix(), target.stat().st_size, digest))
        else:
            target.unlink()
        progress(place, len(found))
    return parts, sorted(wanted)


def _key(directory: Path, path: Path, key: bytes) -> Part:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return measured(directory, path)
