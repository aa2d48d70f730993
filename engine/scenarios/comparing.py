"""Comparing a found value with an expected one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from engine.scenarios.expectations import Elements, Entries, Equal, Has, Is, IsNot, Pattern
from engine.scenarios.templates import Scope
from engine.values import Value


def same(found: Value, wanted: Value) -> bool:
    """Whether both are the same value; a text is read as what it is compared with (numbers, dates, times)."""
    if isinstance(found, str) != isinstance(wanted, str):
        text, other = (found, wanted) if isinstance(found, str) else (wanted, found)
        return isinstance(text, str) and _reads_as(text, other)
    if isinstance(found, bool) != isinstance(wanted, bool):
        return False
    if isinstance(found, datetime) and isinstance(wanted, date) and not isinstance(wanted, datetime):
        return found.date() == wanted
    return found == wanted


def mismatches(pattern: Pattern, found: Value, scope: Scope, path: str) -> Iterator[tuple[str, str, str]]:
    """Path, expected and found of everything in which a value differs from a pattern."""
    match pattern:
        case Equal():
            wanted = pattern.value.make(scope)
            if not same(found, wanted):
                yield path, shown(wanted), shown(found)
        case Is():
            if not pattern.test.test(found, scope.names, scope.context):
                yield path, f"is {pattern.text}", shown(found)
        case Has():
            part = str(pattern.part.make(scope))
            if part not in shown(found):
                yield path, f"has {part}", shown(found)
        case IsNot():
            wanted = pattern.value.make(scope)
            if same(found, wanted):
                yield path, f"is not {shown(wanted)}", shown(found)
        case Entries():
            yield from _entries(pattern, found, scope, path)
        case Elements():
            yield from _elements(pattern, found, scope, path)


def _entries(pattern: Entries, found: Value, scope: Scope, path: str) -> Iterator[tuple[str, str, str]]:
    if not isinstance(found, dict):
        yield path, "a mapping", shown(found)
        return
    for name, inner in pattern.entries:
        for where, wanted, there in mismatches(inner, found.get(name), scope, f"{path}.{name}" if path else name):
            missing = f"nothing of that name; there is: {', '.join(found) or 'nothing'}"
            yield where, wanted, there if name in found else missing


def _elements(pattern: Elements, found: Value, scope: Scope, path: str) -> Iterator[tuple[str, str, str]]:
    if not isinstance(found, list):
        yield path, "a list", shown(found)
        return
    if len(found) != len(pattern.patterns):
        yield path, f"a list of {len(pattern.patterns)}", f"a list of {len(found)}: {shown(found)}"
        return
    for place, (inner, value) in enumerate(zip(pattern.patterns, found, strict=True), 1):
        yield from mismatches(inner, value, scope, f"{path}[{place}]")


def shown(value: Value) -> str:
    """A value as a report shows it."""
    match value:
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case datetime():
            return f"{value:%Y-%m-%d %H:%M %z}".replace("+0000", "UTC")
        case list():
            return f"[{', '.join(shown(each) for each in value)}]"
        case dict():
            return f"{{{', '.join(f'{name}: {shown(each)}' for name, each in value.items())}}}"
    return str(value)


def _reads_as(text: str, other: Value) -> bool:
    match other:
        case bool():
            return False
        case Decimal():
            try:
                return Decimal(text) == other
            except InvalidOperation:
                return False
        case date() | time():
            return text in (other.isoformat(), other.isoformat()[:5])
    return False
