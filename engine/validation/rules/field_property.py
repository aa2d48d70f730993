"""A property or constraint of a field that nobody reads would leave the form otherwise than its author thinks."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import FormField
from engine.definitions.practice.source import nearest
from engine.validation.dialect import DISPLAYS, FIELD_CONSTRAINTS, FIELD_PROPERTIES
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Unknown properties and constraints of fields, and ways to display a choice that do not exist."""
    for place in subject.places:
        for field in place.node.form:
            for what, name, known in _unknown(field):
                yield Found(
                    at(place.node, field.line), "The %(what)s %(name)s of field %(id)s is unknown.",
                    "Known: %(known)s.%(guess)s",
                    {"what": what, "name": name, "id": field.id, "known": ", ".join(known),
                     "guess": nearest(name, known)},
                )  # fmt: skip


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
