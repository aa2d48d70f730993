"""What wakes workers on PostgreSQL: wake-ups carry no truth, so losing, doubling or outliving one changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from procrastinate import App
from procrastinate.schema import SchemaManager
from sqlalchemy import text

from engine.clock import SystemClock
from engine.command.main import cli
from engine.store import wakeups as tables
from engine.store.connect import Database, send
from engine.views import Actor
from engine.worker.wakeups import QUEUE, application, look
from engine.worker.waking import Waker
from tests.databases import empty_database, new_database
from tests.engine.definitions.diagrams import flows, node, timer
from tests.engine.runtime.office import Office, loan, office_at, user_task
from tests.engine.runtime.test_board import HEL, deploy

ANN = Actor("ann")
BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")


@pytest.fixture
def office(postgres: str, tmp_path: Path) -> Iterator[Office]:
    """An office on PostgreSQL with three loans whose timers have been due for an hour."""
    with new_database("postgresql", tmp_path, postgres) as url, office_at(url, tmp_path) as found:
        found.engine.prepare_workers()
        late = node("boundaryEvent", "late", timer("PT1H"), 'attachedToRef="enter" cancelActivity="false"')
        found.deploy(
            loan(BEGIN, user_task("enter", "ann"), late, user_task("chase", "bob"), DONE,
                 flows("begin enter done", "late chase done"))
        )  # fmt: skip
        found.clock.move_to(SystemClock().now() - timedelta(hours=2))
        for _ in range(3):
            found.start()
        found.clock.move_to(SystemClock().now())
        yield found


def waiting(office: Office) -> list[tuple[str, str]]:
    with office.engine.machinery.database.reading() as connection:
        rows = connection.execute(text("SELECT task_name, status::text FROM procrastinate_jobs ORDER BY id"))
        return [(row[0], row[1]) for row in rows]


def work_once(office: Office) -> None:
    """A worker that sweeps, does what waits, and stops."""
    app = application(office.engine, 5)

    async def work() -> None:
        async with app.open_async():
            await app.configure_task("sweep", queue=QUEUE).defer_async(timestamp=0)
            await app.run_worker_async(queues=[QUEUE], wait=False, delete_jobs="always", install_signal_handlers=False)

    asyncio.run(work())


def deferred(office: Office, *tasks: tuple[str, dict[str, int]]) -> App:
    app = application(office.engine, 5)

    async def defer() -> None:
        async with app.open_async():
            for name, values in tasks:
                await app.configure_task(name, queue=QUEUE).defer_async(**values)

    asyncio.run(defer())
    return app


def test_a_sweep_finds_what_nobody_was_woken_for(office: Office) -> None:
    assert sorted({each.task for each in look(office.engine)}) == ["fire"]
    work_once(office)
    assert office.names() == ["chase"] * 3 + ["enter"] * 3
    assert look(office.engine) == []
    assert waiting(office) == []


def test_wake_ups_that_come_twice_or_for_nothing_do_nothing(office: Office) -> None:
    share = office.engine.timers.shares_due()[0]
    deferred(office, *[("fire", {"share": share})] * 3, ("deliver", {"share": 5}), ("run", {"job_id": 99}))
    work_once(office)
    work_once(office)
    assert office.names() == ["chase"] * 3 + ["enter"] * 3


def test_what_a_dead_worker_held_is_taken_away_and_done_all_the_same(office: Office) -> None:
    deferred(office, *(("fire", {"share": share}) for share in office.engine.timers.shares_due()))
    with office.engine.machinery.database.writing() as connection:
        dead = text(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        )
        worker = connection.execute(dead).scalar()
        connection.execute(text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = :of"), {"of": worker})
    work_once(office)
    assert office.names().count("chase") == 3
    assert waiting(office) == []


def test_a_worker_counts_what_the_board_shows(office: Office) -> None:
    deploy(office)
    assert office.engine.board.show(HEL).counted_at is None
    app = deferred(office, ("count", {"timestamp": 0}))
    assert "count" in {each.task.name for each in app.periodic_registry.periodic_tasks.values()}
    work_once(office)
    assert office.engine.board.show(HEL).counted_at is not None


def test_whoever_commits_something_for_workers_wakes_them_once(office: Office) -> None:
    waker = Waker(office.engine)
    waker.wake()
    assert waiting(office) == []
    office.engine.tasks.complete(office.tasks("ann")[0].id, {}, ANN)
    waker.wake()
    waker.wake()
    assert waiting(office) == [("sweep", "todo")]


def test_tables_of_an_older_procrastinate_are_brought_forward(postgres: str, tmp_path: Path) -> None:
    steps = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))

    def functions(database: Database) -> set[str]:
        with database.reading() as connection:
            names = "SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
            return set(connection.execute(text(names)).scalars())

    with (
        empty_database("postgresql", tmp_path, postgres) as new,
        empty_database("postgresql", tmp_path, postgres) as old,
    ):
        fresh, aged = Database(new), Database(old)
        tables.upgrade(fresh)
        with aged.writing() as connection:
            for step in steps[:-4]:
                send(connection, step.read_text(encoding="utf-8"))
            send(connection, f"COMMENT ON TABLE procrastinate_jobs IS '{steps[-5].name}'")
        assert functions(aged) != functions(fresh)
        tables.upgrade(aged)
        tables.upgrade(aged)
        assert functions(aged) == functions(fresh)
        fresh.close()
        aged.close()


def test_on_sqlite_a_worker_says_that_there_is_nothing_for_it(tmp_path: Path) -> None:
    environment = {"GENDAN_DATABASE_URL": f"sqlite:///{tmp_path / 'x.sqlite3'}", "GENDAN_DATA_DIR": str(tmp_path)}
    done = CliRunner().invoke(cli, ["worker"], env=environment)
    assert done.exit_code == 1
    assert "gendan serve" in done.output
