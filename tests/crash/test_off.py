"""The system is off from ten to one, over five hundred timers: each fires once, in order of its due time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.engine import Engine
from engine.store import timers
from engine.store.schema.running import history_event
from engine.values import loads
from tests.engine.definitions.diagrams import flows, node, timer
from tests.engine.runtime.office import MONDAY, Office, loan, office_at, user_task

TEN, ONE = MONDAY + timedelta(hours=2), MONDAY + timedelta(hours=5)  # Monday begins at eight in Shanghai
BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")


def boundary(id: str, span: str) -> str:
    return node("boundaryEvent", id, timer(span), 'attachedToRef="enter" cancelActivity="false"')


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """Nobody there to fire what is due between ten and one."""
    with office_at(database_url, tmp_path) as found:
        found.deploy(
            loan(BEGIN, user_task("enter", "ann"), boundary("first", "PT2H"), boundary("second", "PT3H"),
                 user_task("ask", "bob"), user_task("chase", "bob"), DONE,
                 flows("begin enter done", "first ask done", "second chase done"))
        )  # fmt: skip
        yield found


def off_over(office: Office, instances: int) -> None:
    """Two timers an instance come due while nobody runs."""
    chance = random.Random(4)
    for seconds in sorted(chance.randrange(7200) for _ in range(instances)):
        office.clock.move_to(MONDAY + timedelta(seconds=seconds))
        office.start()
    office.clock.move_to(ONE)


@contextmanager
def another(office: Office) -> Iterator[Engine]:
    engine = Engine.open(office.settings, office.clock)
    try:
        yield engine
    finally:
        engine.close()


def fired(office: Office) -> list[tuple[int, str, datetime]]:
    """Instance, element and due time of what fired, in the order in which the tasks behind it were opened."""
    with office.engine.machinery.database.reading() as connection:
        rows = connection.execute(
            select(history_event).order_by(history_event.c.instance_id, history_event.c.seq)
        ).all()
    found, due = {}, None
    for row in rows:
        if row.kind == "timer":
            due = row.element_id, loads(row.data)["due"]  # type: ignore[index,call-overload]
        elif row.kind == "task-opened" and row.element_id in ("ask", "chase"):
            assert due is not None
            found[row.task_id] = (row.instance_id, *due)
            due = None
    return [found[task_id] for task_id in sorted(found)]


def each_once(found: list[tuple[int, str, datetime]], instances: int) -> None:
    assert len(found) == len(set(found)) == 2 * instances
    assert all(TEN <= due <= ONE for _, _, due in found)


def test_whoever_begins_again_fires_all_in_order_of_their_due_time(office: Office) -> None:
    off_over(office, 250)
    with another(office) as engine:
        engine.tick()
        engine.tick()
    found = fired(office)
    each_once(found, 250)
    assert [due for _, _, due in found] == sorted(due for _, _, due in found)


def test_workers_that_fire_at_once_keep_the_order_of_each_instance(office: Office) -> None:
    off_over(office, 60)

    def work(seed: int) -> None:
        chance = random.Random(seed)
        with another(office) as engine:
            for share in chance.sample(range(timers.SHARES), timers.SHARES):
                engine.timers.fire_due(share)

    def wake_the_latest_first(_: int) -> None:
        with another(office) as engine:
            found = engine.machinery.read(lambda connection: timers.due(connection, ONE, 1000))
            for each in reversed(found):
                engine.timers.fire(each.id)

    with ThreadPoolExecutor(5) as pool:
        done = [pool.submit(work, seed) for seed in range(4)] + [pool.submit(wake_the_latest_first, 0)]
        for each in done:
            each.result()
    found = fired(office)
    each_once(found, 60)
    order: dict[int, list[str]] = {}
    for instance_id, element_id, _ in found:
        order.setdefault(instance_id, []).append(element_id)
    assert set(map(tuple, order.values())) == {("first", "second")}
    assert office.engine.history.verify().findings == ()
