"""Everything that can be said about a set of files before it is deployed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from engine.connectors import CONNECTORS
from engine.decisions.model import Decision
from engine.definitions.findings import Finding, Level
from engine.definitions.model import BpmnFile, ProcessDefinition
from engine.definitions.practice import is_practice_file, is_scenario_file
from engine.errors import GendanError
from engine.runtime.deployed import readings
from engine.store.deployments import Defined
from engine.validation import Practice, validate_file, validate_practice
from engine.validation.board import board_findings
from engine.validation.prints import print_findings
from engine.validation.sheet import sheet_findings

UNKNOWN_FILE = "unknown-file"
NOT_COMPILED = "not-compiled"


@dataclass(frozen=True, slots=True)
class Checked:
    """A set as it was read: its findings, the digest of each file, and what the files define."""

    findings: tuple[Finding, ...]
    digests: Mapping[str, str]
    processes: tuple[Defined, ...]
    decisions: tuple[Defined, ...]
    definitions: Mapping[str, ProcessDefinition]
    tables: Mapping[str, Decision]


def read(files: Mapping[str, bytes]) -> Checked:
    """What a set defines, without judging it."""
    return _read(files)[0]


def check(files: Mapping[str, bytes], now: datetime | None = None) -> Checked:
    """Read and check a whole set; the same set is checked once a process. `now` tells which dates are over."""
    return _check(
        tuple(sorted(files.items())), None if now is None else now.replace(hour=0, minute=0, second=0, microsecond=0)
    )


@lru_cache(maxsize=16)
def _check(contents: tuple[tuple[str, bytes], ...], now: datetime | None) -> Checked:
    files = dict(contents)
    found, practice = _read(files)
    practice = replace(practice, now=now)
    findings = list(found.findings)
    findings += [_unknown(name) for name in files if not _known(name)]
    findings += validate_practice(practice)
    findings += board_findings(practice)
    findings += sheet_findings(practice)
    findings += print_findings(practice)
    findings += [
        each for name, content in contents if name.endswith(".bpmn") for each in readings.schema(content, name)
    ]
    if not any(finding.level is Level.ERROR for finding in findings):
        findings += [each for process in practice.processes.values() for each in _compiled(process)]
    return replace(found, findings=tuple(sorted(findings, key=lambda each: (each.file, each.line))))


def findings_of(files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """What can be found in single diagrams without the rest of their practice."""
    found: list[Finding] = []
    for name, content in files.items():
        diagram, unreadable = readings.diagram(content, name)
        found += [*unreadable, *validate_file(diagram)]
    return tuple(found)


def _read(files: Mapping[str, bytes]) -> tuple[Checked, Practice]:
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    findings: list[Finding] = []
    diagrams: list[BpmnFile] = []
    for name, content in sorted(files.items()):
        if name.endswith(".bpmn"):
            diagram, found = readings.diagram(content, name)
            diagrams.append(diagram)
            findings += found
    tables: list[Defined] = []
    decisions: dict[str, Decision] = {}
    for name, content in sorted(files.items()):
        if name.endswith(".dmn"):
            file, wrong = readings.tables(content, name)
            tables += [Defined(key, each.name or key, name, file.digest) for key, each in file.decisions.items()]
            decisions |= file.decisions
            findings += [*wrong, *_stands_twice(tables)]
    surroundings, mistakes = readings.surroundings(files)
    findings += mistakes
    asked = {key: each.names for key, each in decisions.items()}
    practice = Practice(tuple(diagrams), asked, surroundings, CONNECTORS, tables=decisions)
    processes = [Defined(each.id, each.name or each.id, each.file, each.digest) for each in practice.processes.values()]
    return Checked(tuple(findings), digests, tuple(processes), tuple(tables), practice.processes, decisions), practice


def _stands_twice(tables: list[Defined]) -> list[Finding]:
    """A decision of the last file whose id another file has already."""
    last = tables[-1].file if tables else ""
    others = {each.key: each.file for each in tables if each.file != last}
    text = "The decision %(id)s stands in %(other)s too."
    return [
        Finding("duplicate-decision", Level.ERROR, last, 1, each.key, each.name, text, "Give one of them another id.",
                {"id": each.key, "other": others[each.key]})
        for each in tables
        if each.file == last and each.key in others
    ]  # fmt: skip


def _compiled(process: ProcessDefinition) -> list[Finding]:
    """What no rule found and the dialect still refuses: it must not be found when an instance starts."""
    try:
        readings.program(process)
    except GendanError as error:
        fields = {**error.fields, "process": process.id}
        remedy = "Mend it in the diagram."
        return [
            Finding(NOT_COMPILED, Level.ERROR, process.file, process.line, process.id, process.name,
                    error.template, remedy, fields)
        ]  # fmt: skip
    return []


def _known(name: str) -> bool:
    return name.endswith((".bpmn", ".dmn")) or is_practice_file(name) or is_scenario_file(name)


def _unknown(name: str) -> Finding:
    text = "%(name)s is no diagram, no decision table and no file of the practice; it is stored and not used."
    return Finding(UNKNOWN_FILE, Level.WARNING, name, 1, "", "", text, "Leave it out.", {"name": name})
