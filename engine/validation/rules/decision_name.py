"""A decision reads names of the process that asks it; one that nothing writes is null there, and no rule matches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.definitions.findings import Level
from engine.definitions.practice.source import nearest
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Names that a decision reads and that the asking process neither writes nor hands in by an input parameter."""
    decisions = subject.practice.decisions
    if not subject.whole or not isinstance(decisions, Mapping):
        return
    for place in subject.places:
        decision = place.node.decision
        if decision is None or decision.ref not in decisions:
            continue
        readable = subject.practice.names.of(place.process.id)
        for name in sorted(decisions[decision.ref] - readable):
            yield Found(
                at(place.node), "The decision %(ref)s reads %(name)s, which nothing writes here.",
                "Hand it in as an input parameter.%(guess)s",
                {"ref": decision.ref, "name": name, "guess": nearest(name, tuple(sorted(readable)))},
            )  # fmt: skip


RULE = Rule("decision-name", Level.WARNING, check)
