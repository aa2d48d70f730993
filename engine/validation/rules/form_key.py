"""Forms stand in the diagram as form data: a form elsewhere would not be shown."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Elements with formKey or formRef."""
    for place in subject.places:
        if place.node.form_key:
            yield Found(
                at(place.node), "The form %(form)s stands outside of the diagram.",
                "Choose Generated Task Forms and add the fields there.", {"form": place.node.form_key},
            )  # fmt: skip


RULE = Rule("form-key", Level.ERROR, check)
