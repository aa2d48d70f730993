"""The types of decision files: what `typeRef` names mean, and whether a value has its type."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.decisions.model import ItemType
from engine.values import YearsMonths

ANY = ItemType("Any", "any")

_BASES = {
    "any": "any", "": "any", "string": "string", "boolean": "boolean", "number": "number", "double": "number",
    "decimal": "number", "float": "number", "integer": "integer", "int": "integer", "long": "integer",
    "short": "integer", "byte": "integer", "date": "date", "time": "time", "datetime": "date and time",
    "date and time": "date and time", "duration": "duration", "daytimeduration": "days and time duration",
    "days and time duration": "days and time duration", "yearmonthduration": "years and months duration",
    "years and months duration": "years and months duration", "context": "context", "list": "list",
}  # fmt: skip
_PYTHON: dict[str, tuple[type, ...]] = {
    "string": (str,), "boolean": (bool,), "number": (Decimal,), "integer": (Decimal,), "date": (date,),
    "time": (time,), "date and time": (datetime,), "duration": (timedelta, YearsMonths),
    "days and time duration": (timedelta,), "years and months duration": (YearsMonths,), "context": (dict,),
    "list": (list,),
}  # fmt: skip


def simple_type(reference: str) -> ItemType | None:
    """The built-in type of a `typeRef`, with or without a prefix (`feel:number`), or None for a name of the file."""
    base = _BASES.get(reference.rpartition(":")[2].strip().lower())
    return None if base is None else ItemType(reference or "Any", base)


def fits(value: Any, wanted: ItemType) -> bool:
    """Whether a value (not null) has a type; an integer is a number without a fraction."""
    if wanted.is_list:
        single = ItemType(wanted.name, wanted.base, False, wanted.allowed, wanted.components)
        return isinstance(value, list) and all(each is None or fits(each, single) for each in value)
    if wanted.components:
        return isinstance(value, Mapping) and all(
            value.get(name) is None or fits(value[name], part) for name, part in wanted.components.items()
        )
    if wanted.base == "any":
        return True
    if type(value) not in _PYTHON[wanted.base]:
        return False
    return wanted.base != "integer" or value == value.to_integral_value()
