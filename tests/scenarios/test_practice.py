"""Every scenario of the practice holds, in memory and on PostgreSQL; together they reach what they must, and every
clause of the policy is carried out and proved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.command.opening import practice_files, scenarios_of
from engine.command.policy import faults
from engine.scenarios.beginnings import Beginnings
from engine.scenarios.documents import read_library
from engine.scenarios.parallel import cores, run_parallel
from engine.scenarios.proof.coverage import coverage_of, shortfalls
from engine.scenarios.proof.heads import heads_of
from engine.scenarios.proof.policy import policy_map
from engine.scenarios.proof.practice import read_proved
from engine.scenarios.proof.trace import together
from engine.scenarios.run import run_story

FOLDER = Path(__file__).parents[2] / "processes"
PRACTICE = practice_files(FOLDER)
LIBRARY = read_library([FOLDER / "scenarios"])
NAMES = [story.name for story in LIBRARY.scenarios()]


def test_every_scenario_holds_and_together_they_reach_what_they_must() -> None:
    results = list(run_parallel(PRACTICE, LIBRARY, LIBRARY.scenarios(), cores()))

    reached = coverage_of(read_proved(PRACTICE), together(each.trace for each in results))

    assert [each.explain() for each in results if not each.held] == []
    assert list(shortfalls(reached, LIBRARY.bounds)) == []


@pytest.fixture(scope="module")
def beginnings(postgres: str) -> Iterator[Beginnings]:
    with Beginnings(PRACTICE, postgres) as kept:
        yield kept


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_holds_on_postgresql(name: str, postgres: str, beginnings: Beginnings) -> None:
    result = run_story(PRACTICE, LIBRARY, LIBRARY.stories[name], postgres, beginnings)

    assert result.held, result.explain()


def test_every_clause_is_carried_out_and_proved() -> None:
    found = policy_map(read_proved(PRACTICE), heads_of(scenarios_of(FOLDER)))

    assert list(faults(found)) == []


def test_scenarios_have_titles_and_clauses() -> None:
    bare = [story.name for story in LIBRARY.scenarios() if not story.title or not story.clauses]

    assert not bare
