"""What a process says about its record must fit the record types of the practice."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Node, ProcessDefinition
from engine.definitions.practice.numbers import NumberPattern
from engine.definitions.practice.source import nearest
from engine.definitions.practice.surroundings import Surroundings
from engine.errors import Invalid
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Record types, links, published names, summaries, stages and number patterns that do not exist or cannot be."""
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
    yield from _number(process)
    if subject.whole:
        yield from _published(process, around, subject)
        yield from _stages(process, around)
    fields = around.records[own].fields if own in around.records else None
    for name in _names(process, "publish"):
        if fields is not None and name not in fields:
            yield Found(
                at(process), "publish names %(name)s, which %(type)s has no field for.", "Add it to records.yaml.",
                {"name": name, "type": own},
            )  # fmt: skip


def _number(process: ProcessDefinition) -> Iterator[Found]:
    text = process.properties.get("number", "")
    if not text:
        return
    try:
        NumberPattern.parse(text)
    except Invalid as error:
        yield Found(at(process), error.template, "Write it as WT{yy}-{seq:3}.", error.fields)


def _published(process: ProcessDefinition, around: Surroundings, subject: Subject) -> Iterator[Found]:
    """Names that nothing in the process sets, and a summary of what nobody publishes."""
    written = subject.practice.names.of(process.id)
    everybody = {name for each in subject.practice.processes.values() for name in _names(each, "publish")}
    everybody |= {name for record in around.records.values() for name in record.fields}
    own = around.records.get(process.properties.get("recordType", ""))
    if own is not None:  # what it has no field for is told already
        written |= frozenset(_names(process, "publish")) - own.fields.keys()
    for what, known in (("publish", written), ("summary", everybody)):
        for name in _names(process, what):
            if name not in known:
                yield Found(
                    at(process), "%(what)s names %(name)s, which nothing gives.",
                    "Correct the name, or leave it out.%(guess)s",
                    {"what": what, "name": name, "guess": nearest(name, tuple(sorted(known)))}, Level.WARNING,
                )  # fmt: skip


def _stages(process: ProcessDefinition, around: Surroundings) -> Iterator[Found]:
    known = {stage.id for record in around.records.values() for stage in record.stages}
    elements: tuple[ProcessDefinition | Node, ...] = (process, *process.scope.walk())
    for element in elements:
        stage = element.properties.get("stage", "")
        if known and stage and "${" not in stage and stage not in known:
            yield Found(
                at(element), "The stage %(name)s is of no record.", "Name one of records.yaml.%(guess)s",
                {"name": stage, "guess": nearest(stage, tuple(sorted(known)))},
            )  # fmt: skip


def _names(process: ProcessDefinition, what: str) -> list[str]:
    return [name.strip() for name in process.properties.get(what, "").split(",") if name.strip()]


RULE = Rule("process-property", Level.ERROR, check)
