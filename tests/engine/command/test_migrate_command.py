"""`gendan migrate`: plan, run, undo."""

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
def gendan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`gendan …` on data of its own, with a running instance and a version deployed after it was started."""
    monkeypatch.setenv("GENDAN_DATA_DIR", str(tmp_path / "data"))
    command: Command = lambda *words: CliRunner().invoke(cli, [str(word) for word in words])  # noqa: E731
    folder = tmp_path / "loan"
    shutil.copytree(LOAN, folder)
    assert command("init", folder, "--admin-password", "long enough words").exit_code == 0
    engine = Engine.open(Settings.from_environment(), SystemClock())
    engine.instances.start("loan", {"borrower": "A01", "amount": 5}, SYSTEM)
    engine.close()
    drawn = folder / "loan.bpmn"
    text = drawn.read_text(encoding="utf-8")
    drawn.write_text(text.replace("</bpmn:definitions>", "<!-- another --></bpmn:definitions>"), encoding="utf-8")
    assert command("deploy", folder).exit_code == 0
    return command


def test_instances_are_planned_migrated_and_taken_back(gendan: Command) -> None:
    planned = gendan("migrate", "plan", "loan", 1, 2)
    assert (planned.exit_code, "1 can go, 0 cannot" in planned.output) == (0, True)
    assert gendan("migrate", "run", "loan", 1, 2).exit_code == 2, "a reason is asked for"
    assert gendan("migrate", "run", "loan", 1, 2, "--reason", "x", "--map", "nonsense").exit_code == 2
    done = gendan("migrate", "run", "loan", 1, 2, "--reason", "mended")
    assert (done.exit_code, done.output) == (0, "Migration 1: 1 done.\n")
    again = gendan("migrate", "run", "loan", 1, 2, "--reason", "mended")
    assert (again.exit_code, "No open instance runs version 1" in again.output) == (1, True)
    assert "mended" in gendan("migrate", "list", "loan").output
    back = gendan("migrate", "undo", 1, "--reason", "a slip")
    assert (back.exit_code, back.output) == (0, "Migration 1: 1 undone.\n")
    assert "1 can go" in gendan("migrate", "plan", "loan", 1, 2).output
