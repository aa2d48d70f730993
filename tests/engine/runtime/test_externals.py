"""Workers outside: who may have what, for how long, and what becomes of tries that fail."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest

from engine.engine import SYSTEM
from engine.errors import Conflict, Forbidden, NotFound
from engine.views import Actor, ExternalFilter, Failure, Fetch, Fetched, Topic
from tests.engine.definitions.diagrams import event, extensions, flows, node, properties
from tests.engine.runtime.office import Office, loan, user_task

ANN, BOB, HEL, OUT = Actor("ann"), Actor("bob"), Actor("hel"), Actor("out")
BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")
MINUTE = timedelta(minutes=1)
ALL = ExternalFilter()


def step(id: str, topic: str, more: str = "", inner: str = "", **given: str) -> str:
    """A service task for workers outside."""
    return node("serviceTask", id, extensions(inner, properties(**given) if given else ""),
                f'camunda:type="external" camunda:topic="{topic}" {more}')  # fmt: skip


def inputs(*names: str) -> str:
    """Input parameters of these names, each a text `<name>!`."""
    each = "".join(f'<camunda:inputParameter name="{name}">{name}!</camunda:inputParameter>' for name in names)
    return f"<camunda:inputOutput>{each}</camunda:inputOutput>"


def fetched(office: Office, worker: str, *topics: Topic, who: Actor = SYSTEM, limit: int = 10) -> tuple[Fetched, ...]:
    """What a worker is given."""
    return office.engine.externals.fetch(Fetch(worker, limit, topics), who)


@pytest.fixture
def printing(office: Office) -> Office:
    """An office whose loans are printed by clerks' workers; what goes wrong with the paper is looked at by Ann."""
    office.deploy(
        loan(BEGIN, step("print", "printer", senders="clerk", inner=inputs("text")), user_task("check", "ann"), DONE,
             node("boundaryEvent", "jam", event("error", "jammed"), 'attachedToRef="print"'),
             user_task("mend", "ann"), node("endEvent", "over"),
             flows("begin print check done"), flows("jam mend over")),
        '<bpmn:error id="jammed" errorCode="jammed" />',
    )  # fmt: skip
    return office


def test_who_is_named_as_sender_may_work_and_nobody_else_learns_of_it(printing: Office) -> None:
    printing.start()
    topic = Topic("printer", MINUTE)
    assert fetched(printing, "w", topic, who=OUT) == ()
    (given,) = fetched(printing, "w", topic, who=BOB)
    externals = printing.engine.externals
    for verb in (
        lambda: externals.complete(given.task.id, "w", {}, OUT),
        lambda: externals.unlock(given.task.id, OUT),
        lambda: externals.set_retries((given.task.id,), 3, OUT),
        lambda: externals.get(given.task.id, OUT),
    ):
        with pytest.raises(NotFound):
            verb()
    assert externals.find(ALL, OUT) == ()
    assert externals.count(ALL, OUT) == 0
    externals.complete(given.task.id, "w", {}, BOB)
    assert printing.names() == ["check"]


def test_a_name_that_differs_in_capitals_is_another(office: Office) -> None:
    office.engine.people.create("Ann", "Other", "", [], SYSTEM)
    office.deploy(loan(BEGIN, step("print", "printer", senders="user:${starter}"), DONE, flows("begin print done")))
    office.start("ann")
    assert fetched(office, "w", Topic("printer", MINUTE), who=Actor("Ann")) == ()
    assert len(fetched(office, "w", Topic("printer", MINUTE), who=ANN)) == 1


def test_who_may_know_the_instance_but_is_no_sender_is_told_so(office: Office) -> None:
    office.deploy(loan(BEGIN, step("print", "printer"), DONE, flows("begin print done")))
    office.start("ann")
    externals = office.engine.externals
    (waiting,) = externals.find(ALL, ANN)
    with pytest.raises(Forbidden):
        externals.complete(waiting.id, "w", {}, ANN)
    with pytest.raises(Forbidden):
        externals.set_retries((waiting.id,), 1, ANN)
    externals.set_retries((waiting.id,), 1, HEL)  # she has the right to retry


