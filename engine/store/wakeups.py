"""The tables of procrastinate, which wakes workers on PostgreSQL: brought forward like our own, never the truth."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from engine.store.connect import Connection, Database, send
from engine.store.migrate import one_at_a_time

PREFIX = "procrastinate_"
_TABLE = f"{PREFIX}jobs"


def upgrade(database: Database) -> None:
    """Create or upgrade procrastinate's tables; nothing happens when they are those of its installed version.

    Tables without our note are taken to be of that version.
    """
    from procrastinate.schema import SchemaManager

    steps = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    with database.writing() as connection:
        one_at_a_time(connection)
        there, last = _last(connection)
        if not there:
            send(connection, SchemaManager.get_schema())
        for step in steps:
            if last and step.name > last:
                send(connection, step.read_text(encoding="utf-8"))
        if last != steps[-1].name:
            send(connection, f"COMMENT ON TABLE {_TABLE} IS '{steps[-1].name}'")


def conninfo(database: Database) -> str:
    """The address of the database as libpq reads it."""
    from psycopg.conninfo import make_conninfo

    given = database.engine.dialect.create_connect_args(database.engine.url)[1]
    return make_conninfo("", **{name: str(value) for name, value in given.items() if isinstance(value, str | int)})


def _last(connection: Connection) -> tuple[bool, str]:
    """Whether the tables are there, and the last step that was applied (procrastinate itself does not note it)."""
    found = connection.execute(
        text("SELECT obj_description(to_regclass(:name), 'pg_class'), to_regclass(:name) IS NOT NULL"), {"name": _TABLE}
    ).one()
    return bool(found[1]), str(found[0] or "")
