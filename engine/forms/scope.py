"""The values of a form while it is filled: fields that depend on one another, in any order.

A scope is the mapping of names that the form's expressions see. Asking it for a field works out the field: hidden ones
are null, computed ones are computed, read-only ones are as prefilled, the others as given. In a form what is not there
yet is null, never an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from engine.expressions import Compiled
from engine.forms.context import FormContext
from engine.forms.model import Field, FieldType
from engine.forms.reading import Refused, read
from engine.values import Value

ROW = "$row"
"""Key of a submitted row that tells which prefilled row (from 1) it was."""


class Scope(Mapping[str, Value]):
    """The fields of a form, or the columns of one row, over the names outside.

    `given` are the values of what can be filled in, `before` those it was prefilled with.
    """

    def __init__(
        self,
        fields: Sequence[Field],
        given: Mapping[str, Value],
        before: Mapping[str, Value],
        outer: Mapping[str, Value],
        context: FormContext,
    ) -> None:
        self.fields = {field.name: field for field in fields}
        self.given = given
        self.before = before
        self.outer = outer
        self.context = context
        self._values: dict[str, Value] = {}
        self._visible: dict[str, bool] = {}
        self._open: set[str] = set()
        self._rows: dict[str, list[Scope]] = {}

    def __getitem__(self, name: str) -> Value:
        return self.value(name) if name in self.fields else self.outer[name]

    def __iter__(self) -> Iterator[str]:
        yield from self.fields
        yield from (name for name in self.outer if name not in self.fields)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def value(self, name: str) -> Value:
        """The value of a field; in its own expressions its name means what it was filled with beforehand."""
        if name in self._values:
            return self._values[name]
        if name in self._open:
            return self.before[name] if name in self.before else self.outer.get(name)
        self._open.add(name)
        try:
            self._values[name] = self._work_out(self.fields[name])
        finally:
            self._open.discard(name)
        return self._values[name]

    def visible(self, field: Field) -> bool:
        """Whether the field is asked; a condition that is null is false."""
        if field.visible_when is None:
            return True
        if field.name not in self._visible:
            working = field.name in self._open
            self._open.add(field.name)
            self._visible[field.name] = self.holds(field.visible_when, default=True)
            if not working:
                self._open.discard(field.name)
        return self._visible[field.name]

    def readonly(self, field: Field) -> bool:
        """Whether nothing from outside is taken for it."""
        return field.derived or self.holds(field.readonly, default=False)

    def required(self, field: Field) -> bool:
        """Whether an empty answer is refused."""
        return self.visible(field) and (field.required or self.holds(field.required_when, default=False))

    def holds(self, condition: Compiled | None, default: bool) -> bool:
        """Whether a condition is true; `default` without one."""
        return default if condition is None else self.evaluate(condition) is True

    def evaluate(self, expression: Compiled) -> Value:
        """The value of an expression over this scope."""
        return expression.evaluate(self, self.context, strict=False)

    def rows(self, field: Field) -> list[Scope]:
        """The rows of a table, each a scope of its columns."""
        if field.name not in self._rows:
            given = self.before if self.readonly(field) else self.given
            self._rows[field.name] = [self._row(field, cells) for cells in _cells(given.get(field.name))]
        return self._rows[field.name]

    def row_values(self, field: Field) -> Mapping[str, Value]:
        """For a row scope of this table: its cells, and what the prefilled row holds beside the table's columns."""
        kept = {name: value for name, value in self.before.items() if field.column(name) is None}
        return {**kept, **{column.name: self.value(column.name) for column in field.columns}}

    def _row(self, field: Field, cells: Mapping[str, Value]) -> Scope:
        before = cells.get("$before")
        clean = {name: value for name, value in cells.items() if name != "$before"}
        return Scope(field.columns, clean, cast(Mapping[str, Value], before or clean), self, self.context)

    def _work_out(self, field: Field) -> Value:
        if not self.visible(field):
            return None
        if field.compute is not None:
            return self._typed(field, self.evaluate(field.compute))
        if field.type is FieldType.TABLE:
            return [dict(row.row_values(field)) for row in self.rows(field)]
        if self.readonly(field):
            return self.before.get(field.name)
        return self.given.get(field.name)

    def _typed(self, field: Field, value: Value) -> Value:
        """A computed value in the type of its field, as it is where it does not fit."""
        if field.type in (FieldType.COMPUTED, FieldType.INFO, FieldType.TABLE) or value is None:
            return value
        try:
            return read(field, value, self.context)
        except Refused:
            return value


def _cells(value: Value) -> list[Mapping[str, Value]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
