"""What one page asks is answered from one view of the database, until the page itself writes."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert, select, text
from sqlalchemy.exc import DBAPIError

from engine.errors import Unavailable
from engine.store.connect import Connection, Database
from engine.store.prepared import Listed, Prepared

_THING = Table("thing", MetaData(), Column("id", Integer, primary_key=True), Column("name", Text))
_ALL = Prepared(select(_THING.c.name).order_by(_THING.c.id))
_ADD = Prepared(insert(_THING), ("id", "name"))
_AMONG = Listed(lambda among: select(_THING.c.id).where(among(_THING.c.id)).order_by(_THING.c.id))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    found = Database(database_url, 2)
    with found.writing() as connection:
        _THING.create(connection)
    yield found
    found.close()


def test_what_others_write_meanwhile_is_seen_by_the_next_view(database: Database) -> None:
    with database.viewing():
        before = _names(database)
        _elsewhere(lambda: _add(database, 1))
        meanwhile = _names(database)
    assert (before, meanwhile, _names(database)) == ([], [], ["thing 1"])


def test_who_writes_sees_it(database: Database) -> None:
    with database.viewing():
        _names(database)
        _add(database, 1)
        assert _names(database) == ["thing 1"]


def test_who_writes_while_it_reads_keeps_its_view_to_the_end_of_reading(database: Database) -> None:
    with database.viewing():
        with database.reading() as connection:
            assert _ALL.column(connection) == []
            _add(database, 1)
            assert _ALL.column(connection) == []
        assert _names(database) == ["thing 1"]


def test_a_statement_that_fails_spoils_no_later_one(database: Database) -> None:
    with database.viewing():
        with pytest.raises(DBAPIError), database.reading() as connection:
            connection.execute(text("SELECT nothing FROM nowhere"))
        assert _names(database) == []


def test_a_view_leaves_its_connection_as_it_was(database: Database) -> None:
    for number in range(40):  # more than there are connections
        with database.viewing():
            assert len(_names(database)) == number
        _add(database, number + 1)


def test_a_database_that_goes_away_in_a_view_is_said_to_be_away(database: Database) -> None:
    if database.sqlite:
        pytest.skip("a file does not go away")
    with database.viewing():
        _names(database)
        _elsewhere(lambda: _cut_off(database))
        with pytest.raises(Unavailable), database.reading() as connection:
            connection.execute(text("SELECT 1"))
        _add(database, 1)
        assert _names(database) == ["thing 1"]
        _elsewhere(lambda: _cut_off(database))
        _add(database, 2)
    assert _names(database) == ["thing 1", "thing 2"]


@pytest.mark.parametrize("number", [1, 3, 300, 5000])
def test_a_list_of_values_may_be_as_long_as_it_likes(database: Database, number: int) -> None:
    with database.writing() as connection:
        _ADD.many(connection, [{"id": each, "name": "x"} for each in range(5000)])
    with database.reading() as connection:
        assert [row.id for row in _AMONG.found(connection, range(number))] == list(range(number))


def _cut_off(database: Database) -> None:
    others = "pid <> pg_backend_pid() AND datname = current_database()"
    with database.engine.begin() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))


def _names(database: Database) -> list[str]:
    with database.reading() as connection:
        return _ALL.column(connection)


def _add(database: Database, number: int) -> None:
    def work(connection: Connection) -> None:
        _ADD.run(connection, {"id": number, "name": f"thing {number}"})

    database.write(work)


def _elsewhere(work: object) -> None:
    thread = threading.Thread(target=work)  # type: ignore[arg-type]
    thread.start()
    thread.join()
