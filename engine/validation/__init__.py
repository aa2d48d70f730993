"""Checks diagrams before they are deployed: everything that would run otherwise than it says, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.definitions.findings import Finding, Level
from engine.definitions.model import BpmnFile
from engine.validation.rule import Rule
from engine.validation.rules import RULES
from engine.validation.subject import ConnectorSpec, Practice, Subject

DEFAULT_LEVELS: Mapping[str, Level] = {rule.id: rule.level for rule in RULES}
"""The level of each rule unless a caller says otherwise; None in a caller's levels switches a rule off."""

__all__ = ["DEFAULT_LEVELS", "RULES", "ConnectorSpec", "Practice", "Rule", "validate_file", "validate_practice"]


def validate_file(file: BpmnFile, levels: Mapping[str, Level | None] | None = None) -> list[Finding]:
    """Everything that can be found in one file without knowing the rest of its practice, by line."""
    return _checked(Subject(file, Practice((file,))), levels)


def validate_practice(practice: Practice, levels: Mapping[str, Level | None] | None = None) -> list[Finding]:
    """Everything that can be found in the diagrams of a practice, by file and line."""
    found = [finding for file in practice.files for finding in _checked(Subject(file, practice, whole=True), levels)]
    return _sorted(found)


def _checked(subject: Subject, levels: Mapping[str, Level | None] | None) -> list[Finding]:
    chosen: Mapping[str, Level | None] = levels or {}
    found: list[Finding] = []
    for rule in RULES:
        if chosen.get(rule.id, rule.level) is not None:
            found += rule.findings(subject, chosen.get(rule.id))
    return _sorted(found)


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (finding.file, finding.line, finding.element_id, finding.rule))
