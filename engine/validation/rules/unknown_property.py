"""A `camunda:property` nobody reads would change nothing, silently; most are misspelt."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.practice.source import nearest
from engine.validation.dialect import properties
from engine.validation.rule import Found, Rule, at_written
from engine.validation.subject import Subject

_PATH = "camunda:properties/camunda:property"


def check(subject: Subject) -> Iterator[Found]:
    """Every property of an element that the dialect does not have there, and every one that stands twice."""
    for element in subject.file.written:
        known = tuple(sorted(properties(element.tag)))
        seen: set[str] = set()
        for item in element.extensions:
            if item.path != _PATH:
                continue
            name = item.attributes.get("name", "").strip()
            spot = at_written(element, item.line)
            if name not in known:
                yield Found(
                    spot, "The property %(name)s of <%(tag)s> is not read.", "Known here: %(known)s.%(guess)s",
                    {"name": name or "(without a name)", "tag": element.tag, "known": ", ".join(known) or "none",
                     "guess": nearest(name, known)},
                )  # fmt: skip
            elif name in seen:
                yield Found(spot, "The property %(name)s stands twice.", "Remove one.", {"name": name})
            seen.add(name)


RULE = Rule("unknown-property", Level.ERROR, check)
