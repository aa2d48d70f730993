"""Every verb and every expectation holds on the real engine, and says what is wrong when it does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.command.opening import practice_files
from engine.scenarios.beginnings import Beginnings
from engine.scenarios.documents import read_library
from engine.scenarios.outcome import Result
from engine.scenarios.run import run_story

LOAN = Path(__file__).parent / "loan"
PRACTICE = practice_files(LOAN)
LIBRARY = read_library([LOAN / "scenarios"])
NAMES = [story.name for story in LIBRARY.scenarios()]


@pytest.fixture(scope="module")
def memory() -> Iterator[Beginnings]:
    with Beginnings(PRACTICE) as kept:
        yield kept


@pytest.mark.parametrize("name", NAMES)
def test_a_story_holds_in_memory(name: str, memory: Beginnings) -> None:
    result = run_story(PRACTICE, LIBRARY, LIBRARY.stories[name], beginnings=memory)

    assert result.held, result.explain()


@pytest.fixture(scope="module")
def served(postgres: str) -> Iterator[Beginnings]:
    with Beginnings(PRACTICE, postgres) as kept:
        yield kept


@pytest.mark.parametrize("name", NAMES)
def test_a_story_holds_on_postgresql(name: str, postgres: str, served: Beginnings) -> None:
    result = run_story(PRACTICE, LIBRARY, LIBRARY.stories[name], postgres, served)

    assert result.held, result.explain()


START = "{start: loan, by: anna, values: {borrower: A01, amount: 10}}"


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ("{start: loan, by: otto, values: {}}", ["start: loan", "The step was refused.", "[forbidden]"]),
        ("{start: loan, by: anna, values: {amount: 1}}", ["[form-invalid]", "borrower"]),
        ("{start: loan, values: {}}", ["“by” is missing"]),
        (f"{START}, {{do: pay, by: anna}}", ["There is no such task", "approve_loan"]),
        (f"{START}, {{do: approve_loan, by: hugo, outcome: aprove}}", ["Do you mean “approve”?"]),
        (f"{START}, {{do: approve_loan, by: hugo, outcome: approve, refused: forbidden}}", ["it was accepted"]),
        (
            f"{START}, {{do: approve_loan, by: anna, outcome: approve, refused: conflict}}",
            ["another reason", "conflict"],
        ),
        (f"{START}, {{expect: {{tasks: []}}}}", ["open tasks", "expected: none", "found:    approve_loan 审批: head"]),
        (f"{START}, {{expect: {{tasks: {{approve_loan: {{due: +1wh, owner: anna}}}}}}}}", ["owner", "due", "nobody"]),
        (
            f"{START}, {{expect: {{status: active, fields: {{amount: 11}}, end: repaid}}}}",
            ["active", "draft", "11", "10"],
        ),
        (f"{START}, {{expect: {{for: lone}}}}", ["Do you mean “loan”?"]),
        (f"{START}, {{expect: {{sees: [otto], does not see: [hugo]}}}}", ["otto sees", "hugo does not see"]),
        (f"{START}, {{expect: {{inbox: {{hugo: []}}}}}}", ["inbox of hugo", "found:    approve_loan"]),
        (f"{START}, {{expect: {{decisions: {{limit: {{rule: large}}, other: {{}}}}}}}}", ["large", "small", "never"]),
        (f"{START}, {{expect: {{instances: [{{process: question}}]}}}}", ["instance of question", "none"]),
        (f"{START}, {{expect: {{notifications: [{{to: anna}}]}}}}", ["notification", "at least one"]),
        (f"{START}, {{expect: {{pushed: [{{to: hugo, count: 2}}]}}}}", ["push", "2 that fits: hugo", "nothing"]),
        (f"{START}, {{expect: {{history: [{{element: pay}}], passed: [pay]}}}}", ["history", "pay was passed"]),
        (f"{START}, {{expect: {{incidents: 1, records: {{loan: 2}}}}}}", ["incidents", "records of type loan"]),
        (f"{START}, {{expect: {{buttons: {{anna: [money_back]}}}}}}", ["money_back is offered to anna"]),
        (f"{START}, {{send: money_back, by: anna}}", ["finds no button"]),
        (f"{START}, {{wait: 2026-11-01}}", ["already"]),
        (f"{START}, {{wait: '${{nothing()}}'}}", ["nothing"]),
    ],
)
def test_a_failure_names_step_expected_and_found(tmp_path: Path, steps: str, told: list[str]) -> None:
    result = _run(tmp_path, steps)

    text = result.explain()
    assert not result.held
    assert all(part in text for part in told), text
    assert str(tmp_path) in text.split("\n")[0]


def test_a_failure_shows_where_the_tokens_are(tmp_path: Path) -> None:
    result = _run(tmp_path, f"{START}, {{expect: {{tasks: []}}}}")

    assert result.explain().split("  tokens:\n")[1].split("\n") == [
        "    LN26-0001  [draft]",
        "      loan v1: active",
        "        approve_loan (task, due 2026-11-02 17:30)",
        "        slow (timer, due 2026-11-02 14:30)",
    ]


def test_an_incident_that_nobody_expects_fails_the_step(tmp_path: Path) -> None:
    given = "files: [{file: loan.bpmn, replace: 'setting(\"remind_hours\")', with: 'setting(borrower)'}]"

    result = _run(tmp_path, START, given)

    assert "The step brought about an incident." in result.explain()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("files: [{file: lone.bpmn, replace: a, with: b}]", "Do you mean “loan.bpmn”?"),
        ("files: [{file: loan.bpmn, replace: zzz, with: b}]", "does not hold the text to replace"),
        ("settings: {remind_hour: 1}", "Do you mean “remind_hours”?"),
        ("reference: {lender: [{key: A}]}", "lender"),
        ("people: [{id: x, groups: [clerks]}]", "clerks"),
        ("push: [nobody]", "There is no person nobody"),
        ("files: [{file: limit.dmn, replace: '<decisionTable', with: '<decisionTablet'}]", "was deployed"),
    ],
)
def test_what_cannot_be_given_is_told(tmp_path: Path, given: str, told: str) -> None:
    result = _run(tmp_path, START, given)

    assert told in result.explain(), result.explain()


def _run(folder: Path, steps: str, given: str = "") -> Result:
    story = f"scenario: S\ngiven: {{{given}}}\nsteps: [{steps}]\n"
    (folder / "story.yaml").write_text(story, encoding="utf-8")
    library = read_library([LOAN / "scenarios", folder])
    return run_story(PRACTICE, library, library.stories["S"])
