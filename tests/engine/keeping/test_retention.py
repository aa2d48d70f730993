"""What is over for long loses its contents; that it happened stays, and verifies, here and in every export."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import MetaData, select

from engine.engine import SYSTEM, Engine
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.keeping.history_file import verify_file, write_history
from engine.views import Actor, RecordFilter
from tests.engine.keeping.conftest import upload
from tests.engine.runtime.office import RECORDS, Office

ANN, HEL = Actor("ann"), Actor("hel")
YEAR = timedelta(days=366)


@pytest.fixture
def keeping(office: Office) -> Iterator[Engine]:
    """The office where contents are kept for two years, one year later; its files are not of today."""
    office.engine.history.seal()
    office.clock.move_to(office.clock.now() + YEAR)
    for file in office.settings.attachments_dir.iterdir():
        os.utime(file, (0, 0))
    engine = Engine.open(replace(office.settings, keep_years=2), office.clock)
    yield engine
    engine.close()


def keys(engine: Engine) -> list[str]:
    return [each.business_key for each in engine.retention.expired()]


def test_nothing_goes_before_its_time_and_nothing_open_ever(office: Office, keeping: Engine) -> None:
    assert keys(keeping) == []
    office.clock.move_to(office.clock.now() + YEAR)
    assert keys(keeping) == ["LN26-0001", "LN26-0002"], "not the third, which is open"
    assert not keeping.retention.remove("LN26-0003")
    assert office.engine.retention.expired() == (), "without a policy everything stays for ever"


def test_contents_go_and_what_happened_stays(office: Office, keeping: Engine, tmp_path: Path) -> None:
    office.clock.move_to(office.clock.now() + YEAR)
    assert keeping.retention.due() == 2
    assert keys(keeping) == []
    # Then none of what was written is anywhere in the database or the store
    text = everything(keeping)
    for word in ("Li Na", "Wang Wei", "proof.txt"):
        assert word not in text
    assert list(office.settings.attachments_dir.iterdir()) == []
    # but what happened is told, and verifies, with the key and against the seal made before
    record = keeping.records.get("LN26-0001", ANN)
    assert (record.removed_at, record.fields, record.title) == (office.clock.now(), (), "")
    told = [(row.kind, row.actor) for row in keeping.records.timeline("LN26-0001", ANN, "time")]
    assert ("task-completed", "ann") in told
    assert keeping.instances.way(1, ANN)[0].elements["enter"] == 1
    with pytest.raises(Conflict, match="were removed"):
        keeping.instances.variables(1, HEL)
    assert [row.business_key for row in keeping.records.list(ANN, RecordFilter(text="LN26-0002"))[0]] == ["LN26-0002"]
    assert keeping.history.verify().findings == ()
    write_history(keeping, tmp_path / "h.gz")
    for key in (office.settings.history_key, None):
        assert verify_file(tmp_path / "h.gz", key).findings == ()


def test_a_record_that_must_stay_stays(office: Office, keeping: Engine) -> None:
    with pytest.raises(Forbidden):
        keeping.retention.hold("LN26-0001", "a lawsuit", ANN)
    with pytest.raises(Invalid):
        keeping.retention.hold("LN26-0001", " ", SYSTEM)
    with pytest.raises(NotFound):
        keeping.retention.hold("LN26-9999", "a lawsuit", SYSTEM)
    keeping.retention.hold("LN26-0001", "a lawsuit", SYSTEM)
    with pytest.raises(Conflict):
        keeping.retention.hold("LN26-0001", "again", SYSTEM)
    office.clock.move_to(office.clock.now() + YEAR)
    assert [each.reason for each in keeping.retention.holds(SYSTEM)] == ["a lawsuit"]
    assert keys(keeping) == ["LN26-0002"]
    assert not keeping.retention.remove("LN26-0001")
    keeping.retention.release("LN26-0001", "settled", SYSTEM)
    assert keys(keeping) == ["LN26-0001", "LN26-0002"]
    with pytest.raises(NotFound):
        keeping.retention.release("LN26-0001", "again", SYSTEM)


def test_the_practice_says_how_long_a_kind_is_kept(office: Office, keeping: Engine) -> None:
    files = office.engine.deployments.files()
    longer = RECORDS.replace("    hold_status", "    keep_years: 5\n    hold_status")
    office.engine.deployments.deploy({**files, "records.yaml": longer.encode()}, SYSTEM)
    office.clock.move_to(office.clock.now() + YEAR)
    assert keys(keeping) == []
    office.clock.move_to(office.clock.now() + 3 * YEAR)
    assert keys(keeping) == ["LN26-0001", "LN26-0002"]
    assert keys(office.engine) == ["LN26-0001", "LN26-0002"], "the practice's word is enough"


def test_bytes_that_another_record_holds_or_somebody_just_uploads_stay(office: Office, keeping: Engine) -> None:
    office.complete("enter", "ann", {"borrower": "Zhao", "proof": upload(office, b"the proof of Li Na")})
    office.clock.move_to(office.clock.now() + YEAR)
    held, fresh = sorted(office.settings.attachments_dir.iterdir(), key=Path.read_bytes)
    now = office.clock.now().timestamp()
    os.utime(fresh, (now, now))
    keeping.retention.due()
    assert sorted(office.settings.attachments_dir.iterdir()) == sorted([held, fresh])
    assert keeping.history.verify().findings == ()


def everything(engine: Engine) -> str:
    """All that the database says of instances, as one text; people's own names and the practice are not contents."""
    with engine.machinery.database.reading() as connection:
        found = MetaData()
        found.reflect(connection)
        skipped = ("user", "group", "resource", "audit_event")
        tables = [table for name, table in found.tables.items() if name not in skipped]
        rows = [row for table in tables for row in connection.execute(select(table))]
    return "\n".join(repr(tuple(row)) for row in rows)
