"""The types of settings, record fields and reference columns, and how a text becomes a value of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine import scalars
from engine.definitions.practice.source import Entry, Label, unique
from engine.values import Value

_READ: Mapping[str, tuple[Callable[[str], Value], str]] = {
    "text": (lambda text: text, "a text"),
    "integer": (scalars.integer, "a whole number"),
    "number": (scalars.number, "a number"),
    "money": (scalars.number, "an amount such as 1200.50"),
    "date": (scalars.day, "a date such as 2026-10-01"),
    "time": (scalars.clock_time, "a time such as 17:30"),
    "duration": (scalars.duration, "a duration such as PT4H"),
    "boolean": (scalars.boolean, "true or false"),
}
TONES = ("red", "amber", "green", "grey", "level1", "level2", "level3")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of an enumeration: what is stored and what is shown; `tone` is how lists mark it (of `TONES`)."""

    id: str
    label: Label
    tone: str = ""


def read_value(type_: str, text: str) -> Value:
    """The value of this type that the text stands for; ValueError when it stands for none."""
    read, _ = _READ.get(type_, _READ["text"])
    return read(text)


def expected(type_: str) -> str:
    """What a text of this type must be, in words."""
    return _READ.get(type_, _READ["text"])[1]


def typed(entry: Entry, key: str, type_: str) -> Value:
    """The value under a key, read as this type; None when missing or wrong (reported)."""
    return entry.value(key, lambda text: read_value(type_, text), None, expected(type_))


def choices(entry: Entry, type_: str) -> tuple[Choice, ...]:
    """The `values` of an enumeration; required for type enum, refused for others."""
    found: list[Choice] = []
    lines: list[tuple[str, int]] = []
    for item in entry.entries("values"):
        found.append(Choice(item.text("id"), item.label(), item.one_of("tone", TONES, "")))
        lines.append((found[-1].id, item.line))
        item.finish()
    unique(entry.source, "Value", lines)
    if type_ == "enum" and not found:
        entry.report("values", "%(element)s has type enum and no values.", "List its values.")
    if type_ != "enum" and found:
        entry.report("values", "%(element)s has values but type %(type)s.", "Use type enum.", type=type_)
    return tuple(found)
