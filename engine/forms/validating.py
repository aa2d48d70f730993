"""The one check of a submission against its form, whoever submits: values in, values out, or all errors at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date, datetime, time
from decimal import Decimal

from engine.definitions.practice import nearest
from engine.errors import FormInvalid, GendanError
from engine.expressions import Compiled
from engine.forms.context import FormContext
from engine.forms.filling import default_row, filled
from engine.forms.model import MOMENTS, NUMBERS, Field, FieldType, Form
from engine.forms.reading import Refused, read, shown
from engine.forms.scope import ROW, Scope
from engine.values import Value

_MOST_ROWS = 2000
_PLACE_DIGITS = 6


@dataclass(frozen=True, slots=True)
class FormState:
    """How a form stands with some values, for a page: paths of what is asked, required, read only, and all values."""

    values: Mapping[str, Value]
    visible: frozenset[str]
    required: frozenset[str]
    readonly: frozenset[str]


@dataclass(slots=True)
class _Errors:
    found: dict[str, list[GendanError]] = dataclass_field(default_factory=dict)

    def add(self, path: str, error: GendanError) -> None:
        self.found.setdefault(path, []).append(error)


def validate(
    form: Form, values: Mapping[str, object], names: Mapping[str, Value], context: FormContext, variables: bool = True
) -> dict[str, Value]:
    """The values to store: fields that are asked, and computed ones; hidden, read-only and info fields are left out.

    `values` may hold typed values or texts (as pages, YAML, Excel and JSON give them); what is missing stays as it is
    prefilled from `names`. Raises FormInvalid with the errors of all fields.
    """
    errors = _Errors()
    scope = _scope(form, values, names, context, errors, variables)
    stored: dict[str, Value] = {}
    for field in form:
        if scope.visible(field):
            _check(field, scope, field.name, errors)
            if field.type is not FieldType.INFO and (field.derived or not scope.readonly(field)):
                stored[field.name] = scope.value(field.name)
    if errors.found:
        raise FormInvalid({path: tuple(found) for path, found in errors.found.items()})
    return stored


def state(
    form: Form, values: Mapping[str, object], names: Mapping[str, Value], context: FormContext, variables: bool = True
) -> FormState:
    """How the form stands with values that need not be complete or right yet."""
    scope = _scope(form, values, names, context, _Errors(), variables)
    found: dict[str, set[str]] = {"visible": set(), "required": set(), "readonly": set()}
    for field in form:
        _note(field, scope, field.name, found)
        for place, row in enumerate(scope.rows(field) if field.type is FieldType.TABLE else (), 1):
            for column in field.columns:
                _note(column, row, f"{field.name}[{place}].{column.name}", found)
    shown_values = {field.name: scope.value(field.name) for field in form}
    return FormState(shown_values, *(frozenset(found[name]) for name in ("visible", "required", "readonly")))


def _note(field: Field, scope: Scope, path: str, found: Mapping[str, set[str]]) -> None:
    for name, true in (
        ("visible", scope.visible(field)), ("required", scope.required(field)), ("readonly", scope.readonly(field))
    ):  # fmt: skip
        if true:
            found[name].add(path)


def _scope(
    form: Form,
    values: Mapping[str, object],
    names: Mapping[str, Value],
    context: FormContext,
    errors: _Errors,
    variables: bool,
) -> Scope:
    before = filled(form, names, context, variables)
    given = dict(before)
    _unknown(values, tuple(field.name for field in form), "", errors)
    for field in form:
        if field.derived or field.name not in values:
            continue
        raw = values[field.name]
        if field.type is FieldType.TABLE:
            given[field.name] = _rows(field, raw, before[field.name], names, context, errors)
        else:
            given[field.name] = _read(field, raw, field.name, context, errors)
    scope = Scope(form.fields, given, before, names, context)
    _forgive(scope, errors)
    return scope


def _forgive(scope: Scope, errors: _Errors) -> None:
    """What is hidden or read only is not taken at all, so that nothing can be wrong with it."""
    for path in list(errors.found):
        table, _, rest = path.partition("[")
        field = scope.fields.get(table)
        if field is None:
            continue
        if not scope.visible(field) or scope.readonly(field):
            del errors.found[path]
        elif rest:
            place, _, name = rest.partition("].")
            row, column = scope.rows(field)[int(place) - 1], field.column(name)
            if column is not None and (not row.visible(column) or row.readonly(column)):
                del errors.found[path]


def _read(field: Field, raw: object, path: str, context: FormContext, errors: _Errors) -> Value:
    try:
        return read(field, raw, context)
    except Refused as error:
        errors.add(path, error)
        return None


def _rows(
    table: Field, raw: object, before: Value, names: Mapping[str, Value], context: FormContext, errors: _Errors
) -> Value:
    if raw is None or raw == "":
        raw = []
    if not isinstance(raw, (list, tuple)) or not all(isinstance(row, Mapping) for row in raw):
        errors.add(table.name, Refused("%(label)s must be rows.", label=table.label))
        return before
    most = table.max_count or _MOST_ROWS
    if len(raw) > most:
        errors.add(table.name, Refused("%(label)s takes at most %(most)d rows; %(count)d were given.",
                                       label=table.label, most=most, count=len(raw)))  # fmt: skip
        return before
    prefilled = before if isinstance(before, list) else []
    if table.fixed_rows and len(raw) != len(prefilled):
        errors.add(table.name, Refused("%(label)s has %(fixed)d rows; %(count)d were given.", label=table.label,
                                       fixed=len(prefilled), count=len(raw)))  # fmt: skip
        return before
    start = default_row(table, names, context)
    return [
        _cells(table, row, _origin(table, row, place, prefilled) or start, f"{table.name}[{place}]", context, errors)
        for place, row in enumerate(raw, 1)
    ]


def _origin(table: Field, row: Mapping[str, object], place: int, prefilled: list[Value]) -> Mapping[str, Value] | None:
    """The prefilled row that a row was; of a table with free rows only when the row tells."""
    marked = row.get(ROW)
    number = int(str(marked)) if _is_place(str(marked)) else place if table.fixed_rows else 0
    found = prefilled[number - 1] if 0 < number <= len(prefilled) else None
    return found if isinstance(found, dict) else None


def _cells(
    table: Field,
    row: Mapping[str, object],
    before: Mapping[str, Value],
    path: str,
    context: FormContext,
    errors: _Errors,
) -> Value:
    columns = tuple(column.name for column in table.columns)
    own = {name: value for name, value in row.items() if name not in before or name in columns}
    _unknown(own, (*columns, ROW), f"{path}.", errors)
    found: dict[str, Value] = {"$before": dict(before)}
    for column in table.columns:
        if not column.derived:
            given = column.name in row
            found[column.name] = (
                _read(column, row[column.name], f"{path}.{column.name}", context, errors)
                if given
                else before.get(column.name)
            )
    return found


def _unknown(values: Mapping[str, object], known: tuple[str, ...], prefix: str, errors: _Errors) -> None:
    for name in values:
        if name not in known:
            errors.add(f"{prefix}{name}", Refused("There is no field %(name)s in this form.%(guess)s", name=name,
                                                  guess=nearest(str(name), known)))  # fmt: skip


def _check(field: Field, scope: Scope, path: str, errors: _Errors) -> None:
    """Everything that is asked of one visible field."""
    if path in errors.found:
        return
    value = scope.value(field.name)
    if not scope.readonly(field):
        _check_required(field, scope, value, path, errors)
        _check_bounds(field, scope, value, path, errors)
    if field.type is FieldType.TABLE and field.compute is None:
        for place, row in enumerate(scope.rows(field), 1):
            for column in field.columns:
                if row.visible(column):
                    _check(column, row, f"{path}[{place}].{column.name}", errors)
    if field.check is not None and value is not None and scope.evaluate(field.check) is False:
        message = field.check.source if field.check_message is None else scope.evaluate(field.check_message)
        # Without fields the text of the diagram is taken as it stands, per cent signs and all.
        errors.add(path, Refused(str(message)))


def _check_required(field: Field, scope: Scope, value: Value, path: str, errors: _Errors) -> None:
    if field.type is FieldType.CONFIRM and value is not True:
        errors.add(path, Refused("%(label)s must be confirmed.", label=field.label))
    elif field.type is FieldType.TABLE and isinstance(value, list):
        least = max(field.min_rows, 1 if scope.required(field) else 0)
        if len(value) < least:
            errors.add(path, Refused("%(label)s needs at least %(least)d rows.", label=field.label, least=least))
    elif value is None and scope.required(field):
        errors.add(path, Refused("%(label)s is required.", label=field.label))


def _check_bounds(field: Field, scope: Scope, value: Value, path: str, errors: _Errors) -> None:
    if value is None or field.type not in NUMBERS | MOMENTS:
        return
    least, most = (_bound(field, bound, scope) for bound in (field.minimum, field.maximum))
    low, high = least is not None and value < least, most is not None and value > most  # type: ignore[operator]
    if not (low or high):
        return
    given = {"label": field.label, "min": shown(least), "max": shown(most), "value": shown(value)}
    if least is not None and most is not None:
        text = "%(label)s must be %(min)s to %(max)s; you entered %(value)s."
    elif low:
        text = "%(label)s must be at least %(min)s; you entered %(value)s."
    else:
        text = "%(label)s must be at most %(max)s; you entered %(value)s."
    errors.add(path, Refused(text, **given))


def _bound(field: Field, bound: Compiled | None, scope: Scope) -> Decimal | date | time | datetime | None:
    if bound is None:
        return None
    try:
        value = read(field, scope.evaluate(bound), scope.context)
    except Refused:
        return None
    return value if isinstance(value, (Decimal, date, time, datetime)) else None


def _is_place(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _PLACE_DIGITS
