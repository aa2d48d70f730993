"""Boundary events, event subprocesses, errors, escalations, signals, messages, conditions, terminate."""

from __future__ import annotations

import pytest

from engine.definitions.reader import read_bpmn
from engine.errors import ModelError
from engine.runtime.core import compile_program
from engine.runtime.unit.occurrences import ElementCancelled, MessageThrown, SignalThrown, Subscribed, TaskClosed
from tests.engine.core.story import Story
from tests.engine.core.test_variables import io, put
from tests.engine.definitions.diagrams import definitions, event, extensions, flows, node, process, properties

NAMES = (
    '<bpmn:message id="M" name="news" /><bpmn:signal id="S" name="alarm" />'
    '<bpmn:error id="E" name="bad" errorCode="BAD" /><bpmn:error id="E2" name="worse" errorCode="WORSE" />'
    '<bpmn:escalation id="X" name="up" escalationCode="UP" />'
)
MESSAGE, SIGNAL = event("message", more='messageRef="M"'), event("signal", more='signalRef="S"')
ERROR, ESCALATION = event("error", more='errorRef="E"'), event("escalation", more='escalationRef="X"')
CONDITION = event("conditional", "<bpmn:condition>${n &gt; 5}</bpmn:condition>")


def boundary(name: str, host: str, definition: str, interrupting: bool = True, extra: str = "") -> str:
    return node(
        "boundaryEvent",
        name,
        extra + definition,
        f'attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}"',
    )


def with_boundary(definition: str, interrupting: bool = True, extra: str = "") -> str:
    tasks = node("userTask", "a"), node("userTask", "b"), node("userTask", "c")
    return process(
        node("startEvent", "s"), *tasks, boundary("x", "a", definition, interrupting, extra), flows("s a b", "x c")
    )


def sub(name: str, *parts: str, tag: str = "subProcess", more: str = "") -> str:
    return node(tag, name, "".join(parts), more)


def beside(name: str, definition: str, interrupting: bool, task: str) -> str:
    """An event subprocess with one task."""
    start = node("startEvent", f"{name}_s", definition, f'isInterrupting="{str(interrupting).lower()}"')
    return sub(name, start, node("userTask", task), flows(f"{name}_s {task}"), more='triggeredByEvent="true"')


def test_an_interrupting_boundary_takes_the_place_of_its_task(story: Story) -> None:
    story.deploy(NAMES, with_boundary(MESSAGE))
    story.start()
    story.message("x")
    assert story.open == ["c"]
    assert [each.cancelled for each in story.of(TaskClosed)] == [True]
    assert [(each.at.element_id, each.by) for each in story.of(ElementCancelled)] == [("a", "x")]


def test_a_non_interrupting_boundary_fires_any_number_of_times_and_outlives_its_task(story: Story) -> None:
    story.deploy(NAMES, with_boundary(MESSAGE, interrupting=False))
    story.start()
    for _ in range(3):
        story.message("x")
    assert story.open == ["a", "c", "c", "c", "message:x"]
    story.complete("a")
    assert story.open == ["b", "c", "c", "c"]


def test_a_token_that_does_not_wait_any_more_is_told_so(story: Story) -> None:
    story.deploy(NAMES, with_boundary(MESSAGE))
    story.start()
    token = story.token("x", ("message",))
    story.complete("a")
    assert story.execution.fire(token) is False
    assert story.open == ["b"]


def test_a_payload_enters_by_mapping_only(story: Story) -> None:
    mapping = io(put("output", "when", "${payload.date}"))
    story.deploy(NAMES, with_boundary(MESSAGE, extra=mapping))
    story.start()
    story.message("x", date="tomorrow", secret=1)
    assert story["when"] == "tomorrow"
    assert "secret" not in story.execution.variables()
    assert "payload" not in story.execution.variables()


