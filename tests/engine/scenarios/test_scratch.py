"""A place of its own inside a database leaves everything else there untouched."""

from __future__ import annotations

from pathlib import Path

from engine.store.connect import Database
from engine.store.migrate import current, head, upgrade
from engine.store.scratch import place_in


def test_each_place_is_empty_and_gone_afterwards(empty_url: str) -> None:
    upgrade(Database(empty_url))

    with place_in(empty_url) as first, place_in(empty_url) as second:
        assert first != second
        database = Database(first)
        with database.reading() as connection:
            assert current(connection) is None
        upgrade(database)
        with database.reading() as connection:
            assert current(connection) == head()
        database.close()

    with Database(empty_url).reading() as connection:
        assert current(connection) == head()


def test_a_file_that_is_not_there_is_taken_as_it_is(tmp_path: Path) -> None:
    with place_in(f"sqlite:///{tmp_path / 'new.sqlite3'}") as url:
        assert url.endswith("new.sqlite3")
