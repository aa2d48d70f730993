"""From what was submitted for one field to its value: text, typed value, list or file alike.

`read` raises Refused, whose text names the label, the rule and what was entered.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeVar

from engine import scalars
from engine.errors import Invalid
from engine.forms.context import FormContext
from engine.forms.model import FILES, NUMBERS, TEXTS, Field, FieldType
from engine.values import Value

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MOST_FILES = 50
_MOST_DIGITS = 30
_YEARS = range(1900, 3000)
Day = TypeVar("Day", date, datetime)


class Refused(Invalid):
    """One field's answer breaks its rule."""

    code = "field-refused"


def read(field: Field, raw: object, context: FormContext) -> Value:
    """The value of one field (not of a table). Empty texts and lists are None. Raises Refused."""
    if field.multiple:
        return _several(field, raw, context)
    if isinstance(raw, (list, tuple)):
        if len(raw) > 1:
            raise Refused("%(label)s takes one answer; %(count)d were given.", label=field.label, count=len(raw))
        raw = raw[0] if raw else None
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return False if field.type is FieldType.BOOLEAN and raw is not None else None
    return _READERS[field.type](field, raw, context)


def _several(field: Field, raw: object, context: FormContext) -> Value:
    given = list(raw) if isinstance(raw, (list, tuple)) else [raw]
    found: list[Value] = []
    for each in given:
        if each is None or each == "":
            continue
        value = _READERS[field.type](field, each, context)
        if value not in found:
            found.append(value)
    limit = field.max_count or (_MOST_FILES if field.type in FILES else None)
    if limit is not None and len(found) > limit:
        raise Refused("%(label)s takes at most %(most)d; %(count)d were given.", label=field.label, most=limit,
                      count=len(found))  # fmt: skip
    return found or None


def _text(field: Field, raw: object, _context: FormContext) -> Value:
    if not isinstance(raw, (str, Decimal, int)) or isinstance(raw, bool):
        raise Refused("%(label)s must be a text.", label=field.label)
    text = _CONTROL.sub("", str(raw).replace("\r\n", "\n")).strip()
    if field.type is not FieldType.TEXT:
        text = " ".join(text.split("\n"))
    if len(text) > field.max_length:
        raise Refused("%(label)s must have at most %(most)s characters; it has %(count)s.", label=field.label,
                      most=f"{field.max_length:,}", count=f"{len(text):,}")  # fmt: skip
    if text and len(text) < field.min_length:
        raise Refused("%(label)s must have at least %(least)d characters; it has %(count)d.", label=field.label,
                      least=field.min_length, count=len(text))  # fmt: skip
    return text or None


def _number(field: Field, raw: object, _context: FormContext) -> Value:
    try:
        if isinstance(raw, bool):
            raise ValueError
        value = raw if isinstance(raw, Decimal) else scalars.number(_plain_number(raw))
        if not value.is_finite() or abs(value.adjusted()) > _MOST_DIGITS:
            raise ValueError
        if field.type is FieldType.INTEGER:
            return scalars.integer(f"{value:f}")
        return value
    except ValueError as error:
        template = (
            "%(label)s must be a whole number; you entered %(value)s."
            if field.type is FieldType.INTEGER
            else "%(label)s must be a number; you entered %(value)s."
        )
        raise Refused(template, label=field.label, value=shown(raw)) from error


def _plain_number(raw: object) -> str:
    if isinstance(raw, float):
        return f"{Decimal(repr(raw)):f}"
    return str(raw)


def _day(field: Field, raw: object, context: FormContext) -> Value:
    try:
        return _in_range(_as_day(raw, context))
    except ValueError as error:
        raise Refused("%(label)s must be a date such as 2026-10-01; you entered %(value)s.", label=field.label,
                      value=shown(raw)) from error  # fmt: skip


def _as_day(raw: object, context: FormContext) -> date:
    if isinstance(raw, datetime):
        return (raw.astimezone(context.zone()) if raw.tzinfo else raw).date()
    if isinstance(raw, date):
        return raw
    # Spreadsheets write a day as its midnight.
    return scalars.day(str(raw).removesuffix("T00:00:00").removesuffix(" 00:00:00"))


def _in_range(found: Day) -> Day:
    if found.year not in _YEARS:
        raise ValueError(found)
    return found


def _clock(field: Field, raw: object, _context: FormContext) -> Value:
    if isinstance(raw, time):
        return raw.replace(tzinfo=None)
    try:
        return scalars.clock_time(str(raw))
    except ValueError as error:
        raise Refused("%(label)s must be a time such as 17:30; you entered %(value)s.", label=field.label,
                      value=shown(raw)) from error  # fmt: skip


