"""An attribute nobody reads would change nothing, silently: a slip of the pen or another engine's feature."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.practice.source import nearest
from engine.validation.dialect import BPMN_ATTRIBUTES, attributes
from engine.validation.rule import Found, Rule, at_written
from engine.validation.subject import Subject

_CURE = {
    "candidateStarterGroups": "Use the property `starters`.",
    "candidateStarterUsers": "Use the property `starters` with `user:<id>`.",
    "initiator": "Read the name `starter`.",
    "decisionRefVersion": "Remove it: the version of the deployed set is asked.",
}


def check(subject: Subject) -> Iterator[Found]:
    """Every `camunda:` attribute that the dialect does not have on this element, and every unknown plain one."""
    for element in subject.file.written:
        known = attributes(element.tag)
        for name in element.attributes:
            dialect = name.removeprefix("camunda:")
            if dialect != name and dialect not in known:
                cure = _CURE.get(
                    dialect, f"Remove it or use what the modelling guide shows.{nearest(dialect, tuple(known))}"
                )
                yield Found(
                    at_written(element), "The attribute %(name)s of <%(tag)s> is not read.", "%(cure)s",
                    {"name": name, "tag": element.tag, "cure": cure},
                )  # fmt: skip
            elif dialect == name and not name.startswith("{") and ":" not in name and name not in BPMN_ATTRIBUTES:
                yield Found(
                    at_written(element), "<%(tag)s> has no attribute %(name)s in BPMN 2.0.", "Remove it.%(guess)s",
                    {"name": name, "tag": element.tag, "guess": nearest(name, tuple(BPMN_ATTRIBUTES))},
                )  # fmt: skip


RULE = Rule("unknown-attribute", Level.ERROR, check)
