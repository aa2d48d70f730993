"""A field of a type nobody knows could be neither shown nor checked."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.practice.source import nearest
from engine.validation.dialect import FIELD_TYPE_ALIASES, FIELD_TYPES
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Fields whose type is not one of the dialect."""
    for place in subject.places:
        for field in place.node.form:
            if field.type in FIELD_TYPES:
                continue
            alias = FIELD_TYPE_ALIASES.get(field.type, "")
            known = ", ".join(sorted(FIELD_TYPES))
            guess = f" Use {alias}." if alias else nearest(field.type, tuple(FIELD_TYPES))
            yield Found(
                at(place.node, field.line), "The field %(id)s has the unknown type %(type)s.",
                "Use one of: %(known)s.%(guess)s",
                {"id": field.id, "type": field.type or "(none)", "known": known, "guess": guess},
            )  # fmt: skip


RULE = Rule("field-type", Level.ERROR, check)
