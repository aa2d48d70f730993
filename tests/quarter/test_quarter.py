"""A quarter of a company, driven at random through all diagrams: nothing gets stuck, and the figures are those of
history."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from engine.clock import MovedClock
from engine.command.opening import practice_files
from engine.engine import Engine
from engine.scenarios.documents import read_library
from engine.scenarios.world import World
from engine.settings import Settings
from tests.quarter import verdict
from tests.quarter.company import Company, Plan
from tests.quarter.recount import recount

FOLDER = Path(__file__).parents[2] / "processes"
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
WEEKS = Plan(12, {"order_followup": 4, "sample_followup": 2, "purchase_followup": 2}, 2, 2, 1)
QUARTER = Plan(91, {"order_followup": 100, "sample_followup": 40, "purchase_followup": 30}, 20, 8, 6)


def company(plan: Plan, seed: int, url: str, directory: Path) -> Company:
    settings = replace(Settings.from_environment(), database_url=url, attachments_dir=directory / "attachments")
    clock = MovedClock(MONDAY)
    engine = Engine.open(settings, clock)
    engine.migrate()
    world = World(engine, clock, settings, practice_files(FOLDER))
    world.deploy(())
    world.begin(read_library([FOLDER / "scenarios"]).always)
    return Company(world, plan, Random(seed))


def assert_whole(lived: Company, viewer: str = "chen") -> None:
    engine = lived.world.engine
    assert verdict.stuck(engine) == []
    assert verdict.incidents(engine) == []
    assert verdict.late_messages(engine) == []
    assert verdict.orphans(engine) == []
    assert verdict.ends_without_a_name(engine) == []
    assert engine.history.verify().findings == ()
    assert verdict.board(engine, viewer) == recount(engine)


@pytest.mark.parametrize("seed", [1])
def test_some_weeks_of_work_leave_nothing_stuck(seed: int, tmp_path: Path) -> None:
    lived = company(WEEKS, seed, f"sqlite:///{tmp_path / 'weeks.sqlite3'}", tmp_path)

    lived.work()

    assert_whole(lived)
    assert lived.done["restarts"] == 2
    assert sum(lived.done.values()) > 100


@pytest.mark.soak
@pytest.mark.parametrize("seed", [11])
def test_a_quarter_of_work_leaves_nothing_stuck(seed: int, tmp_path: Path) -> None:
    lived = company(QUARTER, seed, f"sqlite:///{tmp_path / 'quarter.sqlite3'}", tmp_path)

    lived.work()
    lived.settle(30)

    assert_whole(lived)
    for process, count in QUARTER.work.items():
        assert lived.done[f"{process} begun"] >= count * 0.9
