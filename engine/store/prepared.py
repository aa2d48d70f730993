"""Statements that run often: compiled once, then handed to the driver as they are.

SQLAlchemy spends five to ten times on a statement what the driver does; that matters for the eight of a completion,
the dozens of a page and the few of a tick that finds nothing due. What is given and answered goes through the types
of the columns all the same.
"""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ARRAY, ColumnElement, Dialect, Text, any_, bindparam, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

from engine.store.connect import Connection, asked_before

observers: list[Callable[[str], None]] = []
"""Told each statement as it is sent, since the driver's own events pass it by; for tests that count."""

Processor = Callable[[Any], Any] | None
Among = Callable[[ColumnElement[Any]], ColumnElement[bool]]

STAND_IN = "\x1f"
"""In a fixed text of a statement: it stands for another, which is known when the statement is sent (`filled`)."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement for one dialect: its text, its parameters in order with what prepares them, the fixed values and
    those of them that stand in for others; which columns of the answer are to be read in which way, and how to make a
    row with names of it."""

    text: str
    names: tuple[tuple[str, Processor], ...]
    fixed: Mapping[str, Any]
    stand_ins: tuple[tuple[str, str], ...]
    positional: bool
    results: tuple[tuple[int, Callable[[Any], Any]], ...]
    named: Callable[[Sequence[Any]], Any]

    def parameters(self, values: Mapping[str, Any], fillings: Mapping[str, str]) -> Any:
        """What the driver wants: a tuple in order, or a mapping."""
        fixed = self.fixed
        if self.stand_ins:
            fixed = {**fixed, **{name: fillings[text] for name, text in self.stand_ins}}
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
        self._fillings = _NOTHING

    def filled(self, fillings: Mapping[str, str]) -> Self:
        """The same statement, compiled once for all, with these texts in place of those that stand in for them."""
        made = copy(self)
        made._fillings = fillings
        return made

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
        cursor = self._send(connection, compiled, compiled.parameters(values, self._fillings))
        count: int = cursor.rowcount
        cursor.close()
        return count

    def many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it once for each of these."""
        compiled = self._for(connection.dialect)
        self._send(connection, compiled, [compiled.parameters(row, self._fillings) for row in rows], many=True).close()

    def _ask(self, connection: Connection, compiled: _Compiled, values: Mapping[str, Any]) -> list[Any]:
        parameters = compiled.parameters(values, self._fillings)
        known = asked_before(connection)
        key = (compiled.text, repr(parameters)) if known is not None else None
        if known is not None and key in known:
            return list(known[key])
        cursor = self._send(connection, compiled, parameters)
        found = compiled.read(cursor.fetchall())
        cursor.close()
        if known is not None:
            known[key] = tuple(found)
        return found

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
            tuple((name, each) for name, each in fixed.items() if isinstance(each, str) and STAND_IN in each),
            bool(compiled.positional),
            tuple((index, how) for index, how in enumerate(readers) if how is not None),
            row._make,
        )


class Listed:
    """A statement over a list of values; `make` builds it, given what says that a column is among the values.

    PostgreSQL takes them as one array. For SQLite it is prepared for 1, 2, 4… of them, a shorter list repeating its
    last value; a long list is JSON.
    """

    def __init__(self, make: Callable[[Among], Any]) -> None:
        self._make = make
        self._prepared: dict[int, Prepared] = {}
        self._fillings = _NOTHING

    def filled(self, fillings: Mapping[str, str]) -> Self:
        """The same, as `Prepared.filled`."""
        made = copy(self)
        made._fillings = fillings
        return made

    def found(
        self, connection: Connection, items: Collection[Any], values: Mapping[str, Any] | None = None
    ) -> list[Any]:
        """Run it; the rows it answers, with the names of the columns. None for no values."""
        if not items:
            return []
        prepared, given = self._for(connection, sorted(set(items)))
        return prepared.found(connection, {**given, **values} if values else given)

    def run(self, connection: Connection, items: Collection[Any], values: Mapping[str, Any] | None = None) -> int:
        """Run it; how many rows it touched."""
        if not items:
            return 0
        prepared, given = self._for(connection, sorted(set(items)))
        return prepared.run(connection, {**given, **values} if values else given)

    def _for(self, connection: Connection, wanted: list[Any]) -> tuple[Prepared, dict[str, Any]]:
        if connection.dialect.name != "sqlite":
            return self._of(_ARRAY, _in_array), {"items": wanted}
        if len(wanted) > _LONG:
            return self._of(_JSON, _in_json), {"items": json.dumps(wanted)}
        size = 1 << (len(wanted) - 1).bit_length()
        wanted += wanted[-1:] * (size - len(wanted))
        given = {f"item_{number}": each for number, each in enumerate(wanted)}
        return self._of(size, lambda column: column.in_([bindparam(name, type_=column.type) for name in given])), given

    def _of(self, size: int, among: Among) -> Prepared:
        if size not in self._prepared:
            self._prepared[size] = Prepared(self._make(among))
        return self._prepared[size].filled(self._fillings)


def _in_array(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column == any_(bindparam("items", type_=ARRAY(column.type)))


def _in_json(among: ColumnElement[Any]) -> ColumnElement[bool]:
    items = func.json_each(bindparam("items", type_=Text)).table_valued("value")
    return among.in_(select(items.c.value))


_LONG = 256
_ARRAY, _JSON = 0, -1
_NOTHING: Mapping[str, Any] = {}
