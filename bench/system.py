"""The engine under measurement: on an SQLite file with `synchronous=FULL`, as the product runs on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import event

from bench.places import PRACTICE
from engine.command.opening import SYSTEM, practice_files
from engine.engine import Engine
from engine.settings import Settings
from engine.views import Actor

PERSON = Actor("clerk")
VALUES = {"amount": "1", "remark": "x"}


def opened(directory: Path) -> Engine:
    """An engine on a new file with the practice of the bench and one person."""
    settings = Settings(f"sqlite:///{directory / 'bench.sqlite3'}", directory / "attachments", b"bench")
    engine = Engine.open(settings)
    engine.migrate()
    engine.deployments.deploy(practice_files(PRACTICE), SYSTEM)
    engine.people.create(PERSON.user_id, "Clerk", "", ("clerk",), SYSTEM)
    return engine


def start(engine: Engine, process_id: str) -> int:
    """Start an instance; its id."""
    return engine.instances.start(process_id, {}, PERSON).instance_id


def open_task(engine: Engine, instance_id: int) -> int:
    """The id of the instance's one open task."""
    key = engine.instances.get(instance_id, SYSTEM).business_key
    (row,) = engine.records.get(key, SYSTEM).tasks
    return row.id


def run_line(engine: Engine) -> list[float]:
    """The seconds each completion of one instance of the straight diagram took."""
    task_id = open_task(engine, start(engine, "line"))
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
    """Bare durable commits on the same file: one row updated, `synchronous=FULL`."""

    def __init__(self, engine: Engine) -> None:
        path = engine.machinery.database.url.database
        assert path is not None
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("CREATE TABLE IF NOT EXISTS bench_commit (id INTEGER PRIMARY KEY, n INTEGER)")
        self._connection.execute("INSERT OR IGNORE INTO bench_commit VALUES (1, 0)")

    def one(self) -> float:
        """The seconds of one commit."""
        started = perf_counter()
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("UPDATE bench_commit SET n = n + 1 WHERE id = 1")
        self._connection.execute("COMMIT")
        return perf_counter() - started


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