def test_one_fetch_takes_of_several_topics_each_for_its_time(office: Office) -> None:
    office.deploy(
        loan(BEGIN, node("parallelGateway", "fork"), step("print", "printer"), step("stamp", "stamps"),
             step("fold", "folder"), DONE,
             flows("begin fork print done"), flows("fork stamp done", "f"), flows("fork fold done", "g")),
    )  # fmt: skip
    office.start()
    given = fetched(office, "w", Topic("printer", MINUTE), Topic("stamps", 2 * MINUTE))
    now = office.clock.now()
    assert {each.task.topic: each.task.locked_until for each in given} == {
        "printer": now + MINUTE, "stamps": now + 2 * MINUTE,
    }  # fmt: skip
    assert [each.topic for each in office.engine.externals.find(ExternalFilter(locked=False), SYSTEM)] == ["folder"]
    assert office.engine.externals.count(ExternalFilter(worker="w", locked=True), SYSTEM) == 2


def test_the_more_urgent_come_first_where_that_is_asked_for(office: Office) -> None:
    office.deploy(
        loan(BEGIN, step("print", "printer", 'camunda:taskPriority="7"'), DONE, flows("begin print done"))
    )  # fmt: skip
    for _ in (1, 9, 5):
        office.start()
    for task, urgency in zip(office.engine.externals.find(ALL, SYSTEM), (1, 9, 5), strict=True):
        office.engine.externals.set_priority(task.id, urgency, SYSTEM)
    wanted = (Topic("printer", MINUTE, ()),)
    first = office.engine.externals.fetch(Fetch("w", 1, wanted, by_priority=True), SYSTEM)
    assert [each.task.priority for each in first] == [9]
    assert [each.task.priority for each in office.engine.externals.fetch(Fetch("w", 5, wanted), SYSTEM)] == [1, 5]


def test_a_worker_sees_inputs_and_only_who_may_know_the_instance_the_rest(printing: Office) -> None:
    started = printing.start()
    (given,) = fetched(printing, "w", Topic("printer", MINUTE), who=BOB)
    assert given.variables == {"text": "text!"}
    printing.engine.externals.unlock(given.task.id, BOB)
    (given,) = fetched(printing, "w", Topic("printer", MINUTE), who=HEL)
    assert given.variables["text"] == "text!"
    assert given.variables["business_key"] == started.business_key
    printing.engine.externals.unlock(given.task.id, HEL)
    (given,) = fetched(printing, "w", Topic("printer", MINUTE, ("business_key",)), who=HEL)
    assert given.variables == {"business_key": started.business_key}


def test_a_lock_runs_out_and_who_lost_it_changes_nothing(printing: Office) -> None:
    started = printing.start()
    externals = printing.engine.externals
    (first,) = fetched(printing, "slow", Topic("printer", MINUTE))
    assert fetched(printing, "quick", Topic("printer", MINUTE)) == ()
    printing.wait(minutes=1)
    with pytest.raises(Conflict):
        externals.extend(first.task.id, "slow", MINUTE, SYSTEM)
    (second,) = fetched(printing, "quick", Topic("printer", MINUTE))
    assert second.task.id == first.task.id
    before = printing.kinds(started.instance_id)
    for verb in (
        lambda: externals.complete(first.task.id, "slow", {}, SYSTEM),
        lambda: externals.fail(first.task.id, "slow", "jammed", "", SYSTEM),
        lambda: externals.failed(first.task.id, "slow", Failure("", "", 0, MINUTE), SYSTEM),
        lambda: externals.extend(first.task.id, "slow", MINUTE, SYSTEM),
    ):
        with pytest.raises(Conflict):
            verb()
    assert printing.kinds(started.instance_id) == before
    externals.complete(second.task.id, "quick", {}, SYSTEM)
    with pytest.raises(NotFound):
        externals.complete(second.task.id, "quick", {}, SYSTEM)
    assert printing.kinds(started.instance_id).count("external-completed") == 1


def test_a_lock_is_extended_and_given_back(printing: Office) -> None:
    printing.start()
    externals = printing.engine.externals
    (given,) = fetched(printing, "w", Topic("printer", MINUTE))
    printing.wait(seconds=50)
    externals.extend(given.task.id, "w", MINUTE, SYSTEM)
    printing.wait(seconds=50)
    assert fetched(printing, "v", Topic("printer", MINUTE)) == ()
    externals.unlock(given.task.id, SYSTEM)
    assert len(fetched(printing, "v", Topic("printer", MINUTE))) == 1


