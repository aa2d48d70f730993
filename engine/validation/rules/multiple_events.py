"""An event may wait for several things or throw several; what ends its scope goes last, so there is one of it.

A start event of a process that waits for all of several things would need an instance before there is one.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import EventKind, Kind
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject

_TOLD = {EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ESCALATION}
_AWAITED = {EventKind.MESSAGE, EventKind.SIGNAL, EventKind.TIMER, EventKind.CONDITIONAL}


def check(subject: Subject) -> Iterator[Found]:
    """Throwing events with several definitions that end or undo; starts of a process that wait for all of several."""
    for place in subject.places:
        node = place.node
        if len(node.events) < 2:
            continue
        if node.kind in (Kind.THROW_EVENT, Kind.END_EVENT):
            if sum(event.kind not in _TOLD for event in node.events) > 1 or node.topic:
                yield Found(
                    at(node), "The event throws several things that cannot go together.",
                    "Draw one throwing event for each.",
                )  # fmt: skip
        elif node.parallel_multiple and any(event.kind not in _AWAITED for event in node.events):
            yield Found(
                at(node), "The event waits for all of several things, one of which only its own scope can throw.",
                "Draw one event for each.",
            )  # fmt: skip
        elif node.parallel_multiple and node.kind is Kind.START_EVENT and place.around is None:
            yield Found(
                at(node), "A process cannot wait for all of several things before it begins.",
                "Let one of them begin it, and wait for the others behind.",
            )  # fmt: skip


RULE = Rule("multiple-events", Level.ERROR, check)
