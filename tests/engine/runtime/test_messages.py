"""Messages between instances: after commit, once, kept, expired, undelivered; outside callers; signals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from engine.engine import SYSTEM
from engine.errors import Conflict, Forbidden, FormInvalid, Invalid, NotFound
from engine.store import instances
from engine.views import Actor
from tests.engine.definitions.diagrams import event, extensions, flows, node, process, properties, timer
from tests.engine.runtime.office import Office, field, form, loan, user_task

ANN = Actor("ann")
BEGIN, DONE = node("startEvent", "begin"), node("endEvent", "done")
MESSAGES = (
    '<bpmn:message id="m_go" name="go"/><bpmn:message id="m_back" name="back"/><bpmn:message id="m_new" name="new"/>'
)


def catch(id: str, message: str, *fields: str, **given: str) -> str:
    inner = extensions(*([form(*fields)] if fields else []), properties(**given)) if given or fields else ""
    return node("intermediateCatchEvent", id, inner + event("message", more=f'messageRef="m_{message}"'))


def throw(id: str, message: str, inputs: str = "", **given: str) -> str:
    extra = extensions(f"<camunda:inputOutput>{inputs}</camunda:inputOutput>", properties(**given))
    return node("intermediateThrowEvent", id, extra + event("message", more=f'messageRef="m_{message}"'))


def linked(*parts: str, id: str = "issue", **given: str) -> str:
    named = {"linkedTo": "loan", "number": "WT{yy}-{seq:3}", "starters": "clerk", **given}
    return process(extensions(properties(**named)), *parts, id=id)


def waits_for_go(office: Office, *more: str, **given: str) -> None:
    office.deploy(MESSAGES, loan(BEGIN, catch("wait", "go", **given), user_task("enter", "ann"), DONE,
                                 flows("begin wait enter done")), *more)  # fmt: skip


def test_two_instances_answer_each_other(office: Office) -> None:
    office.deploy(
        MESSAGES,
        loan(BEGIN, user_task("enter", "ann"), catch("heard", "back"), user_task("last", "ann"), DONE,
             flows("begin enter heard last done")),
        linked(BEGIN, throw("tell", "back"), user_task("see", "bob"), DONE, flows("begin tell see done")),
    )  # fmt: skip
    started = office.start()
    office.complete("enter", "ann")
    made = office.engine.instances.start("issue", {}, ANN, key=started.business_key)
    assert (made.business_key, made.number) == (started.business_key, "WT26-001")
    assert office.names() == ["last", "see"]
    rows = office.engine.history.rows(started.instance_id)
    heard = next(row for row in rows if row.kind == "message")
    assert heard.element_id == "heard"
    assert heard.data["sender"] == f"{made.instance_id}/tell"


def test_a_message_that_comes_before_anybody_waits_is_kept_until_somebody_does(office: Office) -> None:
    office.deploy(
        MESSAGES,
        loan(BEGIN, user_task("enter", "ann"), catch("heard", "back"), user_task("last", "ann"), DONE,
             flows("begin enter heard last done")),
        linked(BEGIN, throw("tell", "back"), DONE, flows("begin tell done")),
    )  # fmt: skip
    started = office.start()
    office.engine.instances.start("issue", {}, ANN, key=started.business_key)
    assert office.names() == ["enter"]
    office.complete("enter", "ann")
    assert office.names() == ["last"]


def test_a_kept_message_expires_with_the_instance_that_might_have_caught_it(office: Office) -> None:
    office.deploy(
        MESSAGES,
        loan(BEGIN, user_task("enter", "ann", "", field("hear", "boolean")), node("exclusiveGateway", "way",
             more='default="way_done"'), catch("heard", "back"), DONE,
             flows("begin enter way", "way heard: ${hear}", "heard done", "way done")),
        linked(BEGIN, throw("tell", "back"), DONE, flows("begin tell done")),
    )  # fmt: skip
    started = office.start()
    office.engine.instances.start("issue", {}, ANN, key=started.business_key)
    office.complete("enter", "ann", {"hear": False})
    assert "message-expired" in office.kinds(started.instance_id)


def test_a_kept_message_expires_after_its_time_to_live(office: Office) -> None:
    office.deploy(
        MESSAGES,
        loan(BEGIN, user_task("enter", "ann"), catch("heard", "back"), DONE, flows("begin enter heard done")),
        linked(BEGIN, throw("tell", "back"), DONE, flows("begin tell done")),
    )
    started = office.start()
    office.engine.instances.start("issue", {}, ANN, key=started.business_key)
    office.wait(days=401)
    assert "message-expired" in office.kinds(started.instance_id)
    office.complete("enter", "ann")
    assert office.engine.instances.get(started.instance_id, ANN).state == "active"


def test_a_throw_to_nobody_is_recorded_as_undelivered_and_goes_on(office: Office) -> None:
    office.deploy(
        MESSAGES, loan(BEGIN, throw("tell", "back", businessKey="XX"), user_task("enter", "ann"), DONE,
                       flows("begin tell enter done"))
    )  # fmt: skip
    started = office.start()
    assert office.names("ann") == ["enter"]
    rows = office.engine.history.rows(started.instance_id)
    lost = next(row for row in rows if row.kind == "undelivered")
    assert lost.data["key"] == "XX"
    assert lost.element_id == "tell"


def test_a_message_start_begins_a_record(office: Office) -> None:
    office.deploy(
        MESSAGES,
        loan(node("startEvent", "begin", extensions("<camunda:inputOutput>"
                  '<camunda:outputParameter name="borrower">${payload.who}</camunda:outputParameter>'
                    "</camunda:inputOutput>")
                  + event("message", more='messageRef="m_new"')),
             user_task("enter", "ann"), DONE, flows("begin enter done")),
    )  # fmt: skip
    made = office.engine.messages.correlate("new", "", "", {"who": "Zed"}, SYSTEM, submission="s1")
    again = office.engine.messages.correlate("new", "", "", {"who": "Zed"}, SYSTEM, submission="s1")
    assert made.state == "started"
    assert again.instance_id == made.instance_id
    record = office.engine.records.get(made.business_key, ANN)
    assert [(each.name, each.value) for each in record.fields] == [("borrower", "Zed")]


def test_what_begins_a_record_is_checked_against_the_form_of_its_start(office: Office) -> None:
    amount = (
        '<camunda:formField id="amount" label="amount" type="number">'
        '<camunda:validation><camunda:constraint name="required"/></camunda:validation></camunda:formField>'
    )
    begin = extensions(form(field("borrower"), amount)) + event("message", more='messageRef="m_new"')
    office.deploy(
        MESSAGES,
        loan(node("startEvent", "begin", begin), user_task("enter", "ann"), DONE, flows("begin enter done")),
    )
    send = office.engine.messages.correlate
    # Given a payload that lacks a field, mistypes one, and brings one that nobody asked for
    for payload, wrong in (({}, "amount"), ({"amount": "much"}, "amount"), ({"amount": "5", "x": "1"}, "x")):
        with pytest.raises(FormInvalid) as refused:
            send("new", "", "", payload, SYSTEM)
        # Then it is told which, and nothing has started
        assert list(refused.value.errors) == [wrong]
    assert office.names() == []
    # Given one that is right, texts become values of the fields' types
    made = send("new", "", "", {"borrower": "Zed", "amount": "5"}, SYSTEM)
    task = office.engine.tasks.inbox(ANN).rows[0]
    assert (made.state, task.instance_id) == ("started", made.instance_id)
    fields = {each.name: each.value for each in office.engine.records.get(made.business_key, ANN).fields}
    assert fields == {"borrower": "Zed", "amount": 5}


def test_what_is_brought_to_who_waits_is_checked_against_its_form(office: Office) -> None:
    office.deploy(MESSAGES, loan(BEGIN, catch("wait", "go", field("days", "integer")), user_task("enter", "ann"), DONE,
                                 flows("begin wait enter done")))  # fmt: skip
    key = office.start().business_key
    with pytest.raises(FormInvalid):
        office.engine.messages.correlate("go", key, "", {"days": "soon"}, SYSTEM)
    assert office.names() == []
    assert office.engine.messages.correlate("go", key, "", {"days": "3"}, SYSTEM).state == "delivered"
    assert office.names() == ["enter"]


def test_outside_callers_are_told_what_is_wrong(office: Office) -> None:
    waits_for_go(office)
    started = office.start()
    correlate = office.engine.messages.correlate
    with pytest.raises(NotFound):
        correlate("go", "LN99-0001", "", {}, SYSTEM)
    with pytest.raises(Forbidden):
        correlate("go", started.business_key, "", {}, ANN)
    assert correlate("go", started.business_key, "", {}, SYSTEM).state == "delivered"
    office.complete("enter", "ann")
    with pytest.raises(Conflict):
        correlate("go", started.business_key, "", {}, SYSTEM)


def test_two_that_wait_are_an_error_until_the_correlation_says_which(office: Office) -> None:
    office.deploy(
        MESSAGES,
        loan(BEGIN, user_task("enter", "ann"), DONE, flows("begin enter done")),
        linked(BEGIN, catch("wait", "go"), user_task("see", "bob"), DONE, flows("begin wait see done")),
    )
    key = office.start().business_key
    issues = [office.engine.instances.start("issue", {}, ANN, key=key) for _ in range(2)]
    with pytest.raises(Invalid):
        office.engine.messages.correlate("go", key, "", {}, SYSTEM)
    done = office.engine.messages.correlate("go", key, issues[1].number, {}, SYSTEM)
    assert done.instance_id == issues[1].instance_id


def test_who_may_send_by_hand_has_a_button_with_a_form(office: Office) -> None:
    office.deploy(
        MESSAGES,
        loan(BEGIN, catch("wait", "go", field("amount", "number"), senders="clerk", destructive="true"),
             user_task("enter", "ann"), DONE, flows("begin wait enter done")),
    )  # fmt: skip
    started = office.start()
    button = office.engine.records.get(started.business_key, ANN).buttons[0]
    assert (button.kind, button.message, button.destructive) == ("message", "go", True)
    sent = office.engine.messages.send(button.subscription_id, {"amount": "7"}, ANN, submission="x")
    assert sent.instance_id == started.instance_id
    assert office.names("ann") == ["enter"]
    record = office.engine.records.get(started.business_key, ANN)
    assert [(each.name, each.value) for each in record.fields] == [("amount", 7)]
    assert office.engine.messages.send(button.subscription_id, {"amount": "7"}, ANN, submission="x") == sent
    with pytest.raises(NotFound):
        office.engine.messages.send(button.subscription_id, {"amount": "7"}, ANN)


def test_a_message_is_delivered_by_the_sweep_after_a_crash(office: Office) -> None:
    office.deploy(
        MESSAGES,
        loan(BEGIN, catch("heard", "back"), user_task("last", "ann"), DONE, flows("begin heard last done")),
        linked(BEGIN, user_task("see", "bob"), throw("tell", "back"), DONE, flows("begin see tell done")),
    )
    started = office.start()
    office.engine.instances.start("issue", {}, ANN, key=started.business_key)

    def crash(point: str) -> None:
        if point == "before-delivery":
            raise SystemExit(point)

    office.engine.machinery.fault = crash
    with pytest.raises(SystemExit):
        office.complete("see", "bob")
    office.engine.machinery.fault = lambda _point: None
    assert office.names() == []
    office.engine.tick()
    office.engine.tick()
    assert office.names() == ["last"]
    assert office.kinds(started.instance_id).count("message") == 1


def test_what_crashes_before_the_commit_leaves_nothing(office: Office) -> None:
    started = office.start()
    before = office.kinds(started.instance_id)

    def crash(point: str) -> None:
        if point == "before-commit":
            raise SystemExit(point)

    office.engine.machinery.fault = crash
    with pytest.raises(SystemExit):
        office.complete("enter", "ann")
    office.engine.machinery.fault = lambda _point: None
    assert office.kinds(started.instance_id) == before
    assert office.names("ann") == ["enter"]
    office.complete("enter", "ann")
    assert office.engine.history.verify().findings == ()


def test_a_signal_reaches_everybody_who_waits(office: Office) -> None:
    signal = event("signal", more='signalRef="s_all"')
    office.deploy(
        '<bpmn:signal id="s_all" name="all"/>',
        loan(BEGIN, node("intermediateCatchEvent", "wait", signal), user_task("enter", "ann"), DONE,
             flows("begin wait enter done")),
        process(extensions(properties(starters="clerk")), BEGIN, node("intermediateThrowEvent", "call", signal), DONE,
                flows("begin call done"), id="caller"),
    )  # fmt: skip
    for _ in range(3):
        office.start()
    office.start(process="caller")
    assert office.names() == ["enter"] * 3


def test_a_message_that_cannot_be_delivered_takes_nothing_back_and_holds_up_no_other(office: Office) -> None:
    office.deploy(
        MESSAGES,
        loan(BEGIN, catch("heard", "back"), user_task("last", "ann"), DONE, flows("begin heard last done")),
        linked(BEGIN, user_task("see", "bob"), throw("tell", "back"), DONE, flows("begin see tell done")),
    )
    broken, sound = office.start(), office.start()
    for each in (broken, sound):
        office.engine.instances.start("issue", {}, ANN, key=each.business_key)
    with office.engine.machinery.database.writing() as connection:
        instances.save(connection, broken.instance_id, 1, {"process_id": "gone"})
    for task in office.tasks("bob"):
        assert office.engine.tasks.complete(task.id, {}, Actor("bob")).state == "completed"
    assert office.names() == ["last"]
    assert office.engine.messages.shares_waiting() != (), "it waits for whoever mends its receiver"


def test_a_message_sent_twice_at_the_same_time_starts_one_record(office: Office) -> None:
    office.deploy(
        MESSAGES,
        loan(node("startEvent", "begin", event("message", more='messageRef="m_new"')), user_task("enter", "ann"), DONE,
             flows("begin enter done")),
    )  # fmt: skip
    for number in range(10):
        together = Barrier(2)

        def send(_: int, number: int = number, together: Barrier = together) -> int:
            together.wait()
            return office.engine.messages.correlate("new", "", "", {}, SYSTEM, submission=f"s{number}").instance_id

        with ThreadPoolExecutor(2) as pool:
            first, second = pool.map(send, range(2))
        assert first == second
    assert office.names() == ["enter"] * 10


def begun_by(message: str, id: str, *then: str, **given: str) -> str:
    """A linked process that a message begins; whoever started it has the task `<id>_task`, cy when that is nobody."""
    start = node("startEvent", f"{id}_raised", event("message", more=f'messageRef="m_{message}"'))
    task = user_task(f"{id}_task", "${if starter = '' then 'cy' else starter}")
    path = " ".join([f"{id}_raised", *(f"{id}_{name}" for name in then), f"{id}_task", "done"])
    thrown = [throw(f"{id}_{name}", name) for name in then]
    return linked(start, *thrown, task, DONE, flows(path), id=id, number=f"{id}-{{seq:3}}", **given)


def test_whose_action_led_to_it_is_the_starter_of_what_another_instance_begins(office: Office) -> None:
    # Given a loan that raises an issue, which begins a review by itself, and a confidential case
    office.deploy(
        MESSAGES,
        loan(BEGIN, user_task("enter", "bob"), throw("tell", "new"), throw("suspect", "go"), DONE,
             flows("begin enter tell suspect done")),
        begun_by("new", "issue", "back"),
        begun_by("back", "review"),
        begun_by("go", "case", confidential="true"),
    )  # fmt: skip
    office.start()
    # When somebody else than the loan's starter does what leads to all of them
    office.complete("enter", "bob")
    # Then they are his, and the confidential one nobody's: who set it off may be whom it is about
    found = {task.element_id: task.assignee for task in office.tasks()}
    assert found == {"issue_task": "bob", "review_task": "bob", "case_task": "cy"}


def test_what_the_clock_began_has_no_starter(office: Office) -> None:
    late = node("boundaryEvent", "late", timer("PT1H"), 'attachedToRef="enter" cancelActivity="false"')
    office.deploy(
        MESSAGES,
        loan(BEGIN, user_task("enter", "bob"), late, throw("tell", "new"), DONE,
             flows("begin enter done", "late tell done")),
        begun_by("new", "issue"),
    )  # fmt: skip
    office.start()
    office.wait(hours=2)
    assert office.task("issue_task").assignee == "cy"
