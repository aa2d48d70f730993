"""Parameters are texts with `${…}`; lists, maps and scripts of other engines would be lost."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Mapping_
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject

_CURE = {"list": "Write ${[a, b]}.", "map": 'Write ${{"key": value}}.', "script": "Write ${…}."}


def check(subject: Subject) -> Iterator[Found]:
    """Parameters written as list, map or script, without a name, without a value, or named twice."""
    for place in subject.places:
        node = place.node
        groups = [node.inputs, node.outputs] + ([node.call.inputs, node.call.outputs] if node.call else [])
        for mappings in groups:
            seen: set[str] = set()
            for mapping in mappings:
                if reason := _wrong(mapping, seen):
                    fields = {"name": mapping.target, "form": mapping.form}
                    yield Found(at(node, mapping.line), reason, _CURE.get(mapping.form, "Mend it."), fields)
                seen.add(mapping.target)


def _wrong(mapping: Mapping_, seen: set[str]) -> str:
    if mapping.form:
        return "The parameter %(name)s is a %(form)s."
    if not mapping.target:
        return "A parameter has no name."
    if mapping.target in seen:
        return "The parameter %(name)s stands twice."
    return ""


RULE = Rule("parameter-form", Level.ERROR, check)
