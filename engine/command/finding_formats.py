"""Findings for programs: JSON of our own, and SARIF 2.1.0 as editors and code hosts read it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from urllib.parse import quote

from engine.command.rule_pages import page, sentence
from engine.definitions.findings import Finding, Level

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def as_json(findings: Sequence[Finding]) -> str:
    """An object of `findings`, in order, and of `counts` by level."""
    counts = Counter(finding.level for finding in findings)
    shown = {"findings": [_plain(each) for each in findings], "counts": {level.value: counts[level] for level in Level}}
    return json.dumps(shown, ensure_ascii=False, indent=2)


def _plain(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule, "severity": finding.level.value, "file": finding.file, "line": finding.line,
        "element": finding.element_id, "name": finding.element_name, "text": finding.said, "remedy": finding.cure,
    }  # fmt: skip


def as_sarif(findings: Sequence[Finding]) -> str:
    """One run of the tool `gendan`: the rules that found something, and a result a finding (SARIF 2.1.0, §3.14)."""
    rules = sorted({finding.rule for finding in findings})
    driver = {"name": "gendan", "version": version("gendan"), "rules": [_rule(each) for each in rules]}
    results = [_result(each, rules.index(each.rule)) for each in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SARIF, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _rule(rule: str) -> dict[str, object]:
    text = page(rule) or rule
    return {"id": rule, "shortDescription": {"text": sentence(rule) or rule}, "help": {"text": text, "markdown": text}}


def _result(finding: Finding, index: int) -> dict[str, object]:
    place: dict[str, object] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(finding.file)},
            "region": {"startLine": max(finding.line, 1)},
        }
    }
    if finding.element_id:
        name = finding.element_name or finding.element_id
        place["logicalLocations"] = [{"name": name, "fullyQualifiedName": finding.element_id, "kind": "element"}]
    return {
        "ruleId": finding.rule, "ruleIndex": index, "level": finding.level.value,
        "message": {"text": f"{finding.said} {finding.cure}".strip()}, "locations": [place],
    }  # fmt: skip
