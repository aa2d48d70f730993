"""`gendan simulate`: scenarios that fail now, and past instances that would have taken another way."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.clock import SystemClock
from engine.command.main import cli
from engine.engine import SYSTEM, Engine
from engine.settings import Settings

LOAN = Path(__file__).parents[1] / "scenarios" / "loan"
Command = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The practice to be changed."""
    shutil.copytree(LOAN, tmp_path / "loan")
    return tmp_path / "loan"


@pytest.fixture
def gendan(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`gendan …` on data of its own, with a loan that runs."""
    monkeypatch.setenv("GENDAN_DATA_DIR", str(tmp_path / "data"))
    command: Command = lambda *words: CliRunner().invoke(cli, [str(word) for word in words])  # noqa: E731
    assert command("init", folder, "--admin-password", "long enough words").exit_code == 0
    engine = Engine.open(Settings.from_environment(), SystemClock())
    engine.instances.start("loan", {"borrower": "A01", "amount": 5}, SYSTEM)
    engine.close()
    return command


def test_what_is_the_same_changes_nothing(gendan: Command, folder: Path) -> None:
    done = gendan("simulate", folder, "--no-scenarios")
    assert (done.exit_code, done.output) == (0, "No process is changed: no instance could take another way.\n")


def test_scenarios_that_fail_now_are_told_from_those_that_did(gendan: Command, folder: Path) -> None:
    drawn = folder / "loan.bpmn"
    text = drawn.read_text(encoding="utf-8")
    drawn.write_text(
        text.replace('camunda:candidateGroups="head"', 'camunda:candidateGroups="clerk"'), encoding="utf-8"
    )
    done = gendan("simulate", folder)
    assert done.exit_code == 1
    assert "fails now" in done.output
    assert "scenarios hold" in done.output


def test_errors_are_shown_and_nothing_is_run(gendan: Command, folder: Path) -> None:
    (folder / "loan.bpmn").write_text("<nonsense", encoding="utf-8")
    assert gendan("simulate", folder).exit_code == 1
