"""A place of its own inside a database, gone afterwards: for scenarios and tests that want to begin with nothing."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from engine.store.connect import Connection, Database


@contextmanager
def place_in(url: str) -> Iterator[str]:
    """The address of an empty place in the database at `url`; what else is in that database is not touched.

    PostgreSQL: a schema with a random name. SQLite: a file beside the named one; in memory: itself. A file that does
    not exist yet is taken as it is, and left there to be looked at.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        with _schema(url) as own:
            yield own
        return
    if parsed.database in (None, "", ":memory:") or not Path(str(parsed.database)).exists():
        yield url
        return
    path = Path(f"{parsed.database}.{secrets.token_hex(4)}")
    try:
        yield parsed.set(database=str(path)).render_as_string(hide_password=False)
    finally:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)


def contents(database: Database) -> bytes:
    """Everything in an SQLite database in memory."""
    with database.engine.connect() as connection:
        kept: bytes = _raw(connection).serialize()
        return kept


def put_back(database: Database, kept: bytes) -> None:
    """Make an SQLite database in memory hold exactly what `contents` once answered."""
    with database.engine.connect() as connection:
        _raw(connection).deserialize(kept)


def _raw(connection: Connection) -> sqlite3.Connection:
    found = connection.connection.dbapi_connection
    if not isinstance(found, sqlite3.Connection):
        raise TypeError("only an SQLite database in memory can be put back")
    return found


@contextmanager
def _schema(url: str) -> Iterator[str]:
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    name = f"scratch_{secrets.token_hex(6)}"
    engine = create_engine(parsed, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
        own = parsed.update_query_dict({"options": f"-csearch_path={name}"})
        yield own.render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP SCHEMA IF EXISTS {name} CASCADE"))
        engine.dispose()
