"""Forms as pages draw them: every field a control with its label, texts, choices, help and errors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from datetime import date, datetime, time
from decimal import Decimal
from typing import cast

from engine.errors import FormInvalid
from engine.forms import ROW, Field, FieldType, Form, FormState
from engine.forms.model import FILES, NUMBERS
from engine.values import Value
from webui import shown, times
from webui.choices import Choices
from webui.posted import PANEL, Given
from webui.words import localise, tell

_KINDS = {
    FieldType.STRING: "text",
    FieldType.TEXT: "area",
    FieldType.CODE: "code",
    FieldType.INTEGER: "text",
    FieldType.NUMBER: "text",
    FieldType.MONEY: "text",
    FieldType.DATE: "date",
    FieldType.TIME: "time",
    FieldType.DATETIME: "datetime-local",
    FieldType.BOOLEAN: "check",
    FieldType.CONFIRM: "check",
    FieldType.USER: "select",
    FieldType.TABLE: "table",
    FieldType.FILE: "file",
    FieldType.PHOTO: "file",
    FieldType.COMPUTED: "said",
    FieldType.INFO: "info",
}
_WIDE = frozenset({"area", "table", "info", "file"})
_NO_NAME = re.compile(r"[^0-9A-Za-z_]+")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was uploaded already: its token is posted back when it is kept."""

    name: str
    size: int
    token: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its cells, and the number of the prefilled row it was (`$row`), if it was one."""

    cells: tuple[Control, ...]
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """One field as it is drawn. `kind` chooses the macro, `path` is the field's place in errors."""

    name: str
    path: str
    id: str
    kind: str
    label: str
    base: str = ""
    texts: tuple[str, ...] = ()
    words: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    list: str = ""
    help: str = ""
    unit: str = ""
    errors: tuple[str, ...] = ()
    required: bool = False
    hidden: bool = False
    editable: bool = True
    multiple: bool = False
    numeric: bool = False
    attributes: Mapping[str, str] = attribute(default_factory=dict)
    kept: tuple[Kept, ...] = ()
    columns: tuple[Control, ...] = ()
    rows: tuple[Row, ...] = ()
    blank: Row = Row(())
    totals: tuple[str, ...] = ()
    growing: bool = False

    @property
    def text(self) -> str:
        """The one text of a control that has one."""
        return self.texts[0] if self.texts else ""

    @property
    def width(self) -> str:
        """The class that says how wide it stands."""
        many = self.kind in {"radio", "multiple"} and len(self.choices) > 3
        return "wide" if self.kind in _WIDE or many else ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One value of the outcome field: a button, with the fields of its panel."""

    value: str
    label: str
    panel: tuple[Control, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form ready to be drawn; `errors` are (id of the control, sentence) for the summary on top."""

    controls: tuple[Control, ...]
    outcome: Control | None = None
    outcomes: tuple[Outcome, ...] = ()
    errors: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """What drawing a form needs: how it stands, what was typed, what was wrong, under which names it is posted."""

    form: Form
    state: FormState
    given: Given | None = None
    error: FormInvalid | None = None
    prefix: str = ""
    choices: Choices = attribute(default_factory=Choices)

    def control(self, found: Field, path: str = "", value: object = None, prefix: str | None = None) -> Control:
        """A field as a control. `path` and `value` are given for cells of a table."""
        path = path or found.name
        if value is None and path == found.name:
            value = self._value(found)
        name = f"{self.prefix if prefix is None else prefix}{path}"
        editable = path not in self.state.readonly and not found.derived
        drawn = Control(
            name=name,
            path=path,
            id=f"f-{_NO_NAME.sub('-', name).strip('-')}",
            kind=self._kind(found, editable),
            label=localise(found.label) or found.name,
            base=found.name,
            help=localise(found.help),
            unit=localise(found.unit),
            errors=self._errors(path),
            required=path in self.state.required,
            hidden=path not in self.state.visible and not self._errors(path),
            editable=editable,
            multiple=found.multiple,
            numeric=found.type in NUMBERS or (found.type is FieldType.COMPUTED and path != found.name),
            attributes=_attributes(found),
        )
        return self._filled(found, drawn, value)

    def _filled(self, found: Field, drawn: Control, value: object) -> Control:
        if drawn.kind == "table":
            return self._table(found, drawn, value)
        if drawn.kind in {"said", "info"}:
            return replace(drawn, words=self._words(found, self._stored(found, drawn.path)))
        if drawn.kind == "file":
            return replace(drawn, kept=tuple(self._files(value)))
        return replace(
            drawn,
            texts=_texts(value),
            choices=self.choices.of(found),
            list=found.reference if drawn.kind == "reference" else "",
        )

    def _kind(self, found: Field, editable: bool) -> str:
        if found.type is FieldType.TABLE and (editable or self.state.values.get(found.name)):
            return "table"
        if not editable and found.type is not FieldType.INFO:
            return "said"
        if found.type is FieldType.ENUM:
            return {"radio": "radio", "multiple": "multiple", "outcome": "radio"}.get(found.display, "select")
        if found.type is FieldType.REFERENCE:
            return "select" if self.choices.few(found) else "reference"
        return _KINDS[found.type]

    def _value(self, found: Field) -> object:
        if self.given is not None and found.name in self.given.values:
            return self.given.values[found.name]
        return self.state.values.get(found.name)

    def _stored(self, found: Field, path: str) -> Value:
        table, bracket, rest = path.partition("[")
        if not bracket:
            return self.state.values.get(found.name)
        rows = self.state.values.get(table)
        at = int(rest.partition("]")[0]) - 1
        row = rows[at] if isinstance(rows, list) and 0 <= at < len(rows) else None
        return row.get(found.name) if isinstance(row, dict) else None

    def _table(self, found: Field, drawn: Control, value: object) -> Control:
        stored = self.state.values.get(found.name)
        rows = value if isinstance(value, list) and drawn.editable else stored if isinstance(stored, list) else []
        growing = drawn.editable and not found.fixed_rows
        if growing and not rows:
            rows = [{}]
        return replace(
            drawn,
            columns=tuple(self.control(column, f"{found.name}[0].{column.name}", "") for column in found.columns),
            rows=tuple(self._row(found, drawn, row, at) for at, row in enumerate(rows, 1)),
            blank=Row(tuple(self._cells(found, drawn, {}, 0))),
            totals=self._totals(found),
            growing=growing,
        )

    def _row(self, table: Field, drawn: Control, row: Mapping[str, object], at: int) -> Row:
        prefilled = self.given is None or table.name not in self.given.values
        origin = str(at) if prefilled and row else str(row.get(ROW, ""))
        return Row(tuple(self._cells(table, drawn, row, at)), origin if drawn.editable else "")

    def _cells(self, table: Field, drawn: Control, row: Mapping[str, object], at: int) -> Iterator[Control]:
        """The cells of one row; a new row is visible and asks what every row asks."""
        known = f"{table.name}[{at}].{table.columns[0].name}" in self.state.visible if table.columns else False
        for column in table.columns:
            path = f"{table.name}[{at}].{column.name}"
            cell = self.control(column, path, row.get(column.name, ""))
            if not drawn.editable and cell.kind not in {"said", "file"}:
                cell = replace(cell, kind="said", words=self._words(column, self._stored(column, path)))
            yield cell if known else replace(cell, hidden=False, required=column.required)

    def _totals(self, table: Field) -> tuple[str, ...]:
        rows = self.state.values.get(table.name)
        if not isinstance(rows, list) or len(rows) < 2:
            return ()
        sums = [_sum(column, rows) for column in table.columns]
        return tuple(sums) if any(sums) else ()

    def _words(self, found: Field, value: Value) -> str:
        if isinstance(value, str) and found.type in {FieldType.ENUM, FieldType.REFERENCE, FieldType.USER}:
            return dict(self.choices.of(found)).get(value, value)
        if isinstance(value, Decimal) and (found.type is FieldType.MONEY or found.currency_field):
            return shown.money(value, str(self.state.values.get(found.currency_field) or ""))
        words = shown.plain(value)
        return f"{words} {localise(found.unit)}" if words and found.unit and found.derived else words

    def _files(self, value: object) -> Iterator[Kept]:
        for one in value if isinstance(value, list) else [value]:
            found = self.choices.file(one)
            if found is not None:
                yield Kept(*found)

    def _errors(self, path: str) -> tuple[str, ...]:
        if self.error is None:
            return ()
        return tuple(tell(one) for one in self.error.errors.get(path, ()))


