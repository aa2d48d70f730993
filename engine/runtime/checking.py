"""Everything that can be said about a set of files before it is deployed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from engine.connectors import CONNECTORS
from engine.decisions import read_decisions
from engine.definitions.findings import Finding, Level
from engine.definitions.model import BpmnFile, ProcessDefinition
from engine.definitions.practice import is_practice_file, read_surroundings
from engine.definitions.reader import read_bpmn
from engine.dialect.program import compile_program
from engine.errors import GendanError
from engine.store.deployments import Defined
from engine.validation import Practice, validate_practice

UNKNOWN_FILE = "unknown-file"
NOT_COMPILED = "not-compiled"


@dataclass(frozen=True, slots=True)
class Checked:
    """A set as it was read: its findings, the digest of each file, and what the files define."""

    findings: tuple[Finding, ...]
    digests: Mapping[str, str]
    processes: tuple[Defined, ...]
    decisions: tuple[Defined, ...]


def check(files: Mapping[str, bytes]) -> Checked:
    """Read and check a whole set."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    findings: list[Finding] = [_unknown(name) for name in files if not _known(name)]
    diagrams: list[BpmnFile] = []
    for name, content in sorted(files.items()):
        if name.endswith(".bpmn"):
            diagram, found = read_bpmn(content, name)
            diagrams.append(diagram)
            findings += found
    decisions, found = read_decisions({name: content for name, content in files.items() if name.endswith(".dmn")})
    findings += found
    surroundings, wrong = read_surroundings(files)
    findings += wrong
    practice = Practice(tuple(diagrams), frozenset(decisions), surroundings, CONNECTORS)
    findings += validate_practice(practice)
    if not any(finding.level is Level.ERROR for finding in findings):
        findings += [each for process in practice.processes.values() for each in _compiled(process)]
    return Checked(
        findings=tuple(sorted(findings, key=lambda each: (each.file, each.line))),
        digests=digests,
        processes=tuple(
            Defined(each.id, each.name or each.id, each.file, each.digest) for each in practice.processes.values()
        ),
        decisions=tuple(
            Defined(key, each.name or key, each.file, digests[each.file]) for key, each in decisions.items()
        ),
    )


def _compiled(process: ProcessDefinition) -> list[Finding]:
    """What no rule found and the dialect still refuses: it must not be found when an instance starts."""
    try:
        compile_program(process)
    except GendanError as error:
        fields = {**error.fields, "process": process.id}
        remedy = "Mend it in the diagram."
        return [
            Finding(NOT_COMPILED, Level.ERROR, process.file, process.line, process.id, process.name,
                    error.template, remedy, fields)
        ]  # fmt: skip
    return []


def _known(name: str) -> bool:
    return name.endswith((".bpmn", ".dmn")) or is_practice_file(name)


def _unknown(name: str) -> Finding:
    text = "%(name)s is no diagram, no decision table and no file of the practice; it is stored and not used."
    return Finding(UNKNOWN_FILE, Level.WARNING, name, 1, "", "", text, "Leave it out.", {"name": name})