def test_a_payload_with_a_form_is_written_like_a_form(story: Story) -> None:
    form = extensions('<camunda:formData><camunda:formField id="date" type="string" /></camunda:formData>')
    story.deploy(NAMES, with_boundary(MESSAGE, interrupting=False, extra=form))
    story.start()
    story.message("x", date="tomorrow", secret=1)
    assert story["date"] == "tomorrow"
    assert story["x"] == {"date": "tomorrow", "secret": 1}
    assert "secret" not in story.execution.variables()


def test_a_subscription_tells_name_correlation_and_senders(story: Story) -> None:
    given = extensions(properties(correlation="${lot}", senders="gate, user:owner, ${lines}"))
    story.deploy(NAMES, with_boundary(MESSAGE, extra=given))
    story.start(lot="L7", owner="li", lines=["a", "b"])
    told: Subscribed = story.of(Subscribed)[0]
    assert (told.kind, told.name, told.correlation) == ("message", "news", "L7")
    assert told.senders == ("gate", "user:li", "a", "b")


def test_the_own_number_is_the_usual_correlation(story: Story) -> None:
    story.deploy(NAMES, with_boundary(MESSAGE))
    story.start(names={"number": "ISS-1"})
    assert story.of(Subscribed)[0].correlation == "ISS-1"


@pytest.mark.parametrize("definition", [MESSAGE, SIGNAL])
def test_a_boundary_on_a_subprocess_takes_everything_in_it(story: Story, definition: str) -> None:
    inner = sub("inner", node("startEvent", "s3"), node("userTask", "a"), flows("s3 a"))
    outer = sub("outer", node("startEvent", "s2"), inner, node("userTask", "b"), flows("s2 inner", "s2 b"))
    story.deploy(
        NAMES,
        process(
            node("startEvent", "s"),
            outer,
            boundary("x", "outer", definition),
            node("userTask", "c"),
            flows("s outer", "x c"),
        ),
    )
    story.start()
    assert story.tasks == ["a", "b"]
    story.message("x")
    assert story.open == ["c"]


@pytest.mark.parametrize("interrupting", [True, False])
@pytest.mark.parametrize("definition", [MESSAGE, SIGNAL, CONDITION])
def test_an_event_subprocess_of_the_process(story: Story, definition: str, interrupting: bool) -> None:
    # Given a process with an event subprocess
    parts = node("startEvent", "s"), node("userTask", "a"), beside("v", definition, interrupting, "h"), flows("s a")
    story.deploy(NAMES, process(*parts))
    story.start(n=0)
    assert story.tasks == ["a"]
    # When its event occurs
    for _ in range(1 if interrupting else 2):
        if definition is CONDITION:
            story.set(n=9)
            story.set(n=0)
        else:
            story.message("v_s")
    # Then it takes the place of the process, or runs beside as often as it comes
    assert story.tasks == (["h"] if interrupting else ["a", "h", "h"])
    for name in story.tasks:
        story.complete(name)
    assert story.ended == ()


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_event_subprocess_in_a_subprocess_and_in_a_called_process(story: Story, interrupting: bool) -> None:
    inner = node("startEvent", "s2"), node("userTask", "a"), beside("v", MESSAGE, interrupting, "h"), flows("s2 a")
    story.deploy(NAMES, process(node("startEvent", "s"), sub("sub", *inner), node("userTask", "b"), flows("s sub b")))
    story.start()
    story.message("v_s")
    assert story.tasks == (["h"] if interrupting else ["a", "h"])
    for name in story.tasks:
        story.complete(name)
    assert story.open == ["b"]
    called = process(*inner, id="called")
    caller = process(
        node("startEvent", "s"),
        node("callActivity", "call", more='calledElement="called"'),
        node("userTask", "b"),
        flows("s call b"),
    )
    story.deploy(NAMES, called, caller)
    story.start()
    story.message("v_s")
    assert story.tasks == (["h"] if interrupting else ["a", "h"])
    for name in story.tasks:
        story.complete(name)
    assert story.open == ["b"]


