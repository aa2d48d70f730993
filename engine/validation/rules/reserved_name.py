"""Names that the engine gives (business key, number, who started it and when) cannot be written by a diagram."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.dialect import RESERVED_NAMES
from engine.validation.names import fields, written
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Elements that write a name of the engine (form fields are said by field-id)."""
    for place in subject.places:
        for name in sorted(set(written(place.node)) & RESERVED_NAMES - set(fields(place.node.form))):
            yield Found(
                at(place.node), "The name %(name)s belongs to the engine and cannot be written.",
                "Write another name.", {"name": name},
            )  # fmt: skip


RULE = Rule("reserved-name", Level.ERROR, check)
