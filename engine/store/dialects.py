"""Statements that SQLite and PostgreSQL both have, and SQLAlchemy spells for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, ColumnElement, Executable, Table, TableValuedAlias, case, cast, func, text
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.connect import Connection


def _insert(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@lru_cache(maxsize=64)
def _missing(dialect: str, table: Table) -> Executable:
    return _insert(dialect, table).on_conflict_do_nothing()


@lru_cache(maxsize=64)
def _upsert(dialect: str, table: Table, names: tuple[str, ...]) -> Executable:
    statement = _insert(dialect, table)
    keys = [column.name for column in table.primary_key.columns]
    changed = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


@lru_cache(maxsize=64)
def _adding(dialect: str, table: Table) -> Executable:
    statement = _insert(dialect, table)
    keys = [column.name for column in table.primary_key.columns]
    added = {each.name: each + statement.excluded[each.name] for each in table.columns if each.name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=added)


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; those whose key is there already are left as they are."""
    connection.execute(_missing(connection.dialect.name, table), [dict(row) for row in rows])


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, or give those whose primary key is there already the new values."""
    connection.execute(_upsert(connection.dialect.name, table, tuple(rows[0])), [dict(row) for row in rows])


def upsert_adding(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of numbers, or add the numbers to those of the rows whose primary key is there already."""
    connection.execute(_adding(connection.dialect.name, table), [dict(row) for row in rows])


def next_value(connection: Connection, table: Table, name: str) -> int:
    """Count up the row `name` of a table with the columns `name` and `value`, from 1; the new value."""
    statement = _insert(connection.dialect.name, table).values(name=name, value=1)
    made: int = connection.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_={"value": table.c.value + 1}).returning(
            table.c.value
        )
    ).scalar_one()
    return made


def lock_table(connection: Connection, table: Table) -> None:
    """Let nobody else write a table until this transaction ends; on SQLite nobody else writes anyhow."""
    if connection.dialect.name != "sqlite":
        name = connection.dialect.identifier_preparer.format_table(table)
        connection.execute(text(f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE"))


def names_within(connection: Connection, column: ColumnElement[Any], name: str) -> TableValuedAlias:
    """A row with the column `key` for each name of the object that stands under `name` in a column of JSON text."""
    if connection.dialect.name == "sqlite":
        return func.json_each(column, f"$.{name}").table_valued("key", name="named")
    held = cast(column, JSON)[name]
    named = func.json_object_keys(case((func.json_typeof(held) == "object", held)))
    return named.table_valued("key", name="named").render_derived()
