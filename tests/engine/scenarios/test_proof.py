"""What a run proves: the same in parallel as one after the other, counted by hand, as JUnit, as a page, by clause."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from engine.command.main import cli
from engine.command.opening import practice_files
from engine.scenarios.parallel import run_parallel
from engine.scenarios.proof.coverage import coverage_of
from engine.scenarios.proof.drawing import draw
from engine.scenarios.proof.practice import nodes_of, read_proved
from engine.scenarios.proof.trace import together
from engine.scenarios.run import chosen_scenarios, run_stories

LOAN = Path(__file__).parent / "loan"
PROCESSES = Path(__file__).parents[3] / "processes"
PEOPLE = (LOAN / "scenarios" / "people.yaml").read_text(encoding="utf-8")
REFUSED = """
scenario: refused
title: 小额借款被拒绝
clauses: [C2.1]
steps:
- {start: loan, by: anna, values: {borrower: A01, amount: 1200}}
- {do: approve_loan, by: hugo, outcome: refuse, values: {reason: 太多}}
- expect: {end: refused}
"""
WRONG = """
---
scenario: wrong
title: 说错了的场景
steps:
- {start: loan, by: anna, values: {borrower: A01, amount: 1200}}
- expect: {status: nowhere}
"""


@pytest.fixture
def practice(tmp_path: Path) -> Path:
    """The loan practice with one scenario, which refuses a small loan."""
    folder = tmp_path / "loan"
    shutil.copytree(LOAN, folder)
    for each in (folder / "scenarios").glob("*.yaml"):
        each.unlink()
    (folder / "scenarios" / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    _tell(folder, REFUSED)
    return folder


def _tell(folder: Path, text: str) -> None:
    (folder / "scenarios" / "stories.yaml").write_text(text, encoding="utf-8")


def _run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in words])


def test_in_parallel_the_same_comes_out_in_the_same_order() -> None:
    files = practice_files(LOAN)
    library, stories = chosen_scenarios([LOAN / "scenarios"])

    one = list(run_stories(files, library, stories))
    many = list(run_parallel(files, library, stories, 3))

    assert [each.name for each in many] == [story.name for story in stories]
    assert [(each.name, each.held, each.steps, each.trace) for each in one] == [
        (each.name, each.held, each.steps, each.trace) for each in many
    ]


def test_a_failure_is_told_in_full_by_another_process(practice: Path) -> None:
    _tell(practice, REFUSED + WRONG)
    files = practice_files(practice)
    library, stories = chosen_scenarios([practice / "scenarios"])

    told = [each.explain() for each in run_parallel(files, library, stories, 2)]

    assert told == [each.explain() for each in run_stories(files, library, stories)]
    assert "expected: nowhere" in told[1]


def test_coverage_is_what_one_counts_by_hand(practice: Path) -> None:
    """Of the loan: start, rate, approve_loan, decided, refused; f1, f2, f3, f_no; of the limits the small one."""
    files = practice_files(practice)
    library, stories = chosen_scenarios([practice / "scenarios"])
    trace = together(each.trace for each in run_stories(files, library, stories))

    found = coverage_of(read_proved(files), trace)

    loan, question = (next(each for each in found.diagrams if each.id == name) for name in ("loan", "question"))
    (limit,) = found.tables
    assert loan.elements.reached == {"start", "rate", "approve_loan", "decided", "refused"}
    assert (len(loan.elements.all), loan.elements.percent) == (15, 33)
    assert loan.flows.reached == {"f1", "f2", "f3", "f_no"}
    assert (question.elements.percent, len(question.elements.all)) == (0, 3)
    assert (limit.rules.reached, limit.rules.missed, limit.rules.percent) == ({"small"}, ("large",), 50)


def test_too_little_is_a_failure_only_when_asked(practice: Path) -> None:
    without = _run("test", "--practice", practice)
    asked = _run("test", "--practice", practice, "--coverage")

    assert without.exit_code == 0, without.output
    assert asked.exit_code == 1
    assert "loan: 33 % of its elements are reached, 95 % must be." in asked.output
    assert "limit: no scenario reaches the rule large." in asked.output


def test_what_is_not_reached_may_say_why(practice: Path) -> None:
    files = practice_files(practice)
    library, stories = chosen_scenarios([practice / "scenarios"])
    trace = together(each.trace for each in run_stories(files, library, stories))
    excepted: list[dict[str, object]] = [{"decision": "limit", "rules": ["large"], "reason": "没有大额"}]
    for diagram in coverage_of(read_proved(files), trace).diagrams:
        excepted.append({"process": diagram.id, "elements": list(diagram.elements.missed), "reason": "另行演练"})
    bounds = {"elements": 0, "except": excepted}
    _tell(practice, f"{REFUSED}\n---\ncoverage: {json.dumps(bounds, ensure_ascii=False)}\n")

    enough = _run("test", "--practice", practice, "--coverage")
    excepted.append({"process": "loan", "elements": ["refused", "nowhere"], "reason": "没有演练"})
    _tell(practice, f"{REFUSED}\n---\ncoverage: {json.dumps(bounds, ensure_ascii=False)}\n")
    idle = _run("test", "--practice", practice, "--coverage")

    assert enough.exit_code == 0, enough.output
    assert idle.exit_code == 1
    assert "take its exception out" in idle.output
    assert "there is no nowhere in loan" in idle.output


def test_junit_tells_what_failed_and_where(practice: Path, tmp_path: Path) -> None:
    _tell(practice, REFUSED + WRONG)

    done = _run("test", "--practice", practice, "--junit", tmp_path / "junit.xml", "--jobs", 2)

    root = etree.fromstring((tmp_path / "junit.xml").read_bytes())
    cases = root.findall("testsuite/testcase")
    failure = root.find("testsuite/testcase/failure")
    assert done.exit_code == 1
    assert (root.get("tests"), root.get("failures")) == ("2", "1")
    assert [each.get("name") for each in cases] == ["refused 小额借款被拒绝", "wrong 说错了的场景"]
    assert failure is not None
    assert "stories.yaml:15:3" in str(failure.get("message"))
    assert "expected: nowhere" in str(failure.text)


def test_the_report_holds_every_diagram_with_what_was_not_reached_marked(tmp_path: Path) -> None:
    """One order registered and its window passed: the review begins, nothing is produced. It opens without network."""
    done = _run("test", "--practice", PROCESSES, "--only", "A01", "--html", tmp_path)

    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    groups = [each for each in etree.HTML(page).iter("g") if each.get("data-id")]
    marks = {each.get("data-id"): str(each.get("class")).split()[1] for each in groups}
    assert done.exit_code == 0, done.output
    assert (marks["register_order"], marks["floor_check"]) == ("reached", "missed")
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page


def test_a_drawing_shows_every_element_of_its_diagram() -> None:
    practice = read_proved(practice_files(PROCESSES))

    for process in practice.processes:
        root = etree.fromstring(draw(practice.files[process.file], process.id))
        drawn = {each.get("data-id") for each in root.iter() if each.get("data-id")}
        assert nodes_of(process).keys() <= drawn, process.id


def _clauses(folder: Path, *lines: str) -> None:
    head = "sections:\n  - {id: review, zh: 评审, en: Review}\nclauses:\n"
    first = "  - {id: C2.1, section: review, zh: 主管当天批准, en: The head decides the same day}\n"
    text = head + first + "".join(f"  - {each}\n" for each in lines)
    (folder / "clauses.yaml").write_text(text, encoding="utf-8")


def test_the_policy_holds_when_every_clause_is_carried_out_and_proved(practice: Path, tmp_path: Path) -> None:
    shown = _run("policy", practice)
    told = json.loads(_run("policy", practice, "--json").output)
    _run("policy", practice, "--html", tmp_path / "policy.html")

    (clause,) = told["clauses"]
    assert shown.exit_code == 0, shown.output
    assert told["holds"]
    assert [each["id"] for each in clause["scenarios"]] == ["refused"]
    assert "approve_loan" in [each["id"] for each in clause["elements"]]
    assert "主管当天批准" in (tmp_path / "policy.html").read_text(encoding="utf-8")


Change = Callable[[Path], None]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda folder: _clauses(folder, "{id: C3, section: review, zh: 没人管, en: Nobody}"), "C3"),
        (lambda folder: _tell(folder, REFUSED.replace("[C2.1]", "[]")), "C2.1 主管当天批准: no scenario proves it."),
        (lambda folder: _tell(folder, REFUSED.replace("C2.1]", "C2.1, C9]")), "scenario refused"),
        (
            lambda folder: (folder / "loan.bpmn").write_text(
                (folder / "loan.bpmn").read_text(encoding="utf-8").replace("C2.1", "C2.1 C7.5"), encoding="utf-8"
            ),
            "names C7.5, which is no clause",
        ),
    ],
    ids=["a clause nobody carries out", "a clause nobody proves", "a scenario of no clause", "an element of no clause"],
)
def test_the_policy_does_not_hold(practice: Path, change: Change, told: str) -> None:
    change(practice)

    shown = _run("policy", practice)

    assert shown.exit_code == 1
    assert told in shown.output


def test_a_clause_may_say_why_it_is_without(practice: Path) -> None:
    _clauses(practice, "{id: C3, section: review, zh: 谁是主管, en: Who heads, without: 由任命决定}")

    shown = _run("policy", practice)

    assert shown.exit_code == 0, shown.output
    assert "由任命决定" in shown.output
