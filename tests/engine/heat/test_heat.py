"""The heat map against stories whose times are known, and against a recount whatever the order and interruptions."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.engine import Engine
from engine.errors import Forbidden, Invalid, NotFound
from engine.runtime.heat import Heat
from engine.runtime.heat.spans import ERROR
from engine.store import heat as store
from engine.store import history
from engine.values import loads
from engine.views import Actor, HeatAsked
from tests.engine.heat.lending import CY, HEL, RIGHTS, lending, open_lending, rows
from tests.engine.runtime.office import RECORDS, Office, office_at

HOUR = timedelta(hours=1)


def near(found: timedelta | None, meant: timedelta) -> bool:
    return found is not None and abs(found - meant) <= meant * (ERROR + 1e-6)


def run_one(office: Office, before: float = 2, work: float = 1) -> None:
    """Check is claimed after `before` hours and done after `work` more; signed by two at once an hour later."""
    office.start()
    office.wait(hours=before)
    office.engine.tasks.claim(office.task("check").id, Actor("ann"))
    office.wait(hours=work)
    office.complete("check", "ann", {"good": "true"})
    office.wait(hours=1)
    for task in office.tasks():
        office.engine.tasks.complete(task.id, {}, Actor("bob"))


def test_times_of_a_task_are_told_by_who_had_it(office: Office) -> None:
    open_lending(office)
    run_one(office)
    office.engine.heat.count_due()
    found = rows(office)
    check = found["check"]
    assert (check.came, check.done, check.cancelled, check.open) == (1, 1, 0, 0)
    assert near(check.median, 3 * HOUR)
    assert near(check.high, 3 * HOUR)
    assert (check.waiting, check.working) == (2 * HOUR, HOUR)
    assert (found["sign"].came, found["sign"].done) == (2, 2)
    assert found["sign"].waiting == 2 * HOUR
    assert (found["sub"].came, found["sub"].done, found["sub"].waiting) == (1, 1, timedelta(0))
    assert near(found["sub"].median, HOUR)
    assert (found["both"].came, found["both"].done) == (2, 1)
    assert near(found["both"].median, 2 * HOUR)  # from the first token, of the timer, to the second
    assert near(found["pause"].median, HOUR)


def test_flows_are_counted_and_the_heaviest_wait_is_the_first_bottleneck(office: Office) -> None:
    open_lending(office)
    for _ in range(3):
        run_one(office)
    office.engine.heat.count_due()
    view = office.engine.heat.show("loan", HEL)
    assert view.flows["split_check"] == 3
    assert "well_again" not in view.flows
    assert view.flows["in_sign"] == 3
    assert view.bottlenecks[0].waiting == max(row.waiting for row in view.rows)
    assert sum(row.share for row in view.rows) == pytest.approx(1)


def test_what_is_taken_away_is_cancelled_and_nights_are_no_working_time(office: Office) -> None:
    open_lending(office)
    office.start()
    office.wait(hours=9)  # from 08:00; the boundary takes the task away after eight hours
    office.engine.heat.count_due()
    found = rows(office)
    assert (found["check"].came, found["check"].done, found["check"].cancelled) == (1, 0, 1)
    assert (found["late"].came, found["late"].done) == (1, 1)
    assert found["both"].open == 1
    office.start()
    office.engine.tasks.claim(office.task("check").id, Actor("ann"))
    office.engine.heat.count_due()
    assert rows(office)["check"].open == 1


def test_days_and_versions_choose(office: Office) -> None:
    open_lending(office)
    run_one(office)
    office.wait(days=40)
    open_lending(office, summary="amount")
    run_one(office)
    office.engine.heat.count_due()
    assert rows(office)["check"].done == 2
    newest = office.engine.heat.show("loan", HEL).versions[0]
    assert rows(office, asked=HeatAsked(version=newest))["check"].done == 1
    march = HeatAsked(first=date(2026, 3, 1), last=date(2026, 3, 31))
    assert rows(office, asked=march)["check"].done == 1
    assert rows(office, asked=HeatAsked(first=date(2026, 3, 3), last=date(2026, 4, 1))) == {}
    with pytest.raises(Invalid):
        rows(office, asked=HeatAsked(first=date(2026, 3, 3), last=date(2026, 3, 1)))
    with pytest.raises(NotFound):
        rows(office, asked=HeatAsked(version=99))


def test_only_who_has_the_right_and_nothing_of_a_confidential_case(office: Office) -> None:
    open_lending(office, confidential="true")
    run_one(office)
    office.engine.heat.count_due()
    assert rows(office) == {}
    assert office.engine.heat.show("loan", HEL).confidential
    with pytest.raises(Forbidden):
        office.engine.heat.show("loan", Actor("ann"))
    with pytest.raises(NotFound):
        office.engine.heat.show("nothing", HEL)


def test_who_sees_less_counts_less(office: Office) -> None:
    open_lending(office)
    run_one(office)
    office.engine.heat.count_due()
    assert rows(office, CY) == {}
    office.engine.people.set_groups("cy", ["empty", "clerk"], Actor("-"))
    office.start()
    office.engine.heat.count_due()
    assert rows(office, CY)["check"].came == 1
    assert rows(office)["check"].came == 2


def test_an_instance_committed_after_later_ones_is_counted(office: Office) -> None:
    """On PostgreSQL an id is given when a transaction begins to write, and others may be faster."""
    if office.engine.machinery.database.sqlite:
        pytest.skip("one writer at a time")
    other = (
        "  - {id: other, zh: 别, en: Other, number: 'OT{seq:4}', statuses: [{id: draft, zh: 草稿, en: Draft, mark: ○}]}"
    )
    others = RECORDS.replace("records:", f"records:\n{other}")
    drawn = (lending(), lending(id="other", recordType="other", publish="", summary=""))
    office.deploy(*drawn, **{"groups.yaml": RIGHTS.encode(), "records.yaml": others.encode()})
    begun, go_on = threading.Event(), threading.Event()
    slow = Engine.open(office.settings, office.clock)

    def hold(point: str) -> None:
        if point == "before-commit":
            begun.set()
            assert go_on.wait(30)

    slow.machinery.fault = hold
    thread = threading.Thread(target=slow.instances.start, args=("loan", {}, Actor("ann")))
    thread.start()
    try:
        assert begun.wait(30)
        office.start(process="other")
        office.engine.heat.count_due()
        assert rows(office) == {}
    finally:
        go_on.set()
        thread.join()
        slow.close()
    office.engine.heat.count_due()
    assert rows(office)["check"].came == 1


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["start", "count", "count a little", "restart", "stop"])),
        st.tuples(st.sampled_from(["claim", "unclaim", "good", "bad"]), st.integers(0, 5)),
        st.tuples(st.just("wait"), st.integers(1, 600)),
    ),
    min_size=8,
    max_size=30,
)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_what_is_counted_bit_by_bit_is_what_a_recount_finds(steps: list[tuple[str, int]]) -> None:
    count_and_recount(steps)


@pytest.mark.soak
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_many_times_what_is_counted_bit_by_bit_is_what_a_recount_finds(steps: list[tuple[str, int]]) -> None:
    count_and_recount(steps)


def count_and_recount(steps: list[tuple[str, int]]) -> None:
    with lone_office() as office:
        open_lending(office)
        for step in steps:
            do(office, *step)
        office.engine.heat.count_due()
        kept = everything(office)
        assert kept == everything(office, anew=True)
        check_against_history(office)


@contextmanager
def lone_office() -> Iterator[Office]:
    with TemporaryDirectory() as directory:
        url = f"sqlite:///{directory}/heat.sqlite3"
        with office_at(url, Path(directory)) as office:
            yield office


def do(office: Office, what: str, number: int = 0) -> None:
    heat, tasks = office.engine.heat, office.tasks()
    task = tasks[number % len(tasks)] if tasks else None
    match what:
        case "start":
            office.start()
        case "stop":
            found = office.tasks()
            if found:
                office.engine.instances.cancel(found[0].instance_id, "x", HEL)
        case "wait":
            office.wait(minutes=number)
        case "count":
            heat.count_due()
        case "count a little":
            heat.count_due(most=1)
        case "restart":
            office.engine.heat = Heat(office.engine.machinery)
        case "claim" if task is not None and not task.assignee:
            office.engine.tasks.claim(task.id, Actor("ann"))
        case "unclaim" if task is not None and task.assignee:
            office.engine.tasks.unclaim(task.id, Actor("ann"))
        case "good" | "bad" if task is not None:
            values = {"good": str(what == "good").lower()} if task.element_id == "check" else {}
            office.engine.tasks.complete(task.id, values, Actor(task.assignee or "bob"))


def everything(office: Office, anew: bool = False) -> list[tuple[object, ...]]:
    """All that is kept, sorted; or what is kept once it is counted anew."""
    if anew:
        office.engine.heat.count_anew()

    def read(connection: object) -> list[tuple[object, ...]]:
        tables = (store.heat_count, store.heat_span)
        return sorted(tuple(row) for table in tables for row in connection.execute(table.select()))  # type: ignore[attr-defined]

    return office.engine.machinery.read(read)


def check_against_history(office: Office) -> None:
    """Flows, tasks done and taken away, and how long the tasks took, told another way: by tokens and by rows alone."""
    flows: Counter[str] = Counter()
    opened: dict[tuple[int, int], datetime] = {}
    done: Counter[str] = Counter()
    away: Counter[str] = Counter()
    elapsed: defaultdict[str, timedelta] = defaultdict(timedelta)
    for row in office.engine.machinery.read(lambda connection: list(history.in_order(connection))):
        data = loads(row.data) if row.data else {}
        assert isinstance(data, dict)
        flows.update(data.get("took") or [])  # type: ignore[arg-type]
        if row.kind == "task-opened":
            opened[row.instance_id, row.token] = row.at
        elif row.kind == "task-completed":
            done[row.element_id] += 1
            elapsed[row.element_id] += row.at - opened[row.instance_id, row.token]
        elif row.kind == "task-withdrawn":
            away[row.element_id] += 1
    view = office.engine.heat.show("loan", HEL)
    found = {row.element_id: row for row in view.rows}
    assert view.flows == dict(flows)
    for element in ("check", "sign"):
        row = found.get(element)
        assert (row.done if row else 0) == done[element]
        assert (row.cancelled if row else 0) == away[element]
        if row is not None:
            assert row.working + row.waiting <= elapsed[element] + timedelta(seconds=row.done)
            assert row.open == sum(task.element_id == element for task in office.tasks())
    assert Decimal(sum(row.done for row in view.rows)) >= sum(done.values())
