"""`gendan validate` tells its findings to people, to programs and to editors, and explains its rules."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from engine.command.main import cli
from engine.definitions.findings import Level
from engine.validation import RULES

LOAN = Path(__file__).parents[1] / "scenarios" / "loan"

_TEXT = {"type": "object", "properties": {"text": {"type": "string", "minLength": 1}}, "required": ["text"]}
_RULE = {
    "type": "object", "required": ["id"], "additionalProperties": False,
    "properties": {
        "id": {"type": "string"}, "shortDescription": _TEXT,
        "help": {"type": "object", "required": ["text"], "properties": {"markdown": {"type": "string"}}},
    },
}  # fmt: skip
_LOCATION = {
    "type": "object", "additionalProperties": False,
    "properties": {
        "physicalLocation": {
            "type": "object", "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {"properties": {"uri": {"type": "string", "format": "uri-reference"}}},
                "region": {"properties": {"startLine": {"type": "integer", "minimum": 1}}},
            },
        },
        "logicalLocations": {
            "type": "array", "uniqueItems": True, "items": {
                "type": "object", "additionalProperties": False,
                "properties": {name: {"type": "string"} for name in ("name", "fullyQualifiedName", "kind")},
            },
        },
    },
}  # fmt: skip
_RESULT = {
    "type": "object", "required": ["message"], "additionalProperties": False,
    "properties": {
        "ruleId": {"type": "string"}, "ruleIndex": {"type": "integer", "minimum": 0},
        "level": {"enum": ["none", "note", "warning", "error"]}, "message": _TEXT,
        "locations": {"type": "array", "items": _LOCATION},
    },
}  # fmt: skip
_DRIVER = {
    "type": "object",
    "required": ["name"],
    "properties": {"version": {"type": "string"}, "rules": {"type": "array", "uniqueItems": True, "items": _RULE}},
}
SARIF = {
    "type": "object", "required": ["version", "runs"], "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"}, "version": {"enum": ["2.1.0"]},
        "runs": {
            "type": "array", "items": {
                "type": "object", "required": ["tool"], "additionalProperties": False,
                "properties": {
                    "tool": {"type": "object", "required": ["driver"], "properties": {"driver": _DRIVER}},
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {"type": "array", "items": _RESULT},
                },
            },
        },
    },
}  # fmt: skip
"""What SARIF 2.1.0 (§3.13-3.28, §3.49) demands of the parts that are written here."""


def gendan(*words: object) -> Result:
    """`gendan …`."""
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """The loan practice with a decision that does not exist."""
    folder = tmp_path / "借 loan"
    for each in LOAN.rglob("*"):
        if each.is_file():
            target = folder / each.relative_to(LOAN)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(each.read_bytes())
    diagram = next(folder.rglob("*.bpmn"))
    diagram.write_text(diagram.read_text().replace('decisionRef="limit"', 'decisionRef="limt"'))
    return folder


def test_json_has_everything_the_text_has(wrong: Path) -> None:
    # Given a practice that names a decision it does not have
    text = gendan("validate", wrong)
    # When a program asks
    answer = gendan("validate", wrong, "--format", "json")
    # Then it gets rule, place, element, what and cure, and the same exit code
    assert answer.exit_code == text.exit_code == 1
    told = json.loads(answer.output)
    found = next(each for each in told["findings"] if each["rule"] == "decision-reference")
    assert found.keys() == {"rule", "severity", "file", "line", "element", "name", "text", "remedy"}
    assert found["severity"] == "error"
    assert "limt" in found["text"]
    assert "limit" in found["remedy"]
    line = (wrong / found["file"]).read_text().splitlines()[found["line"] - 1]
    assert found["element"] in line
    assert told["counts"]["error"] == sum(each["severity"] == "error" for each in told["findings"])
    assert len(told["findings"]) == len(text.output.splitlines()) - 1


def test_sarif_is_valid_and_names_rules_files_and_elements(wrong: Path) -> None:
    answer = gendan("validate", wrong, "--format", "sarif")
    assert answer.exit_code == 1
    told = json.loads(answer.output)
    jsonschema.validate(told, SARIF, format_checker=jsonschema.FormatChecker())
    run = told["runs"][0]
    result = next(each for each in run["results"] if each["ruleId"] == "decision-reference")
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == "decision-reference"
    assert "decision" in rule["shortDescription"]["text"]
    assert {each["level"] for each in run["results"]} <= {level.value for level in Level}
    assert result["locations"][0]["logicalLocations"][0]["kind"] == "element"


def test_nothing_found_is_valid_too_and_ends_with_zero() -> None:
    for form in ("json", "sarif"):
        answer = gendan("validate", LOAN, "--format", form)
        assert answer.exit_code == 0
        assert json.loads(answer.output)
    assert gendan("validate", LOAN, "--format", "xml").exit_code == 2


def test_every_rule_is_explained_wherever_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for rule in RULES:
        answer = gendan("validate", "--explain", rule.id)
        assert answer.exit_code == 0
        assert answer.output.startswith(f"# {rule.id}\n")
        assert "## What to do" in answer.output or "## Good" in answer.output


def test_a_misspelt_rule_is_refused_with_the_nearest() -> None:
    answer = gendan("validate", "--explain", "unknwn-name")
    assert answer.exit_code == 1
    assert "unknown-name" in answer.output
