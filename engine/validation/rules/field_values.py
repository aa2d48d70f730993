"""A choice needs something to choose from, each value once."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import FormField
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Enum fields without values, values without an id or twice, defaults that are no value, values elsewhere."""
    for place in subject.places:
        for field in place.node.form:
            for text, value in _wrong(field):
                yield Found(
                    at(place.node, field.line), text, "Mend the values of the field.", {"id": field.id, "value": value}
                )


def _wrong(field: FormField) -> Iterator[tuple[str, str]]:
    ids = [value.id for value in field.values]
    if field.type != "enum":
        if ids:
            yield "The field %(id)s has values but is no enum.", ids[0]
        return
    if not ids:
        yield "The choice %(id)s has no values.", ""
    for number, value in enumerate(ids):
        if not value:
            yield "A value of %(id)s has no id.", value
        elif value in ids[:number]:
            yield "The value %(value)s of %(id)s stands twice.", value
    default = field.properties.get("default", "") or field.default
    if ids and default and "${" not in default and not set(default.replace(" ", "").split(",")) <= set(ids):
        yield "The default %(value)s of %(id)s is none of its values.", default


RULE = Rule("field-values", Level.ERROR, check)
