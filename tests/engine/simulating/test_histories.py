"""Finished instances replayed by another version: who would have gone another way, and where; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import func, select

from engine.engine import SYSTEM
from engine.errors import Forbidden, Invalid
from engine.store.schema.running import history_event, process_instance
from engine.views import Actor
from engine.views.simulation import ProcessSimulation
from tests.engine.definitions.diagrams import definitions, flows, node, timer
from tests.engine.runtime.office import Office, field, loan, user_task

ANN, HEL = Actor("ann"), Actor("hel")
BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")
ENTER = user_task("enter", "ann", "", field("amount", "number"))


def branching(limit: int, more: str = "", ways: str = "begin enter large") -> str:
    """A loan that is checked when it is above a limit."""
    large = node("exclusiveGateway", "large", "", 'default="large_done"')
    path = flows(ways, f"large check: ${{amount > {limit}}}", "large done", "check done")
    return loan(BEGIN, ENTER, large, user_task("check", "bob"), more, DONE, path)


def lend(office: Office, *amounts: int) -> None:
    """Loans to their ends."""
    for amount in amounts:
        office.start()
        office.complete("enter", "ann", {"amount": amount})
        for task in office.tasks():
            office.engine.tasks.complete(task.id, {}, Actor("bob"))


def simulate(office: Office, *parts: str, **more: float) -> ProcessSimulation:
    found = office.engine.simulations.histories(files(office, *parts), SYSTEM, **more)  # type: ignore[arg-type]
    return found[0]


def files(office: Office, *parts: str) -> Mapping[str, bytes]:
    drawn = {f"file{number}.bpmn": definitions(part) for number, part in enumerate(parts)}
    return {**office.engine.deployments.files(), **drawn}


def test_it_says_how_many_would_have_gone_another_way_and_where(office: Office) -> None:
    # Given five finished loans, and a version with a lower limit
    office.deploy(branching(100))
    lend(office, 10, 60, 70, 200, 300)
    # When it is simulated, then those between the limits would have parted at the gateway
    found = simulate(office, branching(50))
    assert (found.finished, found.replayed, found.same, found.left) == (5, 5, 3, 0)
    assert [(each.element_id, each.instances) for each in found.departures] == [("large", 2)]
    assert found.not_replayed == ()


def test_it_writes_nothing(office: Office) -> None:
    office.deploy(branching(100))
    lend(office, 10, 200)

    def counts() -> tuple[int, ...]:
        with office.engine.machinery.database.reading() as connection:
            return tuple(
                connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (history_event, process_instance)
            )

    before = counts()
    with office.statements() as said:
        simulate(office, branching(50))
    assert counts() == before
    assert not [each for each in said if each.split()[0] in ("INSERT", "UPDATE", "DELETE")]


def test_what_is_drawn_in_between_and_runs_by_itself_changes_no_way(office: Office) -> None:
    office.deploy(branching(100))
    lend(office, 10, 200)
    script = node(
        "scriptTask", "note", "<bpmn:script>1</bpmn:script>", 'scriptFormat="feel" camunda:resultVariable="x"'
    )
    assert simulate(office, branching(100, script, "begin enter note large")).same == 2


def test_a_new_task_is_where_all_would_have_waited(office: Office) -> None:
    office.deploy(branching(100))
    lend(office, 10)
    found = simulate(office, branching(100, user_task("weigh", "bob"), "begin enter weigh large"))
    assert [(each.element_id, each.instances) for each in found.departures] == [("weigh", 1)]


def test_a_task_that_is_gone_is_another_way(office: Office) -> None:
    office.deploy(branching(100))
    lend(office, 10, 200)
    plain = loan(BEGIN, ENTER, DONE, flows("begin enter done"))
    found = simulate(office, plain)
    assert (found.same, found.departed) == (1, 1)


def test_a_timer_that_would_have_struck_earlier_is_another_way(office: Office) -> None:
    def version(text: str) -> str:
        late = node("boundaryEvent", "late", timer(text), 'attachedToRef="enter" cancelActivity="false"')
        return loan(BEGIN, user_task("enter", "ann"), late, user_task("chase", "bob"), DONE,
                    flows("begin enter done", "late chase done"))  # fmt: skip

    office.deploy(version("PT8H"))
    office.start()
    office.wait(hours=3)
    office.complete("enter", "ann")
    office.start()
    office.wait(hours=9)
    office.complete("chase", "bob")
    office.complete("enter", "ann")
    found = simulate(office, version("PT2H"))
    assert (found.same, found.departed) == (1, 1)
    assert simulate(office, version("PT8H") + "<!-- the same -->").same == 2


def test_what_cannot_be_replayed_is_told_and_never_counted_as_same(office: Office) -> None:
    office.deploy(branching(100))
    lend(office, 10)
    started = office.start()
    office.engine.instances.modify(started.instance_id, ["enter"], ["check"], "skip", HEL)
    office.complete("check", "bob")
    found = simulate(office, branching(100) + "<!-- another -->")
    assert (found.same, found.finished) == (1, 2)
    assert [(each.code, each.instances) for each in found.not_replayed] == [("modified", 1)]


def test_the_latest_are_chosen_first_and_the_others_are_told(office: Office) -> None:
    office.deploy(branching(100))
    lend(office, 10, 10, 60)
    found = simulate(office, branching(50), most=1)
    assert (found.departed, found.same, found.left) == (1, 0, 2)
    assert simulate(office, branching(50), seconds=-1).left == 3


def test_who_may_not_deploy_and_what_has_errors(office: Office) -> None:
    office.deploy(branching(100))
    with pytest.raises(Forbidden):
        office.engine.simulations.histories(files(office, branching(50)), ANN)
    with pytest.raises(Invalid):
        office.engine.simulations.histories({"a.bpmn": b"<nonsense"}, SYSTEM)