def test_an_event_subprocess_with_a_timer_does_not_keep_the_process_open(story: Story) -> None:
    timed = event("timer", "<bpmn:timeDuration>PT4H</bpmn:timeDuration>")
    story.deploy(process(node("startEvent", "s"), node("userTask", "a"), beside("v", timed, True, "h"), flows("s a")))
    story.start()
    story.complete("a")
    assert story.ended == ()
    story.start()
    story.wait(hours=4)
    assert story.open == ["h"]


def test_an_interrupting_event_subprocess_takes_tokens_at_joins_too(story: Story) -> None:
    parts = node("startEvent", "s"), node("task", "a"), node("userTask", "b"), node("parallelGateway", "j")
    story.deploy(NAMES, process(*parts, beside("v", MESSAGE, True, "h"), flows("s a j", "s b j")))
    story.start()
    story.message("v_s")
    story.complete("h")
    assert story.ended == ()


def failing(code: str = "E") -> str:
    """A subprocess that ends in an error."""
    end = node("endEvent", "bad", event("error", more=f'errorRef="{code}"'))
    return sub("sub", node("startEvent", "s2"), node("userTask", "a"), end, flows("s2 a bad"))


def test_an_error_end_reaches_the_boundary_of_its_subprocess(story: Story) -> None:
    caught = boundary("x", "sub", ERROR, extra=io(put("output", "code", "${payload.code}")))
    story.deploy(
        NAMES, process(node("startEvent", "s"), failing(), caught, node("userTask", "c"), flows("s sub", "x c"))
    )
    story.start()
    story.complete("a")
    assert story.open == ["c"]
    assert story["code"] == "BAD"


def test_an_exact_code_goes_before_a_handler_of_all(story: Story) -> None:
    every, exact = boundary("every", "sub", event("error")), boundary("exact", "sub", ERROR)
    tasks = node("userTask", "c"), node("userTask", "d")
    story.deploy(
        NAMES, process(node("startEvent", "s"), failing(), every, exact, *tasks, flows("s sub", "every c", "exact d"))
    )
    story.start()
    story.complete("a")
    assert story.open == ["d"]
    story.deploy(
        NAMES,
        process(node("startEvent", "s"), failing("E2"), every, exact, *tasks, flows("s sub", "every c", "exact d")),
    )
    story.start()
    story.complete("a")
    assert story.open == ["c"]


def test_an_error_climbs_out_of_a_called_process(story: Story) -> None:
    end = node("endEvent", "bad", ERROR)
    called = process(node("startEvent", "s2"), node("userTask", "a"), end, flows("s2 a bad"), id="called")
    call = node("callActivity", "call", more='calledElement="called"')
    story.deploy(
        NAMES,
        called,
        process(
            node("startEvent", "s"), call, boundary("x", "call", ERROR), node("userTask", "c"), flows("s call", "x c")
        ),
    )
    story.start()
    story.complete("a")
    assert story.open == ["c"]


def test_an_error_event_subprocess_goes_before_the_boundary_around_it(story: Story) -> None:
    end = node("endEvent", "bad", ERROR)
    inner = node("startEvent", "s2"), node("userTask", "a"), node("userTask", "w"), end, beside("v", ERROR, True, "h")
    body = sub("sub", *inner, flows("s2 a bad", "s2 w"))
    story.deploy(
        NAMES,
        process(
            node("startEvent", "s"),
            body,
            boundary("x", "sub", ERROR),
            node("userTask", "c"),
            node("userTask", "d"),
            flows("s sub d", "x c"),
        ),
    )
    story.start()
    story.complete("a")
    assert story.open == ["h"]
    story.complete("h")
    assert story.open == ["d"]


