"""Named good and bad diagrams of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

import engine.calendar  # noqa: F401 - declares the functions of working time
from engine.definitions.practice.clauses import Clause, Clauses
from engine.definitions.practice.groups import Group
from engine.definitions.practice.numbers import NumberPattern
from engine.definitions.practice.records import RecordField, RecordType
from engine.definitions.practice.references import ReferenceList
from engine.definitions.practice.settings import Setting
from engine.definitions.practice.source import Label
from engine.definitions.practice.surroundings import Surroundings
from engine.definitions.reader import read_bpmn
from engine.validation import Practice
from tests.engine.definitions.diagrams import definitions, flows, node, process


@dataclass(frozen=True)
class Connector:
    """A connector of the tests."""

    topic: str
    required: frozenset[str]
    inputs: frozenset[str]
    passes_on: bool = False
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Case(NamedTuple):
    """A practice of one or more files, and the ids of the elements that the rule finds in it (none: it is good)."""

    rule: str
    name: str
    found: tuple[str, ...]
    files: tuple[tuple[str, ...], ...]


def bad(rule: str, name: str, found: str, *parts: str, beside: tuple[tuple[str, ...], ...] = ()) -> Case:
    """A case in which the rule finds these elements (ids, separated by blanks, in the order of the lines)."""
    return Case(rule, name, tuple(found.split()), (parts, *beside))


def good(rule: str, name: str, *parts: str, beside: tuple[tuple[str, ...], ...] = ()) -> Case:
    """A case in which the rule finds nothing."""
    return Case(rule, name, (), (parts, *beside))


def path(*middle: str, id: str = "p", more: str = "", extra: str = "", start: str = "", head: str = "") -> str:
    """A process from a start event `s` through the nodes given, in a row, to an end event `e`.

    A node is its whole XML; `extra` stands beside the row, `start` is inside the start event.
    """
    ids = [part.split('id="', 1)[1].split('"', 1)[0] for part in middle]
    row = flows(" ".join(["s", *ids, "e"]))
    return process(head, node("startEvent", "s", start), *middle, node("endEvent", "e"), row, extra, id=id, more=more)


NOW = datetime(2026, 11, 26, tzinfo=UTC)
_LABEL = Label("名", "name")

SURROUNDINGS = Surroundings(
    settings={"patience": Setting("patience", "number", 1, "", "", _LABEL, 1)},
    groups={name: Group(name, _LABEL, frozenset(), 1) for name in ("office", "warehouse")},
    records={
        "ticket": RecordType(
            id="ticket", label=_LABEL, number=NumberPattern("T{seq:3}", "never"), statuses=(), stages=(),
            fields={"colour": RecordField("colour", "string", _LABEL)}, list=(), search=(),
        )
    },
    clauses=Clauses((), (Clause("P1", "P", _LABEL, False, 1),)),
    references={"animals": ReferenceList("animals", _LABEL, _LABEL, "name", {}, (), ())},
)  # fmt: skip

CONNECTORS: Mapping[str, Connector] = {
    "notify": Connector(
        "notify",
        frozenset({"to", "subject"}),
        frozenset({"to", "subject", "text", "kind"}),
        choices={"kind": ("report", "notice")},
    ),
    "start-process": Connector("start-process", frozenset({"process"}), frozenset({"process", "key"}), True),
    "send-message": Connector("send-message", frozenset({"message"}), frozenset({"message", "key"}), True),
    "compute": Connector("compute", frozenset(), frozenset(), True),
}


def practice(case: Case) -> Practice:
    """The files of a case with the surroundings of these tests."""
    files = []
    for number, parts in enumerate(case.files):
        file, findings = read_bpmn(definitions(*parts), f"file{number}.bpmn")
        assert findings == []
        files.append(file)
    return Practice(tuple(files), {"pricing": frozenset({"size"})}, SURROUNDINGS, CONNECTORS, now=NOW)
