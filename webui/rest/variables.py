"""Variables in Camunda 7's typed form, both ways.

| here | there |
|---|---|
| text | String |
| number | Long when it is whole and fits, else Double; every digit is kept |
| true, false | Boolean |
| date, date and time | Date, a date at its midnight in the house |
| time, duration | String, as ISO 8601 writes it |
| list, context | Json, its text in `value`; Object with the serialization format application/json is read as well |
| file | File, name and type in `valueInfo`, without the contents |
| null | Null |
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Any, NoReturn

import msgspec

from engine.values import Value, YearsMonths
from webui import times
from webui.access import engine
from webui.rest import door
from webui.rest.refusing import Refused, invalid, unsupported
from webui.rest.shapes import Answer, Body, Moment, decode, encode

JSON = "application/json"
_LONG = 2**63
_LARGEST = 308  # the exponent of the largest double
_FILE_KEYS = frozenset({"file", "name", "size"})


class Given(Body, frozen=True, kw_only=True):
    """A variable that a client sends. Without `type` the kind of its JSON value is taken."""

    value: Any = None
    type: str | None = None
    value_info: dict[str, Any] | None = None
    local: bool = False


class Shown(Answer, frozen=True, kw_only=True):
    """A variable that is answered."""

    type: str
    value: Any
    value_info: dict[str, Any]


def read(given: Mapping[str, Given] | None) -> dict[str, Value]:
    """Name → value of what a client sent. Raises Refused naming the variable."""
    return {name: value_of(name, each) for name, each in (given or {}).items()}


def value_of(name: str, given: Given) -> Value:
    """One value. A file is taken up as an upload of who asks. Raises Refused."""
    kind = given.type.lower() if given.type else ""
    if given.value is None and kind != "file":
        return None
    if not kind:
        return _plain(name, given.value)
    reader = _READERS.get(kind)
    if reader is None:
        raise unsupported(f"The variable {name} is of the type {given.type}, which is not supported.")
    try:
        return reader(name, given)
    except (ValueError, InvalidOperation, OverflowError) as error:
        raise _wrong(name, given, given.type or "") from error


def show(value: Value) -> Shown:
    """One value as it is answered."""
    kind, shown, info = _shown(value)
    return Shown(type=kind, value=shown, value_info=info)


def shown(values: Mapping[str, Value]) -> dict[str, Shown]:
    """All of them."""
    return {name: show(value) for name, value in values.items()}


# --- out --------------------------------------------------------------------------------------------------------


def _shown(value: Value) -> tuple[str, Any, dict[str, Any]]:  # noqa: PLR0911 - one way out a kind
    match value:
        case None:
            return "Null", None, {}
        case bool():
            return "Boolean", value, {}
        case Decimal():
            whole = value == value.to_integral_value() and -_LONG <= value < _LONG
            return ("Long", int(value), {}) if whole else ("Double", value, {})
        case str():
            return "String", value, {}
        case datetime():
            return "Date", Moment(value), {}
        case date():
            return "Date", Moment(datetime.combine(value, time(), times.zone())), {}
        case dict() if value.keys() >= _FILE_KEYS:
            return "File", None, {"filename": value["name"], "mimeType": value.get("type") or None, "encoding": None}
        case dict() | list():
            return "Json", encode(_json(value)).decode(), {}
    return "String", str(_json(value)), {}


def _json(value: Value) -> Any:  # noqa: PLR0911 - one way out a kind
    match value:
        case datetime():
            return str(Moment(value))
        case date() | time():
            return value.isoformat()
        case YearsMonths():
            return f"P{value.months}M" if value.months >= 0 else f"-P{-value.months}M"
        case timedelta():
            return msgspec.to_builtins(value)
        case dict():
            return {name: _json(each) for name, each in value.items()}
        case list():
            return [_json(each) for each in value]
    return value


# --- in ---------------------------------------------------------------------------------------------------------


def _plain(name: str, given: Any) -> Value:
    """A value of JSON as it is."""
    match given:
        case None | bool() | str():
            return given
        case int() | float() | Decimal():
            return _number(name, Decimal(given))
        case list():
            return [_plain(name, each) for each in given]
        case dict():
            return {str(key): _plain(name, each) for key, each in given.items()}
    raise invalid(f"The variable {name} cannot be read.")


def _number(name: str, found: Decimal) -> Decimal:
    if not found.is_finite() or found.adjusted() > _LARGEST or found.adjusted() < -_LARGEST:
        raise invalid(f"The variable {name} is {found}, which is no number that can be counted with.")
    return found


def _text(name: str, given: Given) -> Value:
    return given.value if isinstance(given.value, str) else _wrong_now(name, given)


def _boolean(name: str, given: Given) -> Value:
    found = {"true": True, "false": False}.get(str(given.value).lower())
    return found if found is not None else _wrong_now(name, given)


def _whole(name: str, given: Given) -> Value:
    found = _decimal(name, given)
    return found if found == found.to_integral_value() and -_LONG <= found < _LONG else _wrong_now(name, given)


def _decimal(name: str, given: Given) -> Decimal:
    if isinstance(given.value, bool) or not isinstance(given.value, int | Decimal | float | str):
        _wrong_now(name, given)
    return _number(name, Decimal(given.value))


def _date(name: str, given: Given) -> Value:
    return Moment.read(given.value).at if isinstance(given.value, str) else _wrong_now(name, given)


def _from_json(name: str, given: Given) -> Value:
    if not isinstance(given.value, str):
        return _plain(name, given.value)
    return _plain(name, decode(given.value.encode(), Any))


def _object(name: str, given: Given) -> Value:
    written = (given.value_info or {}).get("serializationDataFormat", JSON)
    if written != JSON:
        raise unsupported(f"The variable {name} is an object in {written}; send {JSON}.")
    return _from_json(name, given)


def _file(name: str, given: Given) -> Value:
    info = given.value_info or {}
    named = info.get("filename")
    if not isinstance(given.value, str) or not isinstance(named, str) or not named:
        raise invalid(f"The file {name} needs its contents in base64 in value, and valueInfo.filename.")
    kept = engine().files.upload(BytesIO(b64decode(given.value, validate=True)), named, door.actor())
    return {"file": kept.digest, "name": kept.name, "type": kept.type, "size": Decimal(kept.size)}


def _null(name: str, given: Given) -> Value:
    return _wrong_now(name, given)


def _wrong_now(name: str, given: Given) -> NoReturn:
    raise _wrong(name, given, given.type or "")


def _wrong(name: str, given: Given, kind: str) -> Refused:
    return invalid(f"The variable {name} is no {kind}: {str(given.value)[:100]}")


_READERS: Mapping[str, Callable[[str, Given], Value]] = {
    "string": _text,
    "boolean": _boolean,
    "short": _whole,
    "integer": _whole,
    "long": _whole,
    "double": _decimal,
    "number": _decimal,
    "date": _date,
    "json": _from_json,
    "object": _object,
    "file": _file,
    "null": _null,
}
