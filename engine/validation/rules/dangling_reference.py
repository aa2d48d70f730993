"""A reference to an element that is not in the file means nothing, whatever the writer had in mind."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.practice.source import nearest
from engine.validation.rule import Found, Rule, at_written
from engine.validation.subject import Subject

_DATA = {
    "dataObjectRef",
    "dataStoreRef",
    "loopDataInputRef",
    "loopDataOutputRef",
    "categoryValueRef",
    "source",
    "target",
}


def check(subject: Subject) -> Iterator[Found]:
    """Every reference by id that finds nothing in the file (references to data are only drawn and left alone)."""
    ids = {element.id for element in subject.file.written}
    for element in subject.file.written:
        for name, target in element.references:
            if target in ids or name in _DATA:
                continue
            yield Found(
                at_written(element), "%(name)s of <%(tag)s> names %(target)s, which is not in the file.",
                "Draw it again in the modeler.%(guess)s",
                {"name": name, "tag": element.tag, "target": target, "guess": nearest(target, tuple(sorted(ids)))},
            )  # fmt: skip


RULE = Rule("dangling-reference", Level.ERROR, check)
