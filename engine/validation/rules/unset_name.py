"""A name that is read before anything can have set it is an incident when the expression is reached."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.practice.source import nearest
from engine.validation.reading import asked
from engine.validation.rule import Found, Rule, Spot
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Names that only elements set which come later, or on another way; where unset names are null, as a warning."""
    if not subject.whole:
        return
    for use in subject.uses:
        if use.compiled is None or use.node is None or use.called:
            continue
        flow = subject.practice.flows[use.process]
        settable = flow.can_be_set(use.node, use.after, use.inputs)
        if settable is None:
            continue
        known = subject.practice.names.of(use.process)
        for name in sorted((use.compiled.names & known) - settable - use.own - asked(use.compiled)):
            writers = ", ".join(each.id for each in flow.writers(name)) or "nothing here"
            yield Found(
                Spot(use.line, use.owner, use.owner_name),
                "%(what)s reads %(name)s, which nothing can have set when it comes here: %(writers)s sets it.",
                "Set it on the way, or read another name.%(guess)s",
                {"what": use.what, "name": name, "writers": writers, "guess": nearest(name, tuple(sorted(settable)))},
                Level.WARNING if use.tolerant or subject.practice.flows[use.process].open else None,
            )  # fmt: skip


RULE = Rule("unset-name", Level.ERROR, check)
