"""A field's id is the name of its variable: it must be one, and stand once in its form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.dialect import LOOP_NAMES, RESERVED_NAMES
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject

_NAME = re.compile(r"[^\W\d]\w*(\[\]\.[^\W\d]\w*)?")


def check(subject: Subject) -> Iterator[Found]:
    """Fields without an id, with one that is no name, twice in a form, or taken by the engine."""
    for place in subject.places:
        seen: set[str] = set()
        for field in place.node.form:
            fields = {"id": field.id}
            spot = at(place.node, field.line)
            if not field.id:
                yield Found(spot, "A field has no id.", "Give it one.")
            elif _NAME.fullmatch(field.id) is None:
                yield Found(
                    spot, "The field id %(id)s is no name.",
                    "Use letters, digits and _; a column of a table is `table[].column`.", fields,
                )  # fmt: skip
            elif field.id in seen:
                yield Found(spot, "The field %(id)s stands twice in the form.", "Rename one.", fields)
            elif field.id in RESERVED_NAMES | LOOP_NAMES:
                yield Found(spot, "The name %(id)s belongs to the engine.", "Choose another id.", fields)
            seen.add(field.id)


RULE = Rule("field-id", Level.ERROR, check)
