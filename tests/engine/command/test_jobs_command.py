"""`gendan jobs`: what is to happen outside, what failed, trying it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.clock import MovedClock, SystemClock
from engine.command.main import cli
from engine.engine import SYSTEM, Engine
from engine.runtime.jobs.jobs import LOCK
from engine.settings import Settings
from tests.engine.jobs.outside import Outside, outside

LOAN = Path(__file__).parents[1] / "scenarios" / "loan"
Command = Callable[..., Result]


@pytest.fixture
def robot() -> Iterator[Outside]:
    with outside() as found:
        yield found


@pytest.fixture
def gendan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, robot: Outside) -> Command:
    """`gendan …` on data of its own, with a push that was given up."""
    for name, value in {
        "DATA_DIR": str(tmp_path / "data"),
        "PUSH_KINDS": "json",
        "PUSH_HOSTS": robot.host,
        "PRIVATE_NETWORKS": "127.0.0.0/8",
    }.items():
        monkeypatch.setenv(f"GENDAN_{name}", value)
    command: Command = lambda *words: CliRunner().invoke(cli, [str(word) for word in words])  # noqa: E731
    assert command("init", LOAN, "--admin-password", "long enough words").exit_code == 0
    clock = MovedClock(SystemClock().now() - 24 * 12 * LOCK)
    engine = Engine.open(Settings.from_environment(), clock)
    robot.answer(500)
    engine.push_addresses.add("admin", f"json://{robot.host}/it", SYSTEM)
    engine.notifications.send(["admin"], "Disk full")
    while (due := engine.next_due()) is not None:
        clock.move_to(max(due, clock.now()))
        engine.tick()
    engine.close()
    return command


def test_jobs_are_listed_shown_and_tried_again(gendan: Command, robot: Outside) -> None:
    listed = gendan("jobs", "list")
    assert (listed.exit_code, "failed" in listed.output) == (1, True)
    assert gendan("jobs", "list", "--state", "waiting").output == "No jobs.\n"
    shown = gendan("jobs", "show", 1)
    assert (shown.exit_code, "tries: 12" in shown.output, "error=500" in shown.output) == (0, True, True)
    assert gendan("jobs", "retry").exit_code == 2
    assert gendan("jobs", "retry", 99).output == "There is no job 99.\n"
    assert gendan("jobs", "retry", "--all").output == "1: is tried again.\n"
    robot.answer(200)
    engine = Engine.open(Settings.from_environment())
    engine.tick()
    engine.close()
    done = gendan("jobs", "list")
    assert (done.exit_code, "done" in done.output) == (0, True)
    assert gendan("jobs", "retry", 1).exit_code == 1