def _moment(field: Field, raw: object, context: FormContext) -> Value:
    try:
        if isinstance(raw, datetime):
            return _in_range(raw if raw.tzinfo else raw.replace(tzinfo=context.zone()))
        return _in_range(scalars.moment(str(raw), context.zone()))
    except ValueError as error:
        raise Refused("%(label)s must be a date and time such as 2026-10-01 17:30; you entered %(value)s.",
                      label=field.label, value=shown(raw)) from error  # fmt: skip


def _boolean(field: Field, raw: object, _context: FormContext) -> Value:
    if isinstance(raw, bool):
        return raw
    try:
        return scalars.boolean(str(raw))
    except ValueError as error:
        raise Refused("%(label)s must be yes or no; you entered %(value)s.", label=field.label,
                      value=shown(raw)) from error  # fmt: skip


def _choice(field: Field, raw: object, _context: FormContext) -> Value:
    option = field.option(str(raw))
    if option is None:
        raise Refused("%(label)s must be one of %(options)s; you entered %(value)s.", label=field.label,
                      options=", ".join(option.label for option in field.options), value=shown(raw))  # fmt: skip
    return option.id


def _reference(field: Field, raw: object, context: FormContext) -> Value:
    key = str(raw).strip()
    if field.reference.startswith("record:"):
        found = context.has_record(field.reference.removeprefix("record:"), key)
    else:
        found = context.has_item(field.reference, key)
    if not found:
        raise Refused("%(label)s: there is no %(value)s in the list. Choose one that is offered.", label=field.label,
                      value=shown(raw))  # fmt: skip
    return key


def _person(field: Field, raw: object, context: FormContext) -> Value:
    user_id = str(raw).strip().removeprefix("user:")
    if not context.has_person(user_id, field.reference.removeprefix("group:")):
        raise Refused("%(label)s: %(value)s cannot be chosen. Choose a person that is offered.", label=field.label,
                      value=shown(raw))  # fmt: skip
    return user_id


def _file(field: Field, raw: object, context: FormContext) -> Value:
    found = context.stored_file(raw if isinstance(raw, Mapping) else str(raw))
    if found is None:
        raise Refused("%(label)s: the file is not there any more. Upload it again.", label=field.label)
    name, type_, size = str(found.get("name", "")), str(found.get("type", "")), found.get("size")
    if field.accept and not any(_accepts(pattern, name, type_) for pattern in field.accept):
        raise Refused("%(label)s takes %(accept)s; %(name)s is %(type)s.", label=field.label,
                      accept=", ".join(field.accept), name=name, type=type_)  # fmt: skip
    if field.max_size is not None and isinstance(size, Decimal) and size > field.max_size:
        raise Refused("%(label)s takes files up to %(most)s MB; %(name)s has %(size)s MB.", label=field.label,
                      most=_megabytes(field.max_size), name=name, size=_megabytes(int(size)))  # fmt: skip
    return dict(found)


def _accepts(pattern: str, name: str, type_: str) -> bool:
    if pattern.startswith("."):
        return name.lower().endswith(pattern)
    return fnmatch.fnmatchcase(type_.lower(), pattern)


def _megabytes(size: int) -> str:
    return f"{Decimal(size) / 1024**2:.1f}"


def _anything(_field: Field, raw: object, _context: FormContext) -> Value:
    return raw  # type: ignore[return-value]


_READERS: Mapping[FieldType, Callable[[Field, object, FormContext], Value]] = {
    **dict.fromkeys(TEXTS, _text),
    **dict.fromkeys(NUMBERS, _number),
    **dict.fromkeys(FILES, _file),
    FieldType.DATE: _day,
    FieldType.TIME: _clock,
    FieldType.DATETIME: _moment,
    FieldType.BOOLEAN: _boolean,
    FieldType.CONFIRM: _boolean,
    FieldType.ENUM: _choice,
    FieldType.REFERENCE: _reference,
    FieldType.USER: _person,
    FieldType.TABLE: _anything,
    FieldType.COMPUTED: _anything,
    FieldType.INFO: _anything,
}


def shown(raw: object) -> str:
    """A value as a message shows it: numbers with separators, moments without seconds, long texts cut."""
    if isinstance(raw, Decimal):
        return f"{raw:,f}"
    if isinstance(raw, datetime):
        return f"{raw:%Y-%m-%d %H:%M}"
    if isinstance(raw, str) and raw.strip():
        try:
            return f"{scalars.number(raw):,f}"
        except ValueError:
            return raw if len(raw) <= 60 else f"{raw[:60]}…"
    return str(raw)
