"""What a process says about its record must fit the record types of the practice."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import ProcessDefinition
from engine.definitions.practice.surroundings import Surroundings
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Unknown record types, links to nothing, a process that both owns and is linked, published names nobody has."""
    around = subject.practice.surroundings
    for process in subject.processes:
        own, linked = process.properties.get("recordType", ""), process.properties.get("linkedTo", "")
        if own and linked:
            yield Found(
                at(process), "The process has recordType and linkedTo.", "Keep one: it makes a record, or joins one."
            )
        if around is not None:
            yield from _known(process, around, subject)


def _known(process: ProcessDefinition, around: Surroundings, subject: Subject) -> Iterator[Found]:
    own = process.properties.get("recordType", "")
    if own and own not in around.records:
        yield Found(at(process), "The record type %(name)s is unknown.", "Add it to records.yaml.", {"name": own})
    for name in _names(process, "linkedTo"):
        if subject.whole and name not in around.records and name not in subject.practice.processes:
            yield Found(
                at(process), "linkedTo names %(name)s, which is no record type and no process.",
                "Name one that exists.",
                {"name": name},
            )  # fmt: skip
    fields = around.records[own].fields if own in around.records else None
    for name in _names(process, "publish"):
        if fields is not None and name not in fields:
            yield Found(
                at(process), "publish names %(name)s, which %(type)s has no field for.", "Add it to records.yaml.",
                {"name": name, "type": own},
            )  # fmt: skip


def _names(process: ProcessDefinition, what: str) -> list[str]:
    return [name.strip() for name in process.properties.get(what, "").split(",") if name.strip()]


RULE = Rule("process-property", Level.ERROR, check)
