"""Every rule with its good and bad diagrams; rules, cases and pages are equal sets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import engine.decisions
from engine.definitions.findings import Level
from engine.definitions.reader import UNREADABLE
from engine.validation import DEFAULT_LEVELS, RULES, validate_file, validate_practice
from engine.validation.schema import RULE as SCHEMA
from tests.engine.definitions.diagrams import flows, node
from tests.engine.validation.case import Case, bad, path, practice
from tests.engine.validation.cases import CASES

PAGES = Path(__file__).parents[3] / "docs" / "rules"
ELSEWHERE = {UNREADABLE, SCHEMA, "practice-file", "unknown-file", "not-compiled", "duplicate-decision"}
"""Rules of the readers and of deployment, whose cases stand in their tests."""


def decisions() -> set[str]:
    """The rules of decision files, as their reader names them."""
    folder = Path(engine.decisions.__file__).parent
    return {name for file in folder.glob("*.py") for name in re.findall(r'"(dmn-[a-z-]+)"', file.read_text())}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_a_rule_finds_what_is_bad_and_leaves_what_is_good(case: Case) -> None:
    found = [finding for finding in validate_practice(practice(case)) if finding.rule == case.rule]
    assert tuple(finding.element_id for finding in found) == case.found
    for finding in found:
        assert finding.line > 0
        assert "%(" not in str(finding)
        assert finding.text[-1] in ".s" or "%" in finding.text


def test_rules_cases_and_pages_are_equal_sets() -> None:
    rules = {rule.id for rule in RULES}
    assert {case.rule for case in CASES if case.found} == rules
    assert {case.rule for case in CASES if not case.found} == rules
    pages = {page.stem for page in PAGES.glob("*.md")} - {"README"}
    assert pages == rules | ELSEWHERE | decisions()


def test_every_page_tells_what_why_bad_and_good() -> None:
    for page in PAGES.glob("*.md"):
        if page.stem != "README":
            text = page.read_text()
            assert text.startswith(f"# {page.stem}\n"), page
            assert "## Bad" in text, page
            assert "## Good" in text, page


def test_every_rule_has_a_sentence() -> None:
    for rule in RULES:
        module = __import__(rule.check.__module__, fromlist=["x"])
        assert module.__doc__, rule.id
        assert rule.check.__doc__, rule.id


def test_levels_can_be_changed_and_rules_switched_off() -> None:
    # Given a task that nobody is named for and that has no due time
    case = next(case for case in CASES if case.rule == "task-assignee" and case.found)
    whole = practice(case)
    # When one rule is off and another weighs more
    found = validate_practice(whole, {"task-assignee": None, "task-due": Level.ERROR})
    # Then the first says nothing and the second is an error
    levels = {finding.rule: finding.level for finding in found}
    assert "task-assignee" not in levels
    assert levels["task-due"] is Level.ERROR
    assert DEFAULT_LEVELS["task-due"] is Level.WARNING


def test_findings_come_all_at_once_in_the_order_of_files_and_lines() -> None:
    case = next(case for case in CASES if case.name == "the same id in two files")
    found = validate_practice(practice(case))
    assert [(finding.file, finding.line) for finding in found] == sorted((f.file, f.line) for f in found)


def test_a_file_alone_is_checked_without_its_practice() -> None:
    # Given a file that calls a process of another file
    case = next(case for case in CASES if case.name == "in another file")
    file = practice(case).files[0]
    # When it is checked alone, the call is no finding
    assert not [finding for finding in validate_file(file) if finding.rule == "called-process"]


@pytest.mark.parametrize("written", ["= amount > 100", "#{amount > 100}", "amount > 100"])
def test_a_condition_as_other_engines_write_it_is_told_how_it_is_written_here(written: str) -> None:
    drawn = path(node("exclusiveGateway", "g"), node("task", "t"), extra=flows(f"g e: {written}"))
    (found,) = [
        each for each in validate_practice(practice(bad("", "", "", drawn))) if each.rule == "expression-syntax"
    ]
    assert str(found).endswith("Write ${amount > 100}. [expression-syntax]")