def sheet(drawing: Drawing, panels: Mapping[str, FormState] | None = None) -> Sheet:
    """The whole form. `panels` is how it stands with each value of its outcome."""
    outcome = drawing.form.outcome
    paneled = _paneled(drawing.form) if outcome else frozenset()
    controls = tuple(
        drawing.control(found) for found in drawing.form if found is not outcome and found.name not in paneled
    )
    if outcome is None:
        return Sheet(controls, errors=_summary(controls))
    drawn = drawing.control(outcome)
    outcomes = tuple(_outcomes(drawing, outcome, paneled, panels or {}))
    within = tuple(control for choice in outcomes if choice.open for control in choice.panel)
    return Sheet(controls, drawn, outcomes, _summary((*controls, drawn, *within)))


@dataclass(frozen=True, slots=True)
class Said:
    """A field for those who may only read: its label and its words; of a table the headings and the rows."""

    label: str
    text: str
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def said(drawing: Drawing) -> list[Said]:
    """Labels and values of a form for those who may only read it."""
    found = [(drawing.control(one).label, one) for one in drawing.form if one.name in drawing.state.visible]
    words = [_said(drawing, label, one, drawing.state.values.get(one.name)) for label, one in found]
    return [each for each in words if each.text or each.rows]


def _said(drawing: Drawing, label: str, field: Field, value: Value) -> Said:
    rows = [row for row in value if isinstance(row, dict)] if field.columns and isinstance(value, list) else []
    if not rows:
        return Said(label, drawing._words(field, value))
    drawn = [tuple(drawing._words(column, row.get(column.name)) for column in field.columns) for row in rows]
    told = [place for place in range(len(field.columns)) if any(row[place] for row in drawn)]
    headings = tuple(localise(field.columns[place].label) for place in told)
    return Said(label, "", headings, tuple(tuple(row[place] for place in told) for row in drawn))


