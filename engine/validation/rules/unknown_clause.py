"""A clause that the documentation of an element names and clauses.yaml does not have is carried out by nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.practice.source import nearest
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject

_ID = re.compile(r"(?<![\w.])([A-Z]+)\d+(?:\.\d+)*[a-z]?(?!\w)", re.ASCII)


def check(subject: Subject) -> Iterator[Found]:
    """Words of documentations that are written like the ids of clauses.yaml and are none of them."""
    around = subject.practice.surroundings
    known = () if around is None else tuple(clause.id for clause in around.clauses.clauses)
    letters = {match[1] for match in map(_ID.fullmatch, known) if match}
    for place in subject.places:
        for found in _ID.finditer(place.node.documentation):
            # A group of clauses is named by what their ids begin with.
            if found[1] in letters and not any(each.startswith(found[0]) for each in known):
                yield Found(
                    at(place.node), "The documentation names the clause %(clause)s, which is unknown.",
                    "Add it to clauses.yaml, or name another.%(guess)s",
                    {"clause": found[0], "guess": nearest(found[0], known)},
                )  # fmt: skip


RULE = Rule("unknown-clause", Level.WARNING, check)
