"""Opening the database, and the two ways to use it: a unit of work that writes, a page that reads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from engine.errors import Unavailable

__all__ = ["Connection", "Database", "DuplicateRow", "asked_before", "pairs", "send"]

Answer = TypeVar("Answer")

# PostgreSQL: serialization failure and deadlock. The transaction left nothing and may simply be run again.
_AGAIN = frozenset({"40001", "40P01"})
# PostgreSQL: connection exceptions, and a server that shuts down or starts; drivers give no state when it just went.
_AWAY = ("08", "57P01", "57P02", "57P03")
_TRIES = 8
_READING: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_ANSWERS = "answers"
# Connections beyond those that are kept, closed when they are given back.
_MORE = 10


class DuplicateRow(Exception):
    """A row whose key must be unique is there already; the transaction left nothing."""


class _View:
    """What one thread reads for a while: a connection with one view of the database, taken when it is first needed."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._begin = begin
        self._open = ExitStack()
        self._connection: Connection | None = None
        self._info: dict[Any, Any] = {}
        self._readers = 0
        self._old = False

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        if self._connection is None:
            self._connection = self._open.enter_context(self._begin())
            self._info = self._connection.info
            self._info[_ANSWERS] = {}
        self._readers += 1
        try:
            yield self._connection
        except DBAPIError:
            self._old = True
            raise
        finally:
            self._readers -= 1
            if self._old:
                self.end()

    def end(self) -> None:
        """Who reads next sees the database as it is then; who reads just now, the same to his end."""
        if self._connection is None:
            return
        self._old = bool(self._readers)
        if not self._old:
            self._info.pop(_ANSWERS, None)
            self._connection = None
            with suppress(SQLAlchemyError):  # it went away, but what was read stays read
                self._open.close()


class Database:
    """A database with one writer at a time in this process (SQLite) or as many as it likes (PostgreSQL).

    `connections` are kept open: as many as threads use it at once.

    SQLite allows one writer; a lock here queues them fairly, where SQLite itself would poll. On SQLite a writing
    transaction begins IMMEDIATE, since an upgrade from reading to writing fails at once under contention.
    """

    def __init__(self, url: str, connections: int = 10) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        memory = self.sqlite and self.url.database in (None, "", ":memory:")
        self._engine = _create(url, self.sqlite, memory, connections)
        self._write_lock = threading.RLock() if self.sqlite else None
        self._writer: tuple[Connection | None, Any] = (None, None)
        # A database in memory is one connection: reading takes its turn too.
        self._read_lock = self._write_lock if memory else None
        self._own = threading.local()

    @property
    def engine(self) -> Engine:
        """For migrations and tools that need SQLAlchemy's own engine."""
        return self._engine

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Says in one word what drivers say in many when the database goes away, or has no connection to give."""
        try:
            yield
        except (OperationalError, PoolTimeout) as error:
            state = getattr(getattr(error, "orig", None), "sqlstate", None)
            if self.sqlite or (state is not None and not state.startswith(_AWAY)):
                raise
            raise Unavailable("The database cannot be reached just now. Try again in a moment.") from error

    @contextmanager
    def viewing(self) -> Iterator[None]:
        """Meanwhile all that this thread reads is one view of the database, until it writes; then another.

        A page that asks for many things is one picture, and costs one transaction.
        """
        if self._view is not None or self._read_lock is not None:
            yield
            return
        view = self._own.view = _View(self._reading)
        try:
            yield
        finally:
            self._own.view = None
            view.end()

    @property
    def _view(self) -> _View | None:
        return getattr(self._own, "view", None)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the database: what others commit meanwhile is not seen, however many statements look.
        Nothing is kept."""
        view = self._view
        with self._reached(), self._reading() if view is None else view.reading() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._read_lock or nullcontext(), self._engine.connect() as connection:
            if self.sqlite:
                with connection.begin() as view:
                    send(connection, "BEGIN DEFERRED")
                    try:
                        yield connection
                    finally:
                        view.rollback()
                return
            # It ends with a commit: at a rollback psycopg forgets the statements it has prepared.
            with connection.execution_options(**_READING).begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        if (view := self._view) is not None:
            view.end()
        if not self.sqlite:
            with self._reached(), self._engine.connect() as connection, connection.begin():
                yield connection
            return
        with self._write_lock or nullcontext():
            connection = self._writing_connection()
            with connection.begin():
                send(connection, "BEGIN IMMEDIATE")
                yield connection

    def _writing_connection(self) -> Connection:
        """The one that writes: kept, since taking one from the pool and giving it back costs more than a statement."""
        kept, pool = self._writer
        if kept is None or pool is not self._engine.pool or kept.closed or kept.invalidated:
            kept = self._engine.connect()
            self._writer = (kept, self._engine.pool)  # a pool that is disposed of is replaced by another
        return kept

    def write(self, work: Callable[[Connection], Answer]) -> Answer:
        """Run `work` in one transaction, again from the start when the database asks for it (40001, 40P01)."""
        for attempt in range(_TRIES):
            try:
                with self.writing() as connection:
                    return work(connection)
            except IntegrityError as error:
                if "unique" in str(error.orig).lower():
                    raise DuplicateRow(str(error.orig)) from error
                raise
            except DBAPIError as error:
                if attempt == _TRIES - 1 or getattr(error.orig, "sqlstate", None) not in _AGAIN:
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Close all connections."""
        kept, _ = self._writer
        if kept is not None:
            kept.close()
        self._writer = (None, None)
        self._engine.dispose()


def send(connection: Connection, text: str) -> None:
    """Send a text to the driver as it is: SQLAlchemy has nothing to add to a BEGIN, and must not read a script."""
    driver: Any = connection.connection.dbapi_connection
    driver.execute(text)


def asked_before(connection: Connection) -> dict[Any, Any] | None:
    """What was asked in this view already, and answered: the same again has the same answer. None outside of one."""
    found: dict[Any, Any] | None = connection.info.get(_ANSWERS)
    return found


def pairs(found: Iterable[Any]) -> dict[Any, Any]:
    """Rows of two columns as a mapping."""
    return {row[0]: row[1] for row in found}


def _create(url: str, sqlite: bool, memory: bool, connections: int) -> Engine:
    if not sqlite:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        return create_engine(parsed, pool_size=connections, max_overflow=_MORE, pool_pre_ping=True)
    options: dict[str, Any] = {"connect_args": {"check_same_thread": False, "timeout": 30}}
    if memory:
        options["poolclass"] = StaticPool
    else:
        options |= {"pool_size": connections, "max_overflow": _MORE}
    engine = create_engine(url, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: `Database` does
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}")
