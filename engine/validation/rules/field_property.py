"""A property or constraint of a field that nobody reads would leave the form otherwise than its author thinks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from engine.definitions.findings import Level
from engine.definitions.model import FormField
from engine.definitions.practice.source import nearest
from engine.validation.dialect import DISPLAYS, FIELD_CONSTRAINTS, FIELD_PROPERTIES
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Unknown properties and constraints of fields, unknown ways to display a choice, bounds that leave nothing."""
    for place in subject.places:
        for field in place.node.form:
            for low, high in (("min", "max"), ("minlength", "maxlength")):
                if _beyond(field, low, high):
                    yield Found(
                        at(place.node, field.line),
                        "%(low)s of field %(id)s is more than its %(high)s: nothing can be entered.",
                        "Exchange them, or correct one.", {"low": low, "high": high, "id": field.id},
                    )  # fmt: skip
            for what, name, known in _unknown(field):
                yield Found(
                    at(place.node, field.line), "The %(what)s %(name)s of field %(id)s is unknown.",
                    "Known: %(known)s.%(guess)s",
                    {"what": what, "name": name, "id": field.id, "known": ", ".join(known),
                     "guess": nearest(name, known)},
                )  # fmt: skip


def _beyond(field: FormField, low: str, high: str) -> bool:
    given = {**field.properties, **field.constraints}
    try:
        return Decimal(given.get(low, "")) > Decimal(given.get(high, ""))
    except InvalidOperation:  # not given, or an expression
        return False


def _unknown(field: FormField) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for name in field.properties:
        if name not in FIELD_PROPERTIES:
            yield "property", name, tuple(sorted(FIELD_PROPERTIES))
    for name in field.constraints:
        if name not in FIELD_CONSTRAINTS:
            yield "constraint", name, tuple(sorted(FIELD_CONSTRAINTS))
    display = field.properties.get("display", "select")
    if field.type == "enum" and display not in DISPLAYS:
        yield "display", display, tuple(sorted(DISPLAYS))


RULE = Rule("field-property", Level.ERROR, check)
