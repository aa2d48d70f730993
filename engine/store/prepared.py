"""Statements that run often: compiled once, then handed to the driver as they are.

SQLAlchemy spends five to ten times on a statement what the driver does; that matters for the eight of a completion,
the dozens of a page and the few of a tick that finds nothing due. What is given and answered goes through the types
of the columns all the same.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Dialect, bindparam
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

from engine.store.connect import Connection

observers: list[Callable[[str], None]] = []
"""Told each statement as it is sent, since the driver's own events pass it by; for tests that count."""

Processor = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement for one dialect: its text, its parameters in order with what prepares them, the fixed values;
    which columns of the answer are to be read in which way, and how to make a row with names of it."""

    text: str
    names: tuple[tuple[str, Processor], ...]
    fixed: Mapping[str, Any]
    positional: bool
    results: tuple[tuple[int, Callable[[Any], Any]], ...]
    named: Callable[[Sequence[Any]], Any]

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """What the driver wants: a tuple in order, or a mapping."""
        fixed = self.fixed
        found = [
            fixed[name] if name not in values else values[name] if how is None else how(values[name])
            for name, how in self.names
        ]
        return (
            tuple(found) if self.positional else {name: each for (name, _), each in zip(self.names, found, strict=True)}
        )

    def read(self, rows: list[Any]) -> list[Any]:
        """Rows of the driver with the values of the columns' types."""
        if not self.results:
            return rows
        read = []
        for row in rows:
            values = list(row)
            for index, how in self.results:
                values[index] = how(values[index])
            read.append(tuple(values))
        return read


class Prepared:
    """A statement with bound parameters. `columns` are those an INSERT is given."""

    def __init__(self, statement: ClauseElement, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = list(columns) if columns is not None else None
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Run it; the rows it answers."""
        return self._ask(connection, self._for(connection.dialect), values or _NOTHING)

    def found(self, connection: Connection, values: Mapping[str, Any] | None = None) -> list[Any]:
        """Run it; the rows it answers, with the names of the columns."""
        compiled = self._for(connection.dialect)
        return [compiled.named(row) for row in self._ask(connection, compiled, values or _NOTHING)]

    def first(self, connection: Connection, values: Mapping[str, Any] | None = None) -> Any | None:
        """Run it; the first row, with the names of the columns."""
        compiled = self._for(connection.dialect)
        found = self._ask(connection, compiled, values or _NOTHING)
        return compiled.named(found[0]) if found else None

    def value(self, connection: Connection, values: Mapping[str, Any] | None = None) -> Any | None:
        """Run it; the first column of the first row."""
        found = self._ask(connection, self._for(connection.dialect), values or _NOTHING)
        return found[0][0] if found else None

    def column(self, connection: Connection, values: Mapping[str, Any] | None = None) -> list[Any]:
        """Run it; the first column of every row."""
        return [row[0] for row in self._ask(connection, self._for(connection.dialect), values or _NOTHING)]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it; how many rows it touched."""
        compiled = self._for(connection.dialect)
        cursor = self._send(connection, compiled, compiled.parameters(values))
        count: int = cursor.rowcount
        cursor.close()
        return count

    def many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it once for each of these."""
        compiled = self._for(connection.dialect)
        self._send(connection, compiled, [compiled.parameters(row) for row in rows], many=True).close()

    def _ask(self, connection: Connection, compiled: _Compiled, values: Mapping[str, Any]) -> list[Any]:
        cursor = self._send(connection, compiled, compiled.parameters(values))
        found = cursor.fetchall()
        cursor.close()
        return compiled.read(found)

    def _send(self, connection: Connection, compiled: _Compiled, parameters: Any, many: bool = False) -> Any:
        for observer in observers:
            observer(compiled.text)
        cursor: Any = connection.connection.dbapi_connection.cursor()  # type: ignore[union-attr]
        try:
            if many:
                cursor.executemany(compiled.text, parameters)
            else:
                cursor.execute(compiled.text, parameters)
        except Exception as error:
            base: Any = connection.dialect.loaded_dbapi.Error
            if isinstance(error, base):
                raise DBAPIError.instance(compiled.text, None, error, base, dialect=connection.dialect) from error
            raise
        return cursor

    def _for(self, dialect: Dialect) -> _Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = self._compile(dialect)
        return found

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled: Any = self._statement.compile(dialect=dialect, column_keys=self._columns)
        processors: Mapping[str, Callable[[Any], Any]] = dict(compiled._bind_processors)
        names = tuple(compiled.positiontup) if compiled.positional else tuple(compiled.params)
        fixed = {}
        for name, bound in compiled.binds.items():
            if not bound.required:
                value = bound.effective_value
                fixed[name] = processors[name](value) if name in processors and value is not None else value
        columns = compiled._result_columns or ()
        readers = [each.type.dialect_impl(dialect).result_processor(dialect, None) for each in columns]
        names_of_columns: Any = [each.keyname for each in columns]
        row: Any = namedtuple("row", names_of_columns, rename=True)  # type: ignore[misc]
        return _Compiled(
            compiled.string,
            tuple((name, processors.get(name)) for name in names),
            fixed,
            bool(compiled.positional),
            tuple((index, how) for index, how in enumerate(readers) if how is not None),
            row._make,
        )


Among = Callable[[ColumnElement[Any]], ColumnElement[bool]]


class Listed:
    """A statement over a list of values: prepared for 1, 2, 4… of them, a shorter list repeating its last value.

    `make` builds it, given what says that a column is among the values. A long list goes through SQLAlchemy.
    """

    def __init__(self, make: Callable[[Among], Any]) -> None:
        self._make = make
        self._prepared: dict[int, Prepared] = {}
        self._long: Any = None

    def found(
        self, connection: Connection, items: Collection[Any], values: Mapping[str, Any] | None = None
    ) -> list[Any]:
        """Run it; the rows it answers, with the names of the columns. None for no values."""
        wanted = sorted(set(items))
        if not wanted:
            return []
        if len(wanted) > _LONG:
            return list(connection.execute(self._for_long(), {**(values or _NOTHING), "items": wanted}).all())
        prepared, given = self._for(wanted)
        return prepared.found(connection, {**given, **values} if values else given)

    def run(self, connection: Connection, items: Collection[Any], values: Mapping[str, Any] | None = None) -> int:
        """Run it; how many rows it touched."""
        wanted = sorted(set(items))
        if not wanted:
            return 0
        if len(wanted) > _LONG:
            return int(connection.execute(self._for_long(), {**(values or _NOTHING), "items": wanted}).rowcount)
        prepared, given = self._for(wanted)
        return prepared.run(connection, {**given, **values} if values else given)

    def _for(self, wanted: list[Any]) -> tuple[Prepared, dict[str, Any]]:
        size = 1 << (len(wanted) - 1).bit_length()
        wanted += wanted[-1:] * (size - len(wanted))
        return self._of(size), {f"item_{number}": each for number, each in enumerate(wanted)}

    def _of(self, size: int) -> Prepared:
        if size not in self._prepared:
            self._prepared[size] = Prepared(
                self._make(
                    lambda column: column.in_([bindparam(f"item_{each}", type_=column.type) for each in range(size)])
                )
            )
        return self._prepared[size]

    def _for_long(self) -> Any:
        if self._long is None:
            self._long = self._make(lambda column: column.in_(bindparam("items", expanding=True)))
        return self._long


_LONG = 256
_NOTHING: Mapping[str, Any] = {}
