"""In a process with lanes every step stands in one, so that the picture says whose it is."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Nodes of the outermost scope in no lane, where the process has lanes."""
    for place in subject.places:
        if place.process.lanes and place.around is None and not place.node.lane:
            yield Found(at(place.node), "The node stands in no lane.", "Move it into one.")


RULE = Rule("no-lane", Level.NOTE, check)
