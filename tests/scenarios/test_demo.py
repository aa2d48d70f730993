"""The demonstration runs as it is told, whatever the day: every story goes on, and orders stand at every stage."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.clock import MovedClock
from engine.command.opening import practice_files
from engine.engine import Engine
from engine.scenarios.demo import read_demo
from engine.scenarios.demo_run import run_demo
from engine.scenarios.documents import read_library
from engine.scenarios.world import SYSTEM, World
from engine.settings import Settings
from engine.views import Actor, InboxFilter, RecordFilter

FOLDER = Path(__file__).parents[2] / "processes"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def _run(now: datetime, directory: Path) -> Engine:
    library = read_library([FOLDER / "scenarios", FOLDER / "demo"])
    demo = read_demo(library)
    assert demo is not None
    clock = MovedClock(now)
    settings = Settings("sqlite://", directory, b"demo")
    engine = Engine.open(settings, clock)
    engine.migrate()
    world = World(engine, clock, settings, practice_files(FOLDER))

    failures = run_demo(world, library, demo, now)

    told = [f"{each.place}: {each.title}\n{each.problems[0]}" for each in failures]
    assert not told, "\n".join(told)
    assert clock.now() == now
    return engine


def test_orders_stand_at_every_stage(tmp_path: Path) -> None:
    engine = _run(datetime(2026, 11, 25, 9, 30, tzinfo=SHANGHAI), tmp_path)

    rows, _ = engine.records.list(SYSTEM, RecordFilter("order", limit=200))
    statuses = {row.status for row in rows}
    inbox = engine.tasks.inbox(Actor("lin"), InboxFilter(limit=200)).rows

    assert len(rows) >= 30
    assert statuses >= {
        "awaiting_decision",
        "in_review",
        "entered",
        "placed",
        "scheduled",
        "in_production",
        "on_hold",
        "produced",
        "part_shipped",
        "shipped",
        "closed",
        "refused",
        "cancelled",
    }
    assert sum(row.element_id == "floor_check" for row in inbox) >= 5
    assert engine.incidents.list(SYSTEM) == ()
    assert not engine.history.verify().findings
    for person in ("chen", "gao", "he", "su", "deng", "huang"):
        assert engine.tasks.inbox(Actor(person), InboxFilter()).rows, person


def test_complaints_changes_a_handover_a_case_and_the_reward_are_shown(tmp_path: Path) -> None:
    engine = _run(datetime(2026, 11, 25, 9, 30, tzinfo=SHANGHAI), tmp_path)

    def waits(person: str) -> set[str]:
        return {row.element_id for row in engine.tasks.inbox(Actor(person), InboxFilter(limit=200)).rows}

    assert waits("chen") >= {"open_case", "decide_change_order", "coordinate_l2", "review_reward"}
    assert waits("gao") >= {"coordinate_l3", "approve_reward"}
    assert waits("lin") >= {"accept_handover", "notify_sales_or_customer", "chase_payment", "floor_check"}
    assert "statement" in waits("zhou")
    assert "do_action" in waits("deng")
    for kind in ("sample", "purchase", "handover", "conduct", "praise", "reward"):
        assert engine.records.list(Actor("gao"), RecordFilter(kind))[0], kind
    covered = [
        row for row in engine.tasks.inbox(Actor("zhou"), InboxFilter(limit=200)).rows if row.on_behalf_of == "ma"
    ]
    assert covered


@pytest.mark.soak
@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 22, 3, 10, tzinfo=SHANGHAI),
        datetime(2026, 10, 5, 12, 0, tzinfo=SHANGHAI),
        datetime(2027, 2, 20, 18, 45, tzinfo=SHANGHAI),
    ],
    ids=["a Sunday night", "in a holiday", "after the new year"],
)
def test_it_runs_on_any_day(now: datetime, tmp_path: Path) -> None:
    _run(now, tmp_path)
