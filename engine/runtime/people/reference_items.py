"""What makes an item of a reference list right: its key, and each column by its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.definitions.practice import Column, ReferenceList, expected_cell, read_cell
from engine.errors import GendanError, Invalid
from engine.store import lookups
from engine.store.connect import Connection
from engine.values import Value, dumps, loads

LONGEST_KEY = 100
_LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Known:
    """What the values of an item may refer to, asked once and kept: items of other lists, people."""

    has_item: Callable[[str, str], bool]
    has_person: Callable[[str], bool]


def known(connection: Connection) -> Known:
    """What is known on an open connection."""
    items: dict[tuple[str, str], bool] = {}
    people: dict[str, bool] = {}

    def has_item(list_id: str, key: str) -> bool:
        if (list_id, key) not in items:
            items[list_id, key] = lookups.reference(connection, list_id, key) is not None
        return items[list_id, key]

    def has_person(user_id: str) -> bool:
        if user_id not in people:
            people[user_id] = lookups.has_person(connection, user_id)
        return people[user_id]

    return Known(has_item, has_person)


def check_key(key: str) -> GendanError | None:
    """What is wrong with a key, if anything."""
    if not key or len(key) > LONGEST_KEY or key != key.strip() or not key.isprintable():
        return Invalid("A key has 1 to %(most)d characters, without blanks around them.", most=LONGEST_KEY)
    return None


def read_values(
    of: ReferenceList, given: Mapping[str, object], world: Known
) -> tuple[dict[str, Value], dict[str, GendanError]]:
    """The values of all columns, and what is wrong by column. Texts and typed values mean the same; a missing column
    has its default."""
    values: dict[str, Value] = {}
    errors: dict[str, GendanError] = {}
    for name in given:
        if of.column(name) is None:
            errors[name] = Invalid("The list has no column %(name)s.", name=name)
    for column in of.columns:
        try:
            values[column.name] = _read(column, given.get(column.name), column.name in given, world)
        except Invalid as error:
            errors[column.name] = error
    return values, errors


def repeated(of: ReferenceList, items: Mapping[str, Mapping[str, Value]]) -> dict[str, dict[str, GendanError]]:
    """Key → column → error, for values that stand twice in a column that must be unique; the first keeps it."""
    found: dict[str, dict[str, GendanError]] = {}
    for column in of.columns:
        first: dict[str, str] = {}
        for key, values in items.items() if column.unique else ():
            value = values.get(column.name)
            if value is None:
                continue
            holder = first.setdefault(dumps(value), key)
            if holder != key:
                found.setdefault(key, {})[column.name] = Invalid(
                    "%(column)s is the same as in %(key)s.", column=str(column.label), key=holder
                )
    return found


def row_of(of: ReferenceList, key: str, values: Mapping[str, Value], active: bool) -> dict[str, Any]:
    """An item as it is stored, without when and by whom."""
    label = values.get(of.label_column)
    words = [key, *(str(value) for value in values.values() if value is not None)]
    return {
        "list_id": of.id,
        "key": key,
        "label": str(label) if label is not None else key,
        "content": dumps(dict(values)),
        "search": " ".join(words).lower(),
        "active": active,
    }


def values_of(row: Any) -> dict[str, Value]:
    """The values of a stored item."""
    found = loads(row.content) if row.content else {}
    assert isinstance(found, dict)
    return found


def _read(column: Column, raw: object, given: bool, world: Known) -> Value:
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        value: Value = None if given else column.default
        if value is None and column.required:
            raise Invalid("%(column)s is required.", column=str(column.label))
        return value
    try:
        value = read_cell(column, _as_text(column, raw))
    except ValueError as error:
        raise Invalid(
            "%(column)s must be %(expected)s; found %(value)s.",
            column=str(column.label),
            expected=expected_cell(column),
            value=str(raw)[:60],
        ) from error
    _check_existence(column, value, world)
    return value


def _as_text(column: Column, raw: object) -> str:
    if isinstance(raw, datetime) and column.type == "date":
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, bool):
        return "true" if raw else "false"
    text = f"{raw:f}" if isinstance(raw, Decimal) else str(raw).strip()
    if len(text) > _LONGEST_TEXT:
        raise ValueError(text)
    return text


def _check_existence(column: Column, value: Value, world: Known) -> None:
    wrong = (column.type == "reference" and not world.has_item(column.reference, str(value))) or (
        column.type == "user" and not world.has_person(str(value))
    )
    if wrong:
        raise Invalid("%(column)s: there is no %(value)s to refer to.", column=str(column.label), value=str(value)[:60])
