"""A place of its own inside a database, gone afterwards: for scenarios and tests that want to begin with nothing."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

from engine.store.connect import Connection, Database, pairs, send
from engine.store.schema.whole import metadata

_NUMBERS = text(
    "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL"
)
_GO_ON = text("SELECT setval(:name, :number)")


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


@dataclass(frozen=True, slots=True)
class _Rows:
    """What a place on PostgreSQL holds: the rows of tables that have some, as it writes them itself, and the last
    numbers given."""

    tables: Mapping[str, bytes]
    numbers: Mapping[str, int]


Held = bytes | _Rows
"""Everything in a database, to be put back there."""


def held_by(database: Database) -> Held:
    """Everything in an SQLite database in memory, or in a place on PostgreSQL."""
    if database.sqlite:
        return contents(database)
    with database.reading() as connection:
        tables = {name: _written(connection, name) for name in _tables(connection)}
        numbers = pairs(connection.execute(_NUMBERS))
    return _Rows({name: rows for name, rows in tables.items() if rows}, numbers)


def put_back(database: Database, held: Held) -> None:
    """Make a database hold exactly what `held_by` once answered."""
    if isinstance(held, bytes):
        with database.engine.connect() as connection:
            _raw(connection).deserialize(held)
        return
    with database.writing() as connection:
        send(connection, f"TRUNCATE {', '.join(_tables(connection))} RESTART IDENTITY")
        for name, rows in held.tables.items():
            with _cursor(connection).copy(f"COPY {name} FROM STDIN") as into:
                into.write(rows)
        for name, number in held.numbers.items():
            connection.execute(_GO_ON, {"name": name, "number": number})


def contents(database: Database) -> bytes:
    """An SQLite database in memory as a file."""
    with database.engine.connect() as connection:
        kept: bytes = _raw(connection).serialize()
        return kept


def _tables(connection: Connection) -> list[str]:
    """The tables by name, each after those it refers to."""
    return [connection.dialect.identifier_preparer.format_table(table) for table in metadata.sorted_tables]


def _written(connection: Connection, name: str) -> bytes:
    with _cursor(connection).copy(f"COPY {name} TO STDOUT") as rows:
        return b"".join(rows)


def _cursor(connection: Connection) -> Any:
    driver: Any = connection.connection.dbapi_connection
    return driver.cursor()


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
