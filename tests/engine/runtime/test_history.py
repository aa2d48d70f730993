"""The chain: any changed, missing, reordered or cut-off row is found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from engine.engine import SYSTEM, Engine
from engine.runtime.history.verification import HistoryFinding
from engine.store.schema.keeping import sealed_head
from engine.store.schema.records import record
from engine.store.schema.running import audit_event, history_event, process_instance
from engine.views import Actor
from tests.engine.runtime.office import Office

COLUMNS = ("kind", "actor", "on_behalf_of", "data", "element_id", "token", "task_id", "definition_id", "at", "hash")


@pytest.fixture
def told(office: Office) -> Office:
    """Two finished instances."""
    for _ in range(2):
        office.start()
        office.complete("enter", "ann")
    assert office.engine.history.verify().findings == ()
    return office


def problems(office: Office) -> list[str]:
    return [str(each) for each in office.engine.history.verify().findings]


def rows(office: Office) -> list[Any]:
    with office.engine.machinery.database.reading() as connection:
        query = select(history_event).where(history_event.c.instance_id == 1).order_by(history_event.c.seq)
        return list(connection.execute(query))


def test_a_cut_off_tail_is_found(told: Office) -> None:
    last = rows(told)[-1].seq
    with told.engine.machinery.database.writing() as connection:
        connection.execute(
            delete(history_event).where(history_event.c.instance_id == 1, history_event.c.seq >= last - 1)
        )
    assert problems(told) == [f"instance 1, row {last - 1}: cut-off", f"instance 1, row {last}: cut-off"]


def test_a_tail_cut_off_with_the_count_set_back_is_found_by_its_head(told: Office) -> None:
    last = rows(told)[-1].seq
    with told.engine.machinery.database.writing() as connection:
        connection.execute(delete(history_event).where(history_event.c.instance_id == 1, history_event.c.seq == last))
        connection.execute(update(process_instance).where(process_instance.c.id == 1).values(history_count=last - 1))
    assert problems(told) == [f"instance 1, row {last - 1}: changed"]


def test_a_missing_row_is_found(told: Office) -> None:
    with told.engine.machinery.database.writing() as connection:
        connection.execute(delete(history_event).where(history_event.c.instance_id == 1, history_event.c.seq == 2))
    assert problems(told) == ["instance 1, row 2: missing"]


def test_reordered_rows_are_found(told: Office) -> None:
    with told.engine.machinery.database.writing() as connection:
        for seq, to in ((1, 99), (2, 1), (99, 2)):
            connection.execute(
                update(history_event).where(history_event.c.instance_id == 1, history_event.c.seq == seq).values(seq=to)
            )
    assert "instance 1, row 1: changed" in problems(told)


def test_administration_has_a_chain_of_its_own(told: Office) -> None:
    with told.engine.machinery.database.writing() as connection:
        connection.execute(update(audit_event).where(audit_event.c.seq == 1).values(actor="somebody"))
    assert problems(told) == ["administration, row 1: changed"]


def test_a_removed_text_whose_digest_stays_still_verifies(told: Office) -> None:
    from engine.runtime.unit import chain

    found = next(row for row in rows(told) if row.data)
    with told.engine.machinery.database.writing() as connection:
        connection.execute(
            update(history_event)
            .where(history_event.c.instance_id == 1, history_event.c.seq == found.seq)
            .values(data=None, digest=chain.digest(found.data))
        )
    assert problems(told) == []


@given(data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_is_changed_in_a_row_is_found(told: Office, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(rows(told)))
    column = data.draw(st.sampled_from(COLUMNS))
    before = getattr(row, column)
    changed = _other(before, data)
    where = (history_event.c.instance_id == 1, history_event.c.seq == row.seq)
    database = told.engine.machinery.database
    with database.writing() as connection:
        connection.execute(update(history_event).where(*where).values({column: changed}))
    try:
        found = told.engine.history.verify().findings
        assert HistoryFinding(1, row.seq, "changed") in found
    finally:
        with database.writing() as connection:
            connection.execute(update(history_event).where(*where).values({column: before}))
    assert problems(told) == []


def _other(value: Any, data: st.DataObject) -> Any:
    from datetime import datetime

    if isinstance(value, datetime):
        return value + timedelta(microseconds=data.draw(st.integers(1, 10**12)))
    if isinstance(value, bytes):
        return data.draw(st.binary(min_size=32, max_size=32).filter(lambda each: each != value))
    if isinstance(value, int) or value is None:
        return data.draw(st.integers(0, 2**31 - 1).filter(lambda each: each != value))
    return data.draw(st.text("abc中{}", max_size=5).filter(lambda each: each != value))


def test_history_tells_row_by_row(told: Office) -> None:
    found = told.engine.records.timeline("LN26-0001", Actor("ann"), "time")
    assert found[0].kind == "ended"
    assert {row.actor_name for row in found if row.kind == "task-completed"} == {"Ann"}
    assert told.engine.records.timeline("LN26-0001", SYSTEM)


def test_an_instance_that_is_gone_with_its_whole_history_breaks_the_seal(told: Office) -> None:
    told.wait(days=1)
    told.wait(days=1)
    assert problems(told) == []
    with told.engine.machinery.database.writing() as connection:
        for table in (history_event, process_instance):
            column = table.c.instance_id if table is history_event else table.c.id
            if table is process_instance:
                connection.execute(delete(record).where(record.c.instance_id == 2))
            connection.execute(delete(table).where(column == 2))
    assert problems(told) == ["instance 2, row 5: seal broken"]
    with told.engine.machinery.database.writing() as connection:
        connection.execute(delete(sealed_head).where(sealed_head.c.instance_id == 2))
    assert problems(told) == ["administration, row 0: seal 1 broken"]


def test_a_clock_set_back_breaks_no_seal(told: Office) -> None:
    told.engine.history.seal()
    told.clock.move_to(told.clock.now() - timedelta(hours=1))
    told.start()
    assert problems(told) == []
    assert told.engine.history.seal().number == 2
    assert problems(told) == []


def test_a_seal_is_made_once_a_day_whoever_ticks(told: Office) -> None:
    other = Engine.open(told.settings, told.clock)
    for engine in (told.engine, other):
        engine.tick()
    told.clock.move_to(told.clock.now() + timedelta(days=1))
    for engine in (told.engine, other, told.engine):
        engine.tick()
    other.close()
    assert [(seal.number, seal.chains) for seal in told.engine.history.seals()] == [(1, 3)]


def test_what_happens_after_a_seal_does_not_break_it(told: Office) -> None:
    told.wait(minutes=2)
    told.engine.history.seal()
    told.start()
    assert problems(told) == []
