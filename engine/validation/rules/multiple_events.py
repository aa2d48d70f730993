"""An event may wait for several things; throwing several at once, or waiting for all of them anywhere, is not run."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Throwing events with several definitions; parallel multiple start and boundary events."""
    for place in subject.places:
        node = place.node
        if len(node.events) < 2:
            continue
        if node.kind in (Kind.THROW_EVENT, Kind.END_EVENT):
            yield Found(at(node), "The event throws several things at once.", "Draw one throwing event for each.")
        elif node.parallel_multiple and node.kind is not Kind.CATCH_EVENT:
            yield Found(
                at(node), "The event waits for all of several things, which is not run here.",
                "Draw one event for each, or a catching event behind it.",
            )  # fmt: skip


RULE = Rule("multiple-events", Level.ERROR, check)
