"""A function that does not exist, or is called with too few or too many values, fails when it is reached."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.practice.source import nearest
from engine.validation.rule import Found, Rule, Spot
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Functions in expressions that neither the language nor the engine offers."""
    known = subject.practice.functions
    if not known:
        return
    for use in subject.uses:
        if use.compiled is None:
            continue
        for name in sorted(use.compiled.functions - known.keys()):
            yield Found(
                Spot(use.line, use.owner, use.owner_name), "%(what)s calls %(name)s, which does not exist.",
                "The modelling guide lists the functions.%(guess)s",
                {"what": use.what, "name": name, "guess": nearest(name, tuple(known))},
            )  # fmt: skip


RULE = Rule("unknown-function", Level.ERROR, check)
