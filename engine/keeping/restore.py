"""Putting a backup back, into an empty place only: everything is verified before anything is written.

The database appears last, so that a restore that was interrupted has left none and may be done again.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from engine.clock import Clock, SystemClock
from engine.engine import Engine
from engine.errors import Invalid
from engine.keeping import manifest
from engine.keeping.backup import ATTACHMENTS, DATABASE, KEYS, ROWS, chains
from engine.keeping.manifest import Manifest, copied, fingerprint, heads_digest, sha256, sync
from engine.runtime.history.verification import Verification
from engine.settings import Settings
from engine.store import copying, migrate
from engine.store.connect import Connection, Database

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done."""

    manifest: Manifest
    revision: str
    attachments: int
    verified: Verification


def check(directory: Path, progress: Progress) -> Manifest:
    """The manifest of a backup all of whose parts are as they were written. Raises Invalid naming the first that is
    not."""
    found = manifest.read(directory)
    migrate.require_known(found.revision)
    for place, part in enumerate(found.parts, 1):
        path = directory / part.path
        outside = ".." in Path(part.path).parts or not path.resolve().is_relative_to(directory.resolve())
        if outside or not path.is_file():
            said = "is missing"
        elif path.stat().st_size != part.size:
            said = f"has {path.stat().st_size} bytes instead of {part.size}"
        else:
            said = "" if sha256(path) == part.sha256 else "is not what was written"
        if said:
            raise Invalid(
                "The backup %(path)s is damaged: %(part)s %(said)s. Choose another one.",
                path=directory,
                part=part.path,
                said=said,
            )
        progress(place, len(found.parts))
    return found


def place_keys(directory: Path, found: Manifest, data: Path) -> bool:
    """Put the keys of a backup that holds them into the data directory, where there are none; whether there were."""
    names = [Path(part.path).name for part in found.parts if part.path.startswith(f"{KEYS}/")]
    for name in names:
        if not (data / name).exists():
            data.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(data / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write((directory / KEYS / name).read_bytes())
    return bool(names)


def restore(
    directory: Path, found: Manifest, settings: Settings, progress: Progress, clock: Clock | None = None
) -> Restored:
    """Put a checked backup into the empty database and attachments of the settings, bring it to this release, and
    verify its history.

    Raises Invalid when the place is not empty, the key is another one, or the backup is of another kind of database.
    """
    if fingerprint(settings.history_key) != found.key:
        raise Invalid(
            "The history of this backup was written with another key. Put its history.key into the data directory, or "
            "set GENDAN_HISTORY_KEY, and begin again."
        )
    database = Database(settings.database_url)
    try:
        _require_empty(database)
        attached = _attachments(directory, found, settings.attachments_dir, progress)
        if database.sqlite:
            target = Path(str(database.url.database))
            verified = _into_file(directory, found, target, settings, clock or SystemClock(), progress)
        else:
            _into_rows(directory, found, database)
            migrate.upgrade(database)
            verified = _verified(settings, clock or SystemClock(), progress)
    finally:
        database.close()
    return Restored(found, migrate.head() or "", attached, verified)


def _require_empty(database: Database) -> None:
    if database.sqlite and not Path(str(database.url.database)).exists():
        return
    with database.reading() as connection:
        if not copying.empty(connection):
            raise Invalid(
                "The database %(url)s is not empty. A backup is restored into an empty one only: name another, or move "
                "this one away first.",
                url=database.url.render_as_string(hide_password=True),
            )


def _attachments(directory: Path, found: Manifest, target: Path, progress: Progress) -> int:
    """Copy the files; one that is there already must be the same, since its name says what is in it."""
    parts = [part for part in found.parts if part.path.startswith(f"{ATTACHMENTS}/")]
    for place, part in enumerate(parts, 1):
        path = target / Path(part.path).relative_to(ATTACHMENTS)
        if not path.exists():
            copied(directory / part.path, path)
        elif sha256(path) != part.sha256:
            raise Invalid("%(path)s is there and is another file. Empty %(target)s first.", path=path, target=target)
        progress(place, len(parts))
    return len(parts)


def _into_file(
    directory: Path, found: Manifest, target: Path, settings: Settings, clock: Clock, progress: Progress
) -> Verification:
    """Make the file ready under another name; it gets its own when it is."""
    if found.database != "sqlite":
        raise Invalid("This is a backup of PostgreSQL. Name a PostgreSQL database in GENDAN_DATABASE_URL.")
    partial = target.with_name(target.name + ".restoring")
    try:
        copied(directory / DATABASE, partial)
        if not copying.is_sound(partial):
            raise Invalid("The database in %(path)s is damaged. Choose another backup.", path=directory)
        with copying.opened_file(partial) as copy:
            with copy.reading() as connection:
                _require_heads(connection, found, directory)
            migrate.upgrade(copy)
        verified = _verified(replace(settings, database_url=f"sqlite:///{partial}"), clock, progress)
        for suffix in ("-wal", "-shm"):
            Path(f"{target}{suffix}").unlink(missing_ok=True)
        sync(partial)
        partial.replace(target)
        sync(target.parent)
    finally:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{partial}{suffix}").unlink(missing_ok=True)
    return verified


def _into_rows(directory: Path, found: Manifest, database: Database) -> None:
    """Into PostgreSQL in one transaction; from a backup of SQLite row by row."""
    with database.writing() as connection:
        migrate.upgrade_on(connection, found.revision)
        copying.clear(connection)
        if found.database == "sqlite":
            with _taken_out(directory / DATABASE) as source, source.reading() as rows:
                copying.copy(rows, connection)
        else:
            for table in copying.tables(connection):
                if table.name in found.columns:
                    with (directory / ROWS / f"{table.name}.copy").open("rb") as file:
                        copying.read_table(connection, table, found.columns[table.name], file)
            copying.set_counters(connection, found.counters)
        _require_heads(connection, found, directory)


@contextmanager
def _taken_out(path: Path) -> Iterator[Database]:
    """A copy to be opened: opening a file of SQLite may write to it, and a backup stays as it is."""
    with tempfile.TemporaryDirectory() as name:
        taken = Path(name) / path.name
        copied(path, taken)
        with copying.opened_file(taken) as database:
            yield database


def _require_heads(connection: Connection, found: Manifest, directory: Path) -> None:
    counts = {table.name: copying.count(connection, table) for table in copying.tables(connection)}
    if heads_digest(chains(connection)) != found.heads or counts != dict(found.counts):
        raise Invalid("The backup %(path)s holds other rows than it says. Choose another one.", path=directory)


def _verified(settings: Settings, clock: Clock, progress: Progress) -> Verification:
    engine = Engine.open(settings, clock)
    try:
        engine.sessions.end_everybodys()
        return engine.history.verify(progress)
    finally:
        engine.close()
