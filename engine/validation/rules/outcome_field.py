"""The values of the outcome field become the buttons of the task: there can be one such field in a form."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """A second outcome field, one that is no choice, or one in a table; `shared` there is meaningless."""
    for place in subject.places:
        outcomes = [field for field in place.node.form if field.properties.get("display") == "outcome"]
        for number, field in enumerate(outcomes):
            fields = {"id": field.id, "first": outcomes[0].id}
            if field.type != "enum":
                text = "The outcome %(id)s is no enum."
            elif "[]" in field.id:
                text = "The outcome %(id)s stands in a table."
            elif number:
                text = "%(id)s is a second outcome beside %(first)s."
            else:
                continue
            yield Found(at(place.node, field.line), text, "Make it a radio or select field.", fields)


RULE = Rule("outcome-field", Level.ERROR, check)