def test_a_failed_try_waits_for_its_pause_and_the_last_one_is_an_incident(printing: Office) -> None:
    started = printing.start()
    externals = printing.engine.externals
    topic = Topic("printer", MINUTE)
    (given,) = fetched(printing, "w", topic)
    externals.failed(given.task.id, "w", Failure("no paper", "tray 2", 1, 5 * MINUTE), SYSTEM)
    printing.wait(minutes=4)
    assert fetched(printing, "v", topic) == ()
    printing.wait(minutes=1)
    (given,) = fetched(printing, "v", topic)
    assert (given.task.retries, given.task.error) == (1, "no paper")
    assert externals.details(given.task.id, SYSTEM) == "tray 2"
    assert printing.engine.incidents.list(SYSTEM) == ()
    externals.failed(given.task.id, "v", Failure("on fire", "", 0, timedelta()), SYSTEM)
    assert [(each.code, each.text) for each in printing.engine.incidents.list(SYSTEM)] == [("external", "on fire")]
    printing.wait(days=1)
    assert fetched(printing, "v", topic) == ()
    externals.set_retries((given.task.id,), 2, SYSTEM)
    assert printing.engine.incidents.list(SYSTEM) == ()
    (given,) = fetched(printing, "v", topic)
    externals.complete(given.task.id, "v", {}, SYSTEM)
    assert printing.kinds(started.instance_id).count("external-tried") == 2
    assert printing.engine.history.verify().findings == ()


def test_retrying_the_incident_on_its_page_opens_the_task_anew(printing: Office) -> None:
    printing.start()
    (given,) = fetched(printing, "w", Topic("printer", MINUTE))
    printing.engine.externals.failed(given.task.id, "w", Failure("on fire", "", 0, timedelta()), SYSTEM)
    (incident,) = printing.engine.incidents.list(SYSTEM)
    printing.engine.incidents.retry(incident.id, SYSTEM)
    (again,) = fetched(printing, "v", Topic("printer", MINUTE))
    assert again.task.retries is None
    assert printing.engine.incidents.list(SYSTEM) == ()


def test_a_bpmn_error_goes_its_own_way_with_its_variables(printing: Office) -> None:
    started = printing.start()
    (given,) = fetched(printing, "w", Topic("printer", MINUTE))
    printing.engine.externals.fail(given.task.id, "w", "jammed", "tray 1", SYSTEM, {"tray": 1})
    assert printing.names() == ["mend"]
    assert printing.engine.instances.variables(started.instance_id, HEL)["tray"] == 1


def test_what_is_on_hold_is_given_to_nobody(printing: Office) -> None:
    started = printing.start()
    (given,) = fetched(printing, "w", Topic("printer", timedelta(seconds=1)))
    printing.engine.instances.hold(started.instance_id, "later", None, HEL)
    printing.wait(minutes=1)
    assert fetched(printing, "w", Topic("printer", MINUTE)) == ()
    with pytest.raises(Conflict):
        printing.engine.externals.complete(given.task.id, "w", {}, SYSTEM)


def test_who_waits_is_given_what_comes_at_once(printing: Office) -> None:
    found: list[Fetched] = []
    wanted = Fetch("w", 1, (Topic("printer", MINUTE),))
    thread = Thread(target=lambda: found.extend(printing.engine.externals.fetch(wanted, SYSTEM, wait=30)))
    thread.start()
    printing.start()
    thread.join(10)
    assert [each.task.element_id for each in found] == ["print"]


def test_who_waits_in_vain_is_told_when_his_time_is_over(printing: Office) -> None:
    assert printing.engine.externals.fetch(Fetch("w", 1, (Topic("printer", MINUTE),)), SYSTEM, wait=0.05) == ()


def test_what_is_sent_to_the_database_does_not_grow_with_the_tasks_taken(printing: Office) -> None:
    counts = []
    for number in (1, 12):
        for _ in range(number):
            printing.start()
        with printing.statements() as sent:
            assert len(fetched(printing, "w", Topic("printer", MINUTE), who=HEL, limit=50)) == number
        counts.append(len(sent))
    assert counts[0] == counts[1]
