"""Values of the engine as people read them; the filters of the templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from flask_babel import format_decimal

from engine.forms import Field
from engine.values import Value, YearsMonths
from engine.views import FieldValue
from webui import times
from webui.words import gettext, localise

_CURRENCIES = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


def number(value: Decimal | int) -> str:
    """Digits with thousands separators, as many decimals as the value has."""
    return str(format_decimal(value, "#,##0.##########"))


def money(value: Decimal | int, currency: str = "") -> str:
    """`¥ 111,600` or `111,600.50`; cents only when there are some."""
    digits = str(format_decimal(value, "#,##0" if value == int(value) else "#,##0.00"))
    sign = _CURRENCIES.get(currency, currency)
    return f"{sign} {digits}".strip()


def plain(value: Value) -> str:  # noqa: PLR0911 one a type
    """Any value as one line of text."""
    match value:
        case None | "":
            return ""
        case bool():
            return gettext("yes") if value else gettext("no")
        case Decimal() | int():
            return number(value)
        case datetime():
            return times.exact(value)
        case date():
            return f"{value:%Y-%m-%d}"
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            return duration(value)
        case YearsMonths():
            return gettext("%(count)d months", count=value.months)
        case list():
            return gettext(", ").join(plain(item) for item in value)
        case dict():
            return plain(value["name"]) if "file" in value else gettext(", ").join(map(plain, value.values()))
    return localise(str(value))


def duration(value: timedelta) -> str:
    """`2 d 3 h 5 min`, without the parts that are zero."""
    minutes = abs(value) // timedelta(minutes=1)
    parts = (
        (minutes // 1440, gettext("%(count)d d", count=minutes // 1440)),
        (minutes // 60 % 24, gettext("%(count)d h", count=minutes // 60 % 24)),
        (minutes % 60, gettext("%(count)d min", count=minutes % 60)),
    )
    return " ".join(text for amount, text in parts if amount) or gettext("%(count)d min", count=0)


def field(found: FieldValue) -> str:
    """The value of a published field in the words of its type."""
    if found.text:
        return localise(found.text)
    if found.type == "money" and isinstance(found.value, Decimal):
        return money(found.value)
    return plain(found.value)


def worded(value: Value, asked: Field | None) -> str:
    """A value in the words of the form that asked for it: a choice by its label."""
    option = asked.option(value) if asked else None
    return localise(option.label) if option else plain(value)


def size(count: int) -> str:
    """`412 KB`."""
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024))} KB"
    return f"{count / 1024 / 1024:.1f} MB"


def dates(fields: tuple[FieldValue, ...]) -> list[FieldValue]:
    """The fields that are dates with a value: a list shows them with working days left."""
    return [item for item in fields if item.type == "date" and isinstance(item.value, date)]


def toned(fields: tuple[FieldValue, ...]) -> list[FieldValue]:
    """The fields that carry a tone (severity, level)."""
    return [item for item in fields if item.tone and item.value not in (None, "")]


def others(fields: tuple[FieldValue, ...]) -> list[FieldValue]:
    """What is left: the words that tell one row from another."""
    return [item for item in fields if item.type != "date" and not item.tone and item.value not in (None, "", False)]


def changes(before: Mapping[str, Value], after: Mapping[str, Value]) -> list[tuple[str, Value, Value]]:
    """Names whose value differs, with both values."""
    return [(name, before.get(name), value) for name, value in after.items() if before.get(name) != value]


FILTERS = {
    "plain": plain,
    "field": field,
    "worded": worded,
    "number": number,
    "money": money,
    "duration": duration,
    "filesize": size,
    "clock": times.clock,
    "exact": times.exact,
    "due": times.due,
    "day": times.day,
    "weekday": times.weekday,
    "days_left": times.days_left,
    "ago": times.ago,
    "age": times.age,
    "localise": localise,
    "dates": dates,
    "toned": toned,
    "others": others,
}
