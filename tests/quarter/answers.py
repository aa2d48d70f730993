"""How somebody fills in a form: as it stands, then whatever it complains of, a little differently each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from random import Random

from engine.engine import Engine
from engine.errors import FormInvalid
from engine.forms import Field, FieldType, Form
from engine.scenarios.samples import sample_file
from engine.values import Value
from engine.views import Actor

_PATIENCE = 14
"""How often a form may come back before its reader leaves it for another day."""


class GaveUp(Exception):
    """A form that could not be filled in; the text says what it asked to the end."""


@dataclass
class Pen:
    """Fills in forms by chance. `eager` is how likely the first button of a form is pressed, the one that goes on."""

    engine: Engine
    random: Random
    actor: Actor
    now: datetime
    eager: float = 0.8

    def send(self, form: Form, send: Callable[[Mapping[str, object]], object]) -> None:
        """Fill the form in and send it, until it is taken. Raises GaveUp when it is refused to the end."""
        values: dict[str, object] = {}
        if form.outcome is not None:
            values[form.outcome.name] = self._button(form.outcome)
        for field in form:
            if field.type in (FieldType.BOOLEAN, FieldType.ENUM) and not field.outcome and self.random.random() < 0.2:
                values[field.name] = self.value(field, 0)
        for turn in range(_PATIENCE):
            try:
                send(values)
            except FormInvalid as refused:
                self._mend(form, values, refused, turn)
                last = refused
            else:
                return
        raise GaveUp("; ".join(f"{path}: {error[0]}" for path, error in last.errors.items()))

    def _button(self, outcome: Field) -> str:
        ids = [option.id for option in outcome.options]
        return ids[0] if self.random.random() < self.eager else self.random.choice(ids)

    def _mend(self, form: Form, values: dict[str, object], refused: FormInvalid, turn: int) -> None:
        for path in refused.errors:
            name, _, cell = path.partition("[")
            field = form.field(name)
            if field is None:
                continue
            if cell and turn < 6:
                self._mend_row(field, values, cell, turn)
            else:
                values[name] = self.value(field, turn)

    def _mend_row(self, table: Field, values: dict[str, object], cell: str, turn: int) -> None:
        place, _, column = cell.partition("].")
        rows = values.get(table.name)
        found = table.column(column)
        if not isinstance(rows, list) or not place.isdigit() or int(place) > len(rows) or found is None:
            values[table.name] = self.value(table, turn)
        else:
            rows[int(place) - 1][column] = self.value(found, turn)

    def value(self, field: Field, turn: int) -> object:
        """Something that such a field may hold; a table gets its optional columns from the second turn on."""
        match field.type:
            case FieldType.INTEGER | FieldType.NUMBER | FieldType.MONEY:
                return Decimal(self.random.choice((1, 2, 5, 10, 50, 100, 300, 1000, 0)))
            case FieldType.DATE:
                return (self.now + timedelta(days=self.random.choice((0, 0, 1, 3, 10, 20, 30, 45, 60, -1, -3)))).date()
            case FieldType.TIME:
                return self.now.time().replace(second=0, microsecond=0)
            case FieldType.DATETIME:
                return self.now + timedelta(hours=self.random.choice((0, 0, -1, 1, 4, 24, 72, 240)))
            case FieldType.BOOLEAN | FieldType.CONFIRM:
                return field.type is FieldType.CONFIRM or self.random.random() < 0.5
            case FieldType.TABLE:
                return self._rows(field, turn)
            case FieldType.FILE | FieldType.PHOTO:
                return self._file(field)
        return self._chosen(field)

    def _chosen(self, field: Field) -> object:
        choices = list(self._choices(field))
        if field.options or field.type in (FieldType.USER, FieldType.REFERENCE):
            chosen = self.random.choice(choices) if choices else ""
            return [chosen] if field.multiple else chosen
        text = self.random.choice(("照办", "已与客户确认", "see note", f"{self.random.randrange(10**6)}"))
        return (text * (1 + field.min_length // len(text)))[: field.max_length]

    def _choices(self, field: Field) -> Iterator[str]:
        if field.options:
            yield from (option.id for option in field.options)
        elif field.type is FieldType.USER:
            group = field.reference.removeprefix("group:")
            yield from (person.id for person in self.engine.people.list(group=group) if person.active)
        elif field.reference.startswith("record:"):
            yield from (row.business_key for row in self.engine.records.list(self.actor)[0])
        elif field.type is FieldType.REFERENCE:
            yield from (item.key for item in self.engine.references.items(field.reference) if item.active)

    def _rows(self, table: Field, turn: int) -> list[dict[str, object]]:
        count = max(table.min_rows, 1 + (self.random.random() < 0.2))
        columns = [column for column in table.columns if not column.derived and (column.required or turn)]
        return [{column.name: self.value(column, turn) for column in columns} for _ in range(count)]

    def _file(self, field: Field) -> Value:
        suffix = next((each for each in field.accept if each.startswith(".")), "")
        name = f"file-{self.random.randrange(20)}{suffix or ('.jpg' if field.type is FieldType.PHOTO else '.pdf')}"
        stored = self.engine.files.upload(BytesIO(sample_file(name)), name, self.actor, None).value()
        return [stored] if field.multiple else stored
