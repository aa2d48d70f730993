"""Settings, lists, groups and calendars are named in expressions as texts: the names must exist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engine.definitions.findings import Level
from engine.definitions.practice.source import nearest
from engine.definitions.practice.surroundings import Surroundings
from engine.validation.rule import Found, Rule, Spot
from engine.validation.subject import Subject

_CALL = re.compile(r"""\b(setting|lookup|people)\(\s*(["'])([^"']*)\2""")


def check(subject: Subject) -> Iterator[Found]:
    """`setting("…")`, `lookup("…", …)` and `people("…")` with a name that the practice does not have."""
    around = subject.practice.surroundings
    if around is None:
        return
    known = _known(around)
    for use in subject.uses:
        for function, _, name in _CALL.findall(use.text):
            if name not in known[function]:
                yield Found(
                    Spot(use.line, use.owner, use.owner_name),
                    "%(what)s names %(name)s in %(function)s(…), which is unknown.",
                    "Add it, or name another.%(guess)s",
                    {"what": use.what, "name": name, "function": function, "guess": nearest(name, known[function])},
                )  # fmt: skip


def _known(around: Surroundings) -> Mapping[str, tuple[str, ...]]:
    return {
        "setting": tuple(around.settings),
        "lookup": tuple(around.references),
        "people": tuple(around.groups),
    }


RULE = Rule("unknown-setting", Level.ERROR, check)