def test_what_an_error_handler_throws_is_not_caught_by_its_own_scope(story: Story) -> None:
    handler = sub(
        "v",
        node("startEvent", "vs", ERROR),
        node("endEvent", "again", ERROR),
        flows("vs again"),
        more='triggeredByEvent="true"',
    )
    body = sub("sub", node("startEvent", "s2"), node("endEvent", "bad", ERROR), handler, flows("s2 bad"))
    story.deploy(
        NAMES,
        process(
            node("startEvent", "s"), body, boundary("x", "sub", ERROR), node("userTask", "c"), flows("s sub", "x c")
        ),
    )
    story.start()
    assert story.open == ["c"]


def test_an_error_that_nothing_handles_is_an_incident_and_nothing_is_lost(story: Story) -> None:
    story.deploy(NAMES, process(node("startEvent", "s"), node("userTask", "w"), failing(), flows("s sub", "s w")))
    story.start()
    story.complete("a")
    assert story.incidents == ["bad"]
    assert story.tasks == ["w"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_reaches_its_boundary(story: Story, interrupting: bool) -> None:
    throw = node("intermediateThrowEvent", "t", ESCALATION)
    body = sub("sub", node("startEvent", "s2"), throw, node("userTask", "a"), flows("s2 t a"))
    caught = boundary("x", "sub", ESCALATION, interrupting)
    story.deploy(NAMES, process(node("startEvent", "s"), body, caught, node("userTask", "c"), flows("s sub", "x c")))
    story.start()
    assert story.open == (["c"] if interrupting else ["a", "c"])


def test_an_escalation_that_nothing_catches_has_no_effect(story: Story) -> None:
    throw = node("intermediateThrowEvent", "t", ESCALATION)
    story.deploy(NAMES, process(node("startEvent", "s"), throw, node("userTask", "a"), flows("s t a")))
    story.start()
    assert story.open == ["a"]


def test_an_escalation_end_starts_an_event_subprocess_beside(story: Story) -> None:
    end = node("endEvent", "e", ESCALATION)
    story.deploy(
        NAMES,
        process(
            node("startEvent", "s"),
            node("userTask", "a"),
            end,
            beside("v", ESCALATION, False, "h"),
            flows("s e", "s a"),
        ),
    )
    story.start()
    assert story.open == ["a", "h"]


def test_messages_and_signals_are_thrown_outside(story: Story) -> None:
    given = extensions(
        "<camunda:inputOutput>" + put("input", "qty", "${n}") + "</camunda:inputOutput>",
        properties(businessKey="${other}", correlation="L7"),
    )
    throw = node("intermediateThrowEvent", "t", given + MESSAGE), node("endEvent", "e", SIGNAL)
    story.deploy(NAMES, process(node("startEvent", "s"), *throw, flows("s t e")))
    story.start(n=4, other="WT9")
    assert story.messages == [("news", "WT9", {"qty": 4})]
    assert story.of(MessageThrown)[0].correlation == "L7"
    assert [each.name for each in story.of(SignalThrown)] == ["alarm"]
    assert story.ended == ("e",)


def test_a_send_task_throws_and_a_receive_task_waits(story: Story) -> None:
    tasks = node("sendTask", "t", more='messageRef="M"'), node("receiveTask", "r", more='messageRef="M"')
    story.deploy(NAMES, process(node("startEvent", "s"), *tasks, node("userTask", "a"), flows("s t r a")))
    story.start()
    assert story.messages == [("news", "WT1", {})]
    assert story.open == ["message:r"]
    story.message("r")
    assert story.open == ["a"]


def test_a_conditional_catch_goes_on_when_its_condition_becomes_true(story: Story) -> None:
    catch = node("intermediateCatchEvent", "c", CONDITION)
    story.deploy(
        process(node("startEvent", "s"), catch, node("userTask", "a"), node("userTask", "b"), flows("s c a", "s b"))
    )
    story.start()
    assert story.open == ["b", "condition:c"]
    story.complete("b", n=9)
    assert story.open == ["a"]


def test_a_condition_fires_on_false_to_true_only(story: Story) -> None:
    story.deploy(with_boundary(CONDITION, interrupting=False))
    story.start(n=0)
    for n, fired in ((9, 1), (10, 1), (0, 1), (7, 2)):
        story.set(n=n)
        assert story.tasks.count("c") == fired


def test_a_terminate_end_ends_its_scope_at_once(story: Story) -> None:
    end = node("endEvent", "e", event("terminate"))
    body = sub(
        "sub", node("startEvent", "s2"), node("userTask", "a"), node("userTask", "b"), end, flows("s2 a e", "s2 b")
    )
    story.deploy(
        process(
            node("startEvent", "s"),
            body,
            node("userTask", "c"),
            node("endEvent", "done", event("terminate")),
            node("userTask", "w"),
            flows("s sub c done", "s w"),
        )
    )
    story.start()
    story.complete("a")
    assert story.open == ["c", "w"]
    story.complete("c")
    assert story.ended == ("done",)


def test_all_of_a_parallel_multiple_event_must_come(story: Story) -> None:
    catch = node("intermediateCatchEvent", "m", MESSAGE + SIGNAL, 'parallelMultiple="true"')
    story.deploy(NAMES, process(node("startEvent", "s"), catch, node("userTask", "a"), flows("s m a")))
    story.start()
    assert story.open == ["message:m", "signal:m"]
    story.message("m")
    assert len(story.open) == 1
    story.message("m")
    assert story.open == ["a"]


def test_one_of_a_multiple_event_is_enough(story: Story) -> None:
    catch = node("intermediateCatchEvent", "m", MESSAGE + SIGNAL)
    story.deploy(NAMES, process(node("startEvent", "s"), catch, node("userTask", "a"), flows("s m a")))
    story.start()
    story.message("m")
    assert story.open == ["a"]


def test_the_ends_of_the_top_process_tell_how_it_ended(story: Story) -> None:
    handler = sub(
        "v",
        node("startEvent", "vs", MESSAGE),
        node("endEvent", "stopped"),
        flows("vs stopped"),
        more='triggeredByEvent="true"',
    )
    body = sub("sub", node("startEvent", "s2"), node("userTask", "a"), node("endEvent", "inner"), flows("s2 a inner"))
    definition = process(node("startEvent", "s"), body, node("endEvent", "e"), handler, flows("s sub e"))
    story.deploy(NAMES, definition)
    story.start()
    story.complete("a")
    assert story.ended == ("e",)
    story.start()
    story.message("vs")
    assert story.ended == ("stopped",)


def test_a_message_start_takes_its_payload_by_mapping(story: Story) -> None:
    start = node("startEvent", "m", io(put("output", "no", "${payload.number}")) + MESSAGE)
    story.deploy(NAMES, process(start, node("userTask", "a"), flows("m a")))
    story.start(number="PO-1", other=2)
    assert story["no"] == "PO-1"
    assert "other" not in story.execution.variables()


def test_a_start_form_is_written_by_field_and_as_a_whole(story: Story) -> None:
    form = extensions('<camunda:formData><camunda:formField id="qty" type="number" /></camunda:formData>')
    story.deploy(process(node("startEvent", "s", form), node("userTask", "a"), flows("s a")))
    story.start(qty=5)
    assert (story["qty"], story["s"]) == (5, {"qty": 5})


def test_an_event_gateway_that_leads_to_one_event_twice_is_refused() -> None:
    parts = node("startEvent", "s"), node("eventBasedGateway", "g"), node("intermediateCatchEvent", "c", MESSAGE)
    twice = '<bpmn:sequenceFlow id="again" sourceRef="g" targetRef="c" />'
    file, _ = read_bpmn(definitions(NAMES, process(*parts, flows("s g c"), twice)), "twice.bpmn")
    with pytest.raises(ModelError, match="each event once"):
        compile_program(file.processes[0])
