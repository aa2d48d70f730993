"""The engine under measurement: on an SQLite file with `synchronous=FULL`, or on PostgreSQL, as the product runs."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import event

from bench.diagrams import practice
from bench.places import empty_database
from engine.clock import Clock
from engine.command.opening import SYSTEM
from engine.engine import Engine
from engine.settings import Settings
from engine.views import Actor

PERSON = Actor("clerk")
OTHER = Actor("other")
WATCHER = Actor("watcher")
VALUES = {"amount": "1", "remark": "x"}


@contextmanager
def opened(kind: str, clock: Clock | None = None) -> Iterator[Engine]:
    """An engine on an empty database with the practice of the bench and the people in it."""
    with empty_database(kind) as url, tempfile.TemporaryDirectory(prefix="gendan-bench-") as directory:
        engine = Engine.open(Settings(url, Path(directory), b"bench"), clock)
        try:
            engine.migrate()
            engine.deployments.deploy(practice(), SYSTEM)
            engine.people.create(PERSON.user_id, "Clerk", "", ("clerk",), SYSTEM)
            engine.people.create(OTHER.user_id, "Other", "", ("others",), SYSTEM)
            engine.people.create(WATCHER.user_id, "Watcher", "", ("it",), SYSTEM)
            yield engine
        finally:
            engine.close()


def start(engine: Engine, process_id: str) -> int:
    """Start an instance; its id."""
    return engine.instances.start(process_id, {}, PERSON).instance_id


def open_task(engine: Engine, instance_id: int) -> int:
    """The id of the instance's one open task."""
    key = engine.instances.get(instance_id, SYSTEM).business_key
    (row,) = engine.records.get(key, SYSTEM).tasks
    return row.id


def run_line(engine: Engine, name: str) -> list[float]:
    """The seconds each completion of one instance of a straight diagram took."""
    task_id = open_task(engine, start(engine, name))
    took = []
    while True:
        seconds, following = complete(engine, task_id)
        took.append(seconds)
        if following is None:
            return took
        task_id = following


def complete(engine: Engine, task_id: int, **values: str) -> tuple[float, int | None]:
    """Complete a task: the seconds, and the task that came of it."""
    sent = {**VALUES, **values}
    started = perf_counter()
    done = engine.tasks.complete(task_id, sent, PERSON)
    seconds = perf_counter() - started
    return seconds, done.next[0].id if done.next else None


class Commits:
    """Bare durable commits on the same database: one row updated, on SQLite with `synchronous=FULL`."""

    def __init__(self, engine: Engine) -> None:
        connection: Any = engine.machinery.database.engine.raw_connection()
        self._connection = connection.detach() or connection
        self._driver: Any = connection.dbapi_connection
        self._begin = "BEGIN IMMEDIATE" if engine.machinery.database.sqlite else "BEGIN"
        for text in ("CREATE TABLE bench_commit (id INTEGER PRIMARY KEY, n INTEGER)",
                     "INSERT INTO bench_commit VALUES (1, 0)"):  # fmt: skip
            self._driver.execute(text)
        self._driver.commit()
        if not engine.machinery.database.sqlite:
            self._driver.autocommit = True
        self.took: list[float] = []

    def one(self) -> None:
        """Make one, and note how long it took."""
        started = perf_counter()
        self._driver.execute(self._begin)
        self._driver.execute("UPDATE bench_commit SET n = n + 1 WHERE id = 1")
        self._driver.execute("COMMIT")
        self.took.append(perf_counter() - started)


class Counts:
    """What the driver was asked to do: statements (one with many rows is one), commits of open transactions."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.commits = 0


@contextmanager
def counted(engine: Engine) -> Iterator[Counts]:
    """Count what the engine asks SQLite's driver to do while the block runs.

    At the driver, since not everything goes through the event system of SQLAlchemy.
    """
    counts = Counts()

    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
            _note(counts, sql)
            return super().execute(sql, *given)

        def executemany(self, sql: str, *given: Any) -> sqlite3.Cursor:
            _note(counts, sql)
            return super().executemany(sql, *given)

    class Connection(sqlite3.Connection):
        def cursor(self, *_: Any) -> sqlite3.Cursor:
            return super().cursor(Cursor)

        def commit(self) -> None:
            counts.commits += self.in_transaction
            super().commit()

    def connect(dialect: Any, _record: object, given: list[Any], named: dict[str, Any]) -> Any:
        return dialect.connect(*given, **{**named, "factory": Connection})

    target = engine.machinery.database.engine
    event.listen(target, "do_connect", connect)
    target.dispose()
    with target.connect():
        counts.statements.clear()
    try:
        yield counts
    finally:
        event.remove(target, "do_connect", connect)
        target.dispose()


def _note(counts: Counts, sql: str) -> None:
    word = sql.split(maxsplit=1)[0].upper()
    if word == "COMMIT":
        counts.commits += 1
    elif word not in ("BEGIN", "ROLLBACK", "PRAGMA"):
        counts.statements.append(sql)
