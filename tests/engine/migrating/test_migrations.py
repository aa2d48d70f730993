"""Migrating running instances in bulk: the plan, the job, what people see afterwards, and taking it back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.engine import SYSTEM
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.views import Actor, MigrationRow
from tests.engine.definitions.diagrams import flows, node, process, timer
from tests.engine.runtime.office import GROUPS, Office, field, loan, user_task

ANN, BOB, HEL, OUT = (Actor(each) for each in ("ann", "bob", "hel", "out"))
BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")
RIGHTS = {"groups.yaml": GROUPS.replace("[cancel,", "[migrate, cancel,").encode()}


def deploy(office: Office, *parts: str) -> None:
    office.engine.deployments.deploy({**office.engine.deployments.files(), **RIGHTS}, SYSTEM)
    office.deploy(*parts, **RIGHTS)


def simple(*path: str, **tasks: str) -> str:
    """A loan through these tasks in turn."""
    return loan(BEGIN, *(tasks.get(name, user_task(name, "ann")) for name in path), DONE,
                flows(f"begin {' '.join(path)} done"))  # fmt: skip


def versions(office: Office) -> tuple[int, int]:
    """The last version but one, and the last."""
    last = office.engine.deployments.versions("loan", SYSTEM)[0].version
    return last - 1, last


def migrate(office: Office, reason: str = "mended", actor: Actor = HEL, **names: str) -> MigrationRow:
    made = office.engine.migrations.begin("loan", *versions(office), reason, actor, names)
    office.engine.tick()
    return office.engine.migrations.get(made, actor)


def test_the_plan_says_where_instances_stand_and_which_can_go(office: Office) -> None:
    # Given three instances at two places, one of which the new version does not have
    deploy(office, simple("enter", "check"))
    for _ in range(3):
        office.start()
    office.engine.tasks.complete(office.tasks()[0].id, {}, ANN)
    deploy(office, simple("enter", "weigh"))
    # When it is planned, then each place is told with its instances and its reason
    plan = office.engine.migrations.plan("loan", *versions(office), HEL)
    assert [(each.element_id, each.code, each.instances) for each in plan.places] == [
        ("check", "gone", 1),
        ("enter", "", 2),
    ]
    assert (plan.can, plan.cannot, plan.held, plan.more) == (2, 1, 0, False)
    assert plan.candidates == {"check": (("weigh", "weigh"),)}
    # And with what it is called now, all can go
    named = office.engine.migrations.plan("loan", *versions(office), HEL, {"check": "weigh"})
    assert (named.can, named.cannot) == (3, 0)


def test_instances_go_on_by_the_new_version_and_history_says_so(office: Office) -> None:
    deploy(office, simple("enter", "check"))
    started = office.start()
    deploy(office, simple("enter", "weigh", "check"))
    before, after = versions(office)
    done = migrate(office, "weighing is new")
    assert (done.counts, done.left) == ({"done": 1}, 0)
    assert office.engine.instances.get(started.instance_id, HEL).version == after
    row = next(row for row in office.engine.history.rows(started.instance_id) if row.kind == "migrated")
    assert (row.actor, row.data["from"], row.data["to"]) == ("hel", str(before), str(after))
    assert row.data["reason"] == "weighing is new"
    office.complete("enter", "ann")
    assert office.names() == ["weigh"]
    assert office.engine.history.verify().findings == ()


def test_a_task_stays_the_task_it_is_and_says_what_the_new_version_says(office: Office) -> None:
    due = 'camunda:dueDate="PT4H"'
    deploy(office, simple("enter", enter=user_task("enter", "", "clerk", field("amount", "number"), more=due)))
    office.start()
    task = office.task("enter")
    form = field("amount", "number"), field("why")
    asked = user_task("ask", "", "head", *form, more='camunda:dueDate="PT9H"').replace('name="ask"', 'name="Ask them"')
    deploy(office, simple("ask", ask=asked))
    migrate(office, enter="ask")
    now = office.task("ask")
    assert (now.id, now.name, now.due) == (task.id, "Ask them", task.due)
    assert (office.names("ann"), office.names("hel")) == ([], ["ask"])
    assert [each.name for each in office.engine.tasks.get(now.id, HEL).form.fields] == ["amount", "why"]
    office.engine.tasks.complete(now.id, {"amount": 3, "why": "x"}, HEL)
    assert office.names() == []


def test_who_has_a_task_keeps_it(office: Office) -> None:
    deploy(office, simple("enter", enter=user_task("enter", "", "clerk")))
    office.start()
    office.engine.tasks.claim(office.task("enter").id, BOB)
    deploy(office, simple("enter", enter=user_task("enter", "", "head")))
    migrate(office)
    assert office.names("bob") == ["enter"]


def test_timers_are_those_of_the_new_version(office: Office) -> None:
    def version(text: str) -> str:
        late = node("boundaryEvent", "late", timer(text), 'attachedToRef="enter" cancelActivity="false"')
        return loan(BEGIN, user_task("enter", "ann"), late, user_task("chase", "bob"), DONE,
                    flows("begin enter done", "late chase done"))  # fmt: skip

    deploy(office, version("PT8H"))
    begun = office.clock.now()
    office.start()
    office.wait(hours=1)
    deploy(office, version("PT3H"))
    migrate(office)
    assert office.engine.timers.next_due() == begun + timedelta(hours=3)
    office.wait(hours=2)
    assert office.names() == ["chase", "enter"]


def test_one_that_fails_is_reported_and_the_others_go(office: Office) -> None:
    amount = field("amount", "number")
    deploy(office, simple("enter", "check", enter=user_task("enter", "ann", "", amount)))
    first, second = office.start(), office.start()
    for task in office.tasks():
        given = {"amount": 5} if task.business_key == second.business_key else {}
        office.engine.tasks.complete(task.id, given, ANN)
    check = user_task("check", "", "${if amount > 3 then &quot;head&quot; else nobody}")
    deploy(office, simple("enter", "check", enter=user_task("enter", "ann", "", amount), check=check))
    done = migrate(office)
    assert done.counts == {"done": 1, "failed": 1}
    failed = done.failures[0]
    assert (failed.instance_id, failed.code) == (first.instance_id, "error")
    assert failed.text
    assert office.engine.instances.get(first.instance_id, HEL).version == versions(office)[0]
    assert office.kinds(first.instance_id).count("migrated") == 0


def test_it_is_taken_back_where_nothing_has_moved_since(office: Office) -> None:
    late = node("boundaryEvent", "late", timer("PT8H"), 'attachedToRef="enter" cancelActivity="false"')
    chase = user_task("chase", "bob")
    deploy(
        office,
        loan(BEGIN, user_task("enter", "", "clerk"), late, chase, DONE, flows("begin enter done", "late chase done")),
    )
    begun = office.clock.now()
    still, moved = office.start(), office.start()
    office.wait(hours=1)
    deploy(office, simple("enter", "weigh", enter=user_task("enter", "", "head")))
    made = migrate(office)
    assert office.engine.timers.next_due() is None
    other = next(task for task in office.tasks() if task.business_key == moved.business_key)
    office.engine.tasks.complete(other.id, {}, HEL)
    # When it is taken back
    assert office.engine.migrations.undo(made.id, "a mistake", HEL) == 2
    office.engine.tick()
    # Then what has not moved is what it was, with its timers and those it was offered to, and the other stays
    found = office.engine.migrations.get(made.id, HEL)
    assert found.counts == {"undone": 1, "kept": 1}
    assert [(each.instance_id, each.code) for each in found.failures] == [(moved.instance_id, "moved")]
    assert office.engine.timers.next_due() == begun + timedelta(hours=8)
    assert office.names("ann") == ["enter", "weigh"]
    assert [office.engine.instances.get(each.instance_id, HEL).version for each in (still, moved)] == list(
        versions(office)
    )
    assert office.kinds(still.instance_id)[-1] == "migration-undone"
    office.wait(hours=8)
    assert "chase" in office.names("bob")


def test_it_goes_on_after_the_one_who_ran_it_has_died(office: Office) -> None:
    deploy(office, simple("enter"))
    for _ in range(3):
        office.start()
    deploy(office, simple("enter", "check"))
    made = office.engine.migrations.begin("loan", *versions(office), "mended", HEL)
    with pytest.raises(Conflict):
        office.engine.migrations.undo(made, "not yet", HEL)

    class Died(BaseException):
        pass

    commits = []

    def die(point: str) -> None:
        if point == "before-commit":
            commits.append(point)
            if len(commits) == 2:
                raise Died

    office.engine.machinery.fault = die
    with pytest.raises(Died):
        office.engine.tick()
    assert office.engine.migrations.get(made, HEL).counts == {"done": 1, "waiting": 2}
    # When another looks, once the lock of the first has lapsed
    office.clock.move_to(office.clock.now() + timedelta(minutes=6))
    office.engine.tick()
    assert office.engine.migrations.get(made, HEL).counts == {"done": 3}


def test_only_who_may_migrate_does_and_only_what_he_may_know(office: Office) -> None:
    secret = loan(BEGIN, user_task("enter", "ann"), DONE, flows("begin enter done"),
                  confidential="true", excluded="${[\"user:hel\"]}")  # fmt: skip
    deploy(office, secret)
    office.start()
    deploy(office, secret.replace('name="enter"', 'name="Enter"'))
    before, after = versions(office)
    with pytest.raises(Forbidden):
        office.engine.migrations.plan("loan", before, after, ANN)
    with pytest.raises(Forbidden):
        office.engine.migrations.begin("loan", before, after, "x", OUT)
    with pytest.raises(Invalid):
        office.engine.migrations.begin("loan", before, after, " ", HEL)
    with pytest.raises(NotFound):
        office.engine.migrations.plan("loan", before, 99, HEL)
    with pytest.raises(Invalid):
        office.engine.migrations.plan("loan", before, after, HEL, {"enter": "nowhere"})
    # Who is kept from the instances neither counts nor migrates them
    assert office.engine.migrations.plan("loan", before, after, HEL).can == 0
    with pytest.raises(Conflict):
        office.engine.migrations.begin("loan", before, after, "x", HEL)
    assert office.engine.migrations.plan("loan", before, after, SYSTEM).can == 1


def test_one_on_hold_stays_until_it_goes_on(office: Office) -> None:
    deploy(office, simple("enter"))
    started = office.start()
    office.engine.instances.hold(started.instance_id, "waits", None, HEL)
    deploy(office, simple("enter", "check"))
    assert office.engine.migrations.plan("loan", *versions(office), HEL).held == 1
    done = migrate(office)
    assert [each.code for each in done.failures] == ["held"]


def test_the_same_version_in_a_new_set_takes_what_it_calls_along(office: Office) -> None:
    call = node("callActivity", "c", "", 'calledElement="inner"')
    outer = loan(BEGIN, call, DONE, flows("begin c done"))

    def inner(*names: str) -> str:
        tasks = [user_task(name, "ann") for name in names]
        return process(node("startEvent", "s"), *tasks, flows("s " + " ".join(names)), id="inner")

    deploy(office, outer, inner("a"))
    started = office.start()
    deploy(office, outer, inner("a", "b"))
    version = office.engine.deployments.versions("loan", SYSTEM)[0].version
    office.engine.migrations.begin("loan", version, version, "the new inner", HEL)
    office.engine.tick()
    office.complete("a", "ann")
    assert office.names() == ["b"]
    office.complete("b", "ann")
    assert office.engine.instances.get(started.instance_id, HEL).state == "completed"
