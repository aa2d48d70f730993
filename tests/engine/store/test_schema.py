"""The migrated schema equals the tables, on both databases; a second migration does nothing."""

from __future__ import annotations

from engine.store import migrate
from engine.store.connect import Database


def test_migrations_lead_to_the_tables(empty_url: str) -> None:
    database = Database(empty_url)
    migrate.upgrade(database)
    migrate.upgrade(database)
    with database.reading() as connection:
        assert migrate.differences(connection) == []
        assert migrate.current(connection) == migrate.head()
    database.close()
