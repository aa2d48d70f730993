"""Incidents, corrections, modifications, cancelling; deployments and versions; the long loop."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from engine.engine import SYSTEM
from engine.errors import Conflict, DeploymentRefused, Forbidden, Invalid
from engine.store.schema.running import process_instance
from engine.views import Actor
from tests.engine.definitions.diagrams import definitions, event, flows, node, timer
from tests.engine.runtime.office import Office, field, loan, user_task

ANN, BOB, HEL, OUT = (Actor(each) for each in ("ann", "bob", "hel", "out"))
BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")


def script(id: str, text: str, result: str) -> str:
    return node("scriptTask", id, f"<bpmn:script>{text}</bpmn:script>",
                f'scriptFormat="feel" camunda:resultVariable="{result}"')  # fmt: skip


def test_an_error_in_a_step_is_an_incident_and_what_was_before_it_is_saved(office: Office) -> None:
    office.deploy(
        loan(BEGIN, user_task("enter", "ann", "", field("amount", "number")),
             script("sum", "amount + borrower", "total"),
             user_task("check", "bob"), DONE, flows("begin enter sum check done"))
    )  # fmt: skip
    started = office.start()
    office.complete("enter", "ann", {"amount": 5})
    incident = office.engine.incidents.list(HEL)[0]
    assert (incident.element_id, incident.tries) == ("sum", 1)
    assert "borrower" in incident.text
    assert office.names() == []
    with pytest.raises(Forbidden):
        office.engine.incidents.retry(incident.id, ANN)
    office.engine.incidents.retry(incident.id, HEL)
    again = office.engine.incidents.list(HEL)[0]
    assert again.tries == 2
    office.engine.incidents.retry(again.id, HEL, {"borrower": 3})
    assert office.engine.incidents.list(HEL) == ()
    assert office.names() == ["check"]
    assert office.engine.instances.variables(started.instance_id, HEL)["total"] == 8


def test_variables_are_corrected_with_reason_and_what_they_were(office: Office) -> None:
    office.deploy(
        loan(BEGIN, user_task("enter", "ann", "", field("amount", "number")), user_task("check", "bob"), DONE,
             flows("begin enter check done"))
    )  # fmt: skip
    started = office.start()
    office.complete("enter", "ann", {"amount": 5})
    with pytest.raises(Invalid):
        office.engine.instances.correct(started.instance_id, {"amount": 6}, " ", HEL)
    office.engine.instances.correct(started.instance_id, {"amount": 6}, "a slip", HEL)
    row = next(row for row in office.engine.history.rows(started.instance_id) if row.kind == "corrected")
    assert (row.data["reason"], row.data["before"], row.data["values"]) == ("a slip", {"amount": 5}, {"amount": 6})
    record = office.engine.records.get(started.business_key, HEL)
    assert [(each.name, each.value) for each in record.fields] == [("amount", 6)]


def test_a_stuck_instance_is_moved(office: Office) -> None:
    office.deploy(
        loan(BEGIN, user_task("enter", "ann"), user_task("check", "bob"), DONE, flows("begin enter check done"))
    )
    started = office.start()
    with pytest.raises(Forbidden):
        office.engine.instances.modify(started.instance_id, ["enter"], ["check"], "skip", ANN)
    office.engine.instances.modify(started.instance_id, ["enter"], ["check"], "skip", HEL)
    assert office.names() == ["check"]
    office.complete("check", "bob")


def test_cancelling_withdraws_everything(office: Office) -> None:
    office.deploy(
        loan(BEGIN, user_task("enter", "ann"),
             node("boundaryEvent", "late", timer("PT4H"), 'attachedToRef="enter" cancelActivity="false"'),
             user_task("chase", "bob"), DONE, flows("begin enter done", "late chase done"))
    )  # fmt: skip
    started = office.start()
    task = office.task("enter")
    office.engine.instances.cancel(started.instance_id, "no longer wanted", HEL)
    assert office.engine.instances.get(started.instance_id, HEL).state == "cancelled"
    assert office.names() == []
    assert office.engine.timers.next_due() is None
    with pytest.raises(Conflict):
        office.engine.tasks.complete(task.id, {}, ANN)
    with pytest.raises(Conflict):
        office.engine.instances.cancel(started.instance_id, "again", HEL)


def test_running_instances_stay_on_their_version(office: Office) -> None:
    old = office.start()
    office.deploy(
        loan(BEGIN, user_task("enter", "ann"), user_task("more", "ann"), DONE, flows("begin enter more done"))
    )
    new = office.start()
    for task in office.tasks("ann"):
        office.engine.tasks.complete(task.id, {}, ANN)
    states = {each: office.engine.instances.get(each, HEL).state for each in (old.instance_id, new.instance_id)}
    assert states == {old.instance_id: "completed", new.instance_id: "active"}
    assert [(row.version, row.running) for row in office.engine.deployments.versions("loan")] == [(2, 1), (1, 0)]


def test_a_deployment_is_all_or_nothing_and_says_what_changes(office: Office) -> None:
    files = office.engine.deployments.files()
    broken = definitions(loan(BEGIN, user_task("enter", "ann"), flows("begin enter nowhere")))
    with pytest.raises(DeploymentRefused) as refused:
        office.engine.deployments.deploy({**files, "file0.bpmn": broken}, SYSTEM)
    assert refused.value.findings
    assert office.engine.deployments.files() == files
    assert office.engine.deployments.deploy(files, SYSTEM).changes == ()
    with pytest.raises(Forbidden):
        office.engine.deployments.deploy(files, ANN)
    changed = definitions(loan(BEGIN, user_task("enter", "bob"), DONE, flows("begin enter done")))
    done = office.engine.deployments.replace({"file0.bpmn": changed}, SYSTEM, "bob does it")
    assert [(each.kind, each.what, each.id) for each in done.changes] == [("changed", "process", "loan")]
    settings = b"settings:\n  - {name: limit, type: number, value: 4, zh: a, en: b}\n"
    report = office.engine.deployments.validate({**office.engine.deployments.files(), "settings.yaml": settings})
    assert [(each.kind, each.what, each.id) for each in report.changes] == [("new", "file", "settings.yaml")]
    assert report.deployable


def test_another_process_of_the_engine_parses_what_it_meets(office: Office) -> None:
    from engine.engine import Engine

    started = office.start()
    other = Engine.open(office.settings, office.clock)
    task = office.task("enter")
    assert other.tasks.complete(task.id, {}, ANN).instance_id == started.instance_id
    other.close()


def test_a_loop_of_two_thousand_rounds_costs_the_same_at_its_end(sqlite_office: Office) -> None:
    office = sqlite_office
    office.deploy(
        loan(BEGIN, user_task("enter", "ann", "", field("again", "boolean")),
             node("exclusiveGateway", "way", more='default="way_done"'), DONE,
             flows("begin enter way", "way enter: ${again}", "way done"))
    )  # fmt: skip
    started = office.start()
    task = office.task("enter").id
    sizes = []
    for round_ in range(2000):
        done = office.engine.tasks.complete(task, {"again": True}, ANN)
        task = done.next[0].id
        if round_ in (10, 1999):
            with office.engine.machinery.database.reading() as connection:
                sizes.append(connection.execute(select(func.length(process_instance.c.snapshot))).scalar_one())
    assert office.names("ann") == ["enter"]
    assert abs(sizes[1] - sizes[0]) < 40
    office.complete("enter", "ann", {"again": False})
    assert office.engine.instances.get(started.instance_id, ANN).state == "completed"
    assert office.engine.history.verify().findings == ()


def test_linked_events_and_ends_are_named(office: Office) -> None:
    office.deploy(
        loan(BEGIN, user_task("enter", "ann"), node("endEvent", "refused", event("terminate")),
             flows("begin enter refused"))
    )  # fmt: skip
    started = office.start()
    assert office.complete("enter", "ann").state == "completed"
    assert office.engine.instances.get(started.instance_id, ANN).end == "refused"


def test_an_unknown_topic_is_done_by_a_worker_outside(office: Office) -> None:
    office.deploy(
        loan(BEGIN, node("serviceTask", "print", "", 'camunda:type="external" camunda:topic="printer"'
                         ' camunda:resultVariable="page"'), user_task("check", "ann"), DONE,
             flows("begin print check done"))
    )  # fmt: skip
    started = office.start()
    externals = office.engine.externals
    assert externals.lock("printer", "w1", 60, ANN) == ()  # she is no sender of it
    taken = externals.lock("printer", "w1", 60, SYSTEM)
    assert [each.element_id for each in taken] == ["print"]
    assert externals.lock("printer", "w2", 60, SYSTEM) == ()
    with pytest.raises(Conflict):
        externals.complete(taken[0].id, "w2", {}, SYSTEM)
    externals.complete(taken[0].id, "w1", {"sheets": 2}, SYSTEM)
    assert office.names() == ["check"]
    assert office.engine.instances.variables(started.instance_id, HEL)["page"] == {"sheets": 2}
