"""A multi-instance activity needs to know how often (BPMN 2.0 §10.3.7); a standard loop until when."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Loop
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Loops without collection or cardinality, with both, or whose results or events go nowhere."""
    for place in subject.places:
        loop = place.node.loop
        if loop is not None and (reason := _wrong(loop)):
            yield Found(at(place.node, loop.line), *reason, {"behavior": loop.behavior})


def _wrong(loop: Loop) -> tuple[str, str] | None:
    return _standard(loop) if loop.standard else _items(loop)


def _standard(loop: Loop) -> tuple[str, str] | None:
    if loop.completion or loop.cardinality:
        return None
    return "The loop never ends.", "Give it a loop condition."


def _items(loop: Loop) -> tuple[str, str] | None:
    if loop.collection and loop.cardinality:
        return "The activity has a collection and a cardinality.", "Keep one of them."
    if not loop.collection and not loop.cardinality:
        return "Nothing says how often the activity is done.", "Set the collection or the loop cardinality."
    if loop.element and not loop.collection:
        return "There is an element variable without a collection.", "Set the collection."
    if bool(loop.output_collection) != bool(loop.output_element):
        return "outputCollection and outputElement go together.", "Set both properties, or none."
    if loop.behavior not in ("", "All") and not loop.thrown:
        return "The behavior %(behavior)s throws no event.", "Give it the event that its instances throw, or use All."
    return None


RULE = Rule("loop-data", Level.ERROR, check)