def _outcomes(
    drawing: Drawing, outcome: Field, paneled: frozenset[str], panels: Mapping[str, FormState]
) -> Iterator[Outcome]:
    chosen = str((drawing.given.values.get(outcome.name) if drawing.given else None) or "")
    for option in outcome.options:
        mine = option.id == chosen
        state = panels.get(option.id, drawing.state)
        own = replace(drawing, state=state) if mine else replace(drawing, state=state, given=None, error=None)
        prefix = f"{drawing.prefix}{PANEL}{option.id}:"
        panel = tuple(
            own.control(found, prefix=prefix)
            for found in drawing.form
            if found.name in paneled and found.name in state.visible
        )
        yield Outcome(option.id, localise(option.label), panel, mine and bool(panel))


def _paneled(form: Form) -> frozenset[str]:
    """The fields that one value of the outcome asks for: their visibility names it."""
    name = form.outcome.name if form.outcome else ""
    return frozenset(
        found.name for found in form if found.visible_when is not None and name in found.visible_when.names
    )


def _summary(controls: Sequence[Control]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (control.id, text)
        for outer in controls
        for control in (outer, *(cell for row in outer.rows for cell in row.cells))
        for text in control.errors
    )


def _attributes(found: Field) -> dict[str, str]:
    """Attributes of the HTML control that help typing; the engine checks all the same."""
    given: dict[str, str] = {}
    if found.type in NUMBERS:
        given["inputmode"] = "numeric" if found.type is FieldType.INTEGER else "decimal"
    if found.type in {FieldType.STRING, FieldType.TEXT, FieldType.CODE}:
        given["maxlength"] = str(found.max_length)
    if found.type in FILES and found.accept:
        given["accept"] = ",".join(found.accept)
    if found.type is FieldType.PHOTO:
        given["capture"] = "environment"
    return given


def _texts(value: object) -> tuple[str, ...]:  # noqa: PLR0911 one a type
    """A value as the texts that its control holds."""
    if value is None or value == "":
        return ()
    if isinstance(value, list):
        return tuple(text for one in value for text in _texts(one))
    if isinstance(value, bool):
        return ("true",) if value else ("false",)
    if isinstance(value, Decimal):
        return (f"{value:f}",)
    if isinstance(value, datetime):
        return (f"{times.local(value):%Y-%m-%dT%H:%M}",)
    if isinstance(value, time):
        return (f"{value:%H:%M}",)
    if isinstance(value, date):
        return (value.isoformat(),)
    return (str(value),)


def _sum(column: Field, rows: list[Value]) -> str:
    if column.type not in {FieldType.INTEGER, FieldType.COMPUTED} or column.unit == "%":
        return ""  # sums of prices and rates mean nothing
    found = [cast("dict[str, Value]", row).get(column.name) for row in rows]
    numbers = [value for value in found if isinstance(value, Decimal)]
    return shown.number(sum(numbers, Decimal(0))) if numbers else ""
