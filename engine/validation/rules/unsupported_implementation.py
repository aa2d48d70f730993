"""Code outside the diagram (classes, beans, connectors, scripts) is never run: a system step is a topic."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Steps implemented by class, expression, delegate expression, connector or another type than external."""
    for place in subject.places:
        if place.node.implementation:
            yield Found(
                at(place.node), "The step is implemented by %(how)s, which is not run.",
                "Set the implementation to External and give it a topic; the guide lists the connectors.",
                {"how": place.node.implementation},
            )  # fmt: skip


RULE = Rule("unsupported-implementation", Level.ERROR, check)
