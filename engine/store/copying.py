"""All rows of a database as they are, whatever its revision: out to files, in from files, from one database to another.

The tables are read from the database itself and not from `schema`, so a backup of an older revision is as good as
one of this. What a queue needs to wake somebody is left out: the rows of jobs and timers are the truth.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from sqlalchemy import MetaData, Table, func, insert, inspect, select, text

from engine.store.connect import Connection, Database

_NOT_OURS = ("procrastinate_", "alembic_", "sqlite_")
_BATCH = 500
_PAGES = 256


def tables(connection: Connection) -> list[Table]:
    """The tables there are, each after those it refers to."""
    names = [name for name in inspect(connection).get_table_names() if not name.startswith(_NOT_OURS)]
    found = MetaData()
    found.reflect(connection, only=names)
    return list(found.sorted_tables)


def count(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def counters(connection: Connection) -> dict[str, int]:
    """The last number given in each table that numbers its rows: one that is gone must not be given again."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
        return {name: int(last) for name, last in found}
    last = {}
    for table in tables(connection):
        sequence = _sequence(connection, table)
        if sequence is not None:
            value, called = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608
            last[table.name] = int(value) if called else 0
    return last


def set_counters(connection: Connection, last: Mapping[str, int]) -> None:
    """Go on numbering after these (PostgreSQL; SQLite's file holds its own)."""
    for table in tables(connection):
        sequence = _sequence(connection, table)
        if sequence is not None and last.get(table.name):
            connection.execute(text("SELECT setval(:name, :last)"), {"name": sequence, "last": last[table.name]})


def empty(connection: Connection) -> bool:
    """Whether there is nothing of ours in a database."""
    return not tables(connection)


def clear(connection: Connection) -> None:
    """Take out every row: a new schema may have begun with some."""
    for table in reversed(tables(connection)):
        connection.execute(table.delete())


def copy(source: Connection, target: Connection) -> None:
    """Every row of an SQLite database into an empty PostgreSQL one of the same revision, counters too."""
    into = {table.name: table for table in tables(target)}
    for table in tables(source):
        names = [column.name for column in table.columns]
        found = source.execute(select(table).execution_options(yield_per=_BATCH))
        for rows in found.partitions():
            given = [{name: _aware(value) for name, value in zip(names, row, strict=True)} for row in rows]
            target.execute(insert(into[table.name]), given)
    set_counters(target, counters(source))


def _aware(value: Any) -> Any:
    """SQLite keeps moments in UTC without saying so."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def write_table(connection: Connection, table: Table, file: BinaryIO) -> list[str]:
    """The rows of a table of PostgreSQL as it writes them itself; the names of the columns in order."""
    names = [column.name for column in table.columns]
    with _cursor(connection).copy(f"COPY {_named(connection, table)} TO STDOUT") as rows:
        for chunk in rows:
            file.write(chunk)
    return names


def read_table(connection: Connection, table: Table, names: list[str], file: BinaryIO) -> None:
    """The rows that `write_table` wrote, into an empty table of the same revision."""
    quoted = ", ".join(connection.dialect.identifier_preparer.quote(name) for name in names)
    with _cursor(connection).copy(f"COPY {_named(connection, table)} ({quoted}) FROM STDIN") as rows:
        while chunk := file.read(1 << 20):
            rows.write(chunk)


def copy_file(database: Database, target: Path, progress: Callable[[int, int], None]) -> None:
    """A consistent copy of an SQLite database while others write to it, with what stands in its log."""
    with database.engine.connect() as connection, closing(sqlite3.connect(target)) as into:
        source = cast(sqlite3.Connection, connection.connection.dbapi_connection)
        source.execute("BEGIN")  # what is committed from now on is not in it, and never makes it start again
        try:
            source.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
            source.backup(into, pages=_PAGES, progress=lambda _status, left, total: progress(total - left, total))
        finally:
            source.execute("ROLLBACK")
        into.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def opened_file(path: Path) -> Iterator[Database]:
    """An SQLite file that nobody else uses; one file again afterwards."""
    database = Database(f"sqlite:///{path}")
    try:
        yield database
    finally:
        database.close()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")


def is_sound(path: Path) -> bool:
    """Whether an SQLite file is whole."""
    with closing(sqlite3.connect(path)) as connection:
        (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    return bool(said == "ok")


def _sequence(connection: Connection, table: Table) -> str | None:
    if "id" not in table.columns or connection.dialect.name == "sqlite":
        return None
    named = {"table": _named(connection, table)}
    found: str | None = connection.execute(text("SELECT pg_get_serial_sequence(:table, 'id')"), named).scalar_one()
    return found


def _named(connection: Connection, table: Table) -> str:
    return str(connection.dialect.identifier_preparer.format_table(table))


def _cursor(connection: Connection) -> Any:
    driver: Any = connection.connection.dbapi_connection
    return driver.cursor()
