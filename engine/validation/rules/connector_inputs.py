"""A connector needs its inputs: a missing or misspelt one fails when the step is reached."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.practice.source import nearest
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Inputs that a connector needs and does not get, or gets and cannot take; topics that are near a connector's."""
    specs = subject.practice.connectors
    if specs is None:
        return
    for place in subject.places:
        node = place.node
        if node.topic in specs:
            spec, given = specs[node.topic], {mapping.target for mapping in node.inputs}
            for name in sorted(spec.required - given):
                yield Found(
                    at(node), "The connector %(topic)s needs the input %(name)s.", "Add it under Inputs.",
                    {"topic": node.topic, "name": name},
                )  # fmt: skip
            for name in sorted(set() if spec.passes_on else given - spec.inputs):
                yield Found(
                    at(node), "The connector %(topic)s has no input %(name)s.", "Remove it.%(guess)s",
                    {"topic": node.topic, "name": name, "guess": nearest(name, tuple(sorted(spec.inputs)))},
                )  # fmt: skip
            for mapping in node.inputs:
                choices, found = spec.choices.get(mapping.target, ()), mapping.expression
                if choices and found and "${" not in found and found not in choices:
                    yield Found(
                        at(node, mapping.line), "The input %(name)s of %(topic)s is %(found)s.",
                        "Use one of: %(known)s.%(guess)s",
                        {"name": mapping.target, "topic": node.topic, "found": found, "known": ", ".join(choices),
                         "guess": nearest(found, choices)},
                    )  # fmt: skip
        elif node.topic and (guess := nearest(node.topic, tuple(specs))):
            yield Found(
                at(node), "The topic %(topic)s is no connector: the step waits for an external worker.",
                "Leave it if one is meant.%(guess)s", {"topic": node.topic, "guess": guess}, Level.WARNING,
            )  # fmt: skip


RULE = Rule("connector-inputs", Level.ERROR, check)
