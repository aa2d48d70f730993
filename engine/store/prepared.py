"""Statements that every completion runs: compiled once, then handed to the driver as they are.

SQLAlchemy spends five to ten times on a statement what the driver does; most statements do not matter, the eight of a
completion do. What is given and answered goes through the types of the columns all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

from engine.store.connect import Connection

observers: list[Callable[[str], None]] = []
"""Told each statement as it is sent, since the driver's own events pass it by; for tests that count."""

Processor = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement for one dialect: its text, its parameters in order with what prepares them, the fixed values."""

    text: str
    names: tuple[str, ...]
    processors: Mapping[str, Callable[[Any], Any]]
    fixed: Mapping[str, Any]
    positional: bool
    results: tuple[Processor, ...]

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """What the driver wants: a tuple in order, or a mapping."""
        processors, fixed = self.processors, self.fixed
        found = {}
        for name in self.names:
            if name in values:
                processor = processors.get(name)
                found[name] = processor(values[name]) if processor is not None else values[name]
            else:
                found[name] = fixed[name]
        return tuple(found[name] for name in self.names) if self.positional else found


class Prepared:
    """A statement with bound parameters. `columns` are those an INSERT is given."""

    def __init__(self, statement: ClauseElement, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = list(columns) if columns is not None else None
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Run it; the rows it answers."""
        compiled = self._for(connection.dialect)
        cursor = self._send(connection, compiled, compiled.parameters(values or {}))
        found = cursor.fetchall()
        if any(compiled.results):
            found = [
                tuple(value if how is None else how(value) for value, how in zip(row, compiled.results, strict=True))
                for row in found
            ]
        cursor.close()
        return [tuple(row) for row in found]

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
        processors = dict(compiled._bind_processors)
        names = tuple(compiled.positiontup) if compiled.positional else tuple(compiled.params)
        fixed = {}
        for name, bound in compiled.binds.items():
            if not bound.required:
                value = bound.effective_value
                fixed[name] = processors[name](value) if name in processors and value is not None else value
        results = tuple(
            each.type.dialect_impl(dialect).result_processor(dialect, None)
            for each in compiled._result_columns or ()
        )  # fmt: skip
        return _Compiled(compiled.string, names, processors, fixed, bool(compiled.positional), results)
