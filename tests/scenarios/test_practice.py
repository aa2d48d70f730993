"""Every scenario of the practice holds, on an SQLite file and on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.command.opening import practice_files
from engine.scenarios.documents import read_library
from engine.scenarios.run import run_story
from tests.databases import KINDS

FOLDER = Path(__file__).parents[2] / "processes"
PRACTICE = practice_files(FOLDER)
LIBRARY = read_library([FOLDER / "scenarios"])
NAMES = [story.name for story in LIBRARY.scenarios()]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_holds(name: str, kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    database = f"sqlite:///{tmp_path / 'x.sqlite3'}" if kind == "sqlite" else request.getfixturevalue("postgres")

    result = run_story(PRACTICE, LIBRARY, LIBRARY.stories[name], database)

    assert result.held, result.explain()


def test_scenarios_have_titles_and_clauses() -> None:
    bare = [story.name for story in LIBRARY.scenarios() if not story.title or not story.clauses]

    assert not bare
