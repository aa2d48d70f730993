"""How a form is filled beforehand: by its prefill, else the variable of the name, else its default."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping

from engine.expressions import Compiled
from engine.forms.context import FormContext
from engine.forms.model import FILES, Field, FieldType, Form
from engine.forms.reading import Refused, read
from engine.forms.scope import Scope
from engine.values import Value


def prefill(form: Form, names: Mapping[str, Value], context: FormContext, variables: bool = True) -> dict[str, Value]:
    """The values a form is shown with: every field, computed ones included.

    `names` are the visible variables. With `variables=False` (a task with `noPrefill`) only prefill expressions and
    defaults fill it.
    """
    before = filled(form, names, context, variables)
    scope = Scope(form.fields, before, before, names, context)
    return {field.name: _shown(scope, field, before) for field in form}


def filled(form: Form, names: Mapping[str, Value], context: FormContext, variables: bool = True) -> dict[str, Value]:
    """What fills the fields that are not computed; each sees the ones before it."""
    before: dict[str, Value] = {}
    seen: Mapping[str, Value] = ChainMap(before, names)  # type: ignore[arg-type]
    for field in form:
        if not field.derived:
            before[field.name] = _filling(field, names if variables else {}, seen, context)
    return before


def default_row(table: Field, names: Mapping[str, Value], context: FormContext) -> dict[str, Value]:
    """What a new row of a table begins with."""
    return {column.name: _default(column, names, context) for column in table.columns if not column.derived}


def _shown(scope: Scope, field: Field, before: Mapping[str, Value]) -> Value:
    if field.type is FieldType.INFO and field.compute is None:
        return _text_of(field.default, scope)
    if field.derived or field.type is FieldType.TABLE:
        return scope.value(field.name)
    return before[field.name]


def _text_of(text: Compiled | None, scope: Scope) -> Value:
    return None if text is None else scope.evaluate(text)


def _filling(field: Field, variables: Mapping[str, Value], seen: Mapping[str, Value], context: FormContext) -> Value:
    found: Value = None
    if field.prefill is not None:
        found = field.prefill.evaluate(seen, context, strict=False)
    elif field.prefilled and field.name in variables:
        found = variables[field.name]
    value = _as_filled(field, found, seen, context)
    return _default(field, seen, context) if value is None else value


def _default(field: Field, seen: Mapping[str, Value], context: FormContext) -> Value:
    if field.default is not None and not field.outcome:
        return _as_filled(field, field.default.evaluate(seen, context, strict=False), seen, context)
    return False if field.type is FieldType.BOOLEAN else None


def _as_filled(field: Field, value: Value, seen: Mapping[str, Value], context: FormContext) -> Value:
    """The value in the field's type; one that does not fit (a variable of another meaning) fills nothing."""
    if field.type is FieldType.TABLE:
        rows = value if isinstance(value, list) else []
        return [_row(field, row, seen, context) for row in rows if isinstance(row, dict)]
    if field.type in (FieldType.REFERENCE, FieldType.USER) or field.type in FILES:
        return value  # it was checked when it was chosen, and may have left the list since
    try:
        return read(field, value, context)
    except Refused:
        return value if field.readonly is not None else None


def _row(table: Field, row: Mapping[str, Value], seen: Mapping[str, Value], context: FormContext) -> Value:
    found: dict[str, Value] = dict(row)
    for column in table.columns:
        if not column.derived:
            found[column.name] = _as_filled(column, row.get(column.name), seen, context)
    return found
