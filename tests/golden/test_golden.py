"""What an earlier release left in a database is upgraded, verifies, and goes on to its end, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from engine.clock import MovedClock
from engine.engine import SYSTEM, Engine
from engine.errors import Conflict, Invalid, ModelError, NotFound
from engine.settings import Settings
from engine.store import migrate
from engine.store.connect import Database
from engine.store.schema.running import process_instance
from engine.views import Actor, InboxFilter, InstanceRow
from tests.engine.runtime.office import MONDAY
from tests.golden import golden

ANN, BOB, HEL = (Actor(each) for each in ("ann", "bob", "hel"))
OPEN = ("active", "suspended")


@pytest.fixture(params=golden.releases())
def written(request: pytest.FixtureRequest, empty_url: str, tmp_path: Path) -> Settings:
    """A database as that release left it."""
    return golden.put(request.param, empty_url, tmp_path)


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(MONDAY + timedelta(hours=3))


@pytest.fixture
def engine(written: Settings, clock: MovedClock) -> Iterator[Engine]:
    """This release over it."""
    found = Engine.open(written, clock)
    found.migrate()
    yield found
    found.close()


def test_it_is_upgraded_to_this_schema_and_verifies(engine: Engine) -> None:
    with engine.machinery.database.reading() as connection:
        assert migrate.differences(connection) == []
    verified = engine.history.verify()
    assert verified.findings == ()
    assert verified.instances == 20


def test_every_instance_goes_on_to_its_end(engine: Engine, clock: MovedClock) -> None:
    waited = instances(engine)
    assert sum(each.state in OPEN for each in waited) == 18
    engine.people.set_groups("cy", ["empty"], SYSTEM)  # the task that nobody could do
    for each in waited:
        if each.process_id == "told":
            engine.messages.correlate("go", each.business_key, "", {}, SYSTEM)
        if each.process_id == "keeping":  # then it catches the message that has been kept for it
            engine.instances.correct(each.id, {"again": True}, "once more", HEL)
    for task in engine.externals.lock("printer", "w", 60, SYSTEM):
        engine.externals.complete(task.id, "w", {"sheets": 2}, SYSTEM)
    for incident in engine.incidents.list(SYSTEM):
        engine.incidents.retry(incident.id, SYSTEM, {"missing": 1} if incident.process_id == "stuck" else None)
    stopped = next(each for each in waited if each.process_id == "alarmed")
    engine.instances.modify(stopped.id, ["wait"], ["last"], "the alarm is over", HEL)
    # When time passes and people do what stands in their inboxes
    for _ in range(40):
        for task in engine.tasks.inbox(SYSTEM, InboxFilter(owner="all", limit=500)).rows:
            person = task.assignee or ("cy" if task.process_id == "nobody" and task.element_id == "wait" else "ann")
            with suppress(Conflict):  # what is on hold waits for its day
                engine.tasks.complete(task.id, {}, Actor(person))
        clock.move_to(clock.now() + timedelta(hours=4))
        engine.tick()
    # Then nothing is left, and everything that happened is vouched for
    assert [each.process_id for each in instances(engine) if each.state in OPEN] == []
    assert engine.history.verify().findings == ()


def test_what_people_added_is_there(engine: Engine) -> None:
    told = next(each for each in instances(engine) if each.process_id == "told")
    files = engine.records.files(told.business_key, ANN)
    assert [each.name for each in files] == ["scan.txt"]
    assert engine.files.download(files[0].id, ANN)[1] == b"a scan " * 100
    assert [each.text for each in engine.records.comments(told.business_key, ANN)] == ["Call them, 请先打电话"]
    claimed = next(task for task in engine.tasks.inbox(BOB).rows if task.process_id == "claimed")
    assert engine.tasks.draft(claimed.id, BOB) == {"borrower": "草稿"}
    assert [each.deputy for each in engine.people.substitutions(ANN)] == ["bob"]
    assert [item.key for item in engine.references.items("room")] == ["R1", "R2"]


def test_ids_that_were_given_are_not_given_again(engine: Engine) -> None:
    before = max(each.id for each in instances(engine))
    assert engine.instances.start("offered", {}, ANN).instance_id > before


def test_a_database_of_a_later_release_is_refused(written: Settings) -> None:
    database = Database(written.database_url)
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Invalid, match="9999"):
        migrate.upgrade(database)
    database.close()


def test_a_snapshot_of_a_later_release_is_refused(engine: Engine) -> None:
    task = next(task for task in engine.tasks.inbox(ANN).rows if task.process_id == "old")
    with engine.machinery.database.writing() as connection:
        connection.execute(update(process_instance).values(snapshot=b'{"v":99}'))
    with pytest.raises(ModelError, match="99"):
        engine.tasks.complete(task.id, {}, ANN)


def instances(engine: Engine) -> list[InstanceRow]:
    """All there are."""
    found = []
    for number in range(1, 100):
        with suppress(NotFound):
            found.append(engine.instances.get(number, SYSTEM))
    return found
