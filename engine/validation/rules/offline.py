"""A task that may be filled in without network is one of many on a page, and says when it was observed."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.practice.source import nearest
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject

_MOMENTS = frozenset({"time", "datetime"})


def check(subject: Subject) -> Iterator[Found]:
    """`offline` without `batch`, or naming no field of the form that holds a time."""
    for place in subject.places:
        given = place.node.properties.get("offline", "").strip()
        if not given:
            continue
        if place.node.properties.get("batch") != "true":
            yield Found(at(place.node), "offline works on the page of many only.", "Set batch to true too.")
        moments = tuple(field.id for field in place.node.form if field.type in _MOMENTS)
        if given != "true" and given not in moments:
            yield Found(
                at(place.node), "offline names %(name)s, which is no time or datetime of the form.",
                "Name the field that holds the time of observation, or write true.%(guess)s",
                {"name": given, "guess": nearest(given, moments)},
            )  # fmt: skip


RULE = Rule("offline", Level.ERROR, check)
