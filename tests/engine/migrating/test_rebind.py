"""A running instance goes on by another version: what stands where, what waits beside it, and what cannot be taken."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.errors import ModelError
from engine.runtime.core import Rebound
from engine.runtime.unit.occurrences import Subscribed, TaskClosed, TaskOpened, TimerSet
from tests.engine.core.story import MONDAY, Story
from tests.engine.core.test_events import CONDITION, MESSAGE, NAMES, beside, boundary, sub
from tests.engine.core.test_loops import many, out
from tests.engine.core.test_variables import io, put
from tests.engine.definitions.diagrams import event, flows, node, process, timer

START = node("startEvent", "s")


def task(name: str, more: str = "", inner: str = "") -> str:
    return node("userTask", name, inner, more)


def rebind(story: Story, *parts: str, **names: str) -> Rebound:
    """Deploy the parts as the next version and let the story go on by it."""
    story.reload()
    story.deploy(NAMES, *parts)
    assert story.execution.obstacles(story.world, names) == ()
    told = story.execution.rebind(story.world, names)
    story.settle()
    return told


def refused(story: Story, *parts: str, **names: str) -> list[tuple[str, str]]:
    """The obstacles to the next version; nothing is changed by asking or by trying."""
    story.reload()
    before = story.execution.snapshot()
    story.deploy(NAMES, *parts)
    found = [(each.element_id, each.code) for each in story.execution.obstacles(story.world, names)]
    with pytest.raises(ModelError):
        story.execution.rebind(story.world, names)
    assert story.execution.snapshot() == before
    return found


def test_a_task_goes_on_by_the_flows_of_the_new_version(story: Story) -> None:
    story.deploy(NAMES, process(START, task("a"), task("b"), flows("s a b")))
    story.start()
    rebind(story, process(START, task("a"), task("new"), task("b"), flows("s a new b")))
    assert story.open == ["a"]
    story.complete("a")
    assert story.open == ["new"]
    assert [each.cancelled for each in story.of(TaskClosed)] == [False]


def test_a_renamed_task_is_followed_and_one_that_is_offered_otherwise_is_told(story: Story) -> None:
    story.deploy(NAMES, process(START, task("a"), flows("s a")))
    story.start()
    told = rebind(story, process(START, task("z", 'camunda:candidateGroups="head"'), flows("s z")), a="z")
    assert [place.element_id for place in told.moved.values()] == ["z"]
    assert [offer.candidate_groups for offer in told.tasks] == [("head",)]
    assert len(story.of(TaskOpened)) == 1, "it is the same task"
    story.complete("z", x=1)
    assert (story["z"], story.ended) == ({"x": 1}, ())


def test_an_input_that_is_new_is_there_for_the_form(story: Story) -> None:
    story.deploy(NAMES, process(START, task("a"), flows("s a")))
    story.start(n=4)
    rebind(story, process(START, task("a", inner=io(put("input", "twice", "${n * 2}"))), flows("s a")))
    assert story.execution.variables(story.token("a"))["twice"] == 8


@pytest.mark.parametrize(
    ("after", "code"),
    [
        (process(START, task("b"), flows("s b")), "gone"),
        (process(START, node("receiveTask", "a", "", 'messageRef="M"'), flows("s a")), "kind"),
        (process(START, sub("in", START.replace("s", "s2", 0), task("a")), flows("s in")), "scope"),
        (process(START, task("a", inner=many()), flows("s a")), "loop"),
    ],
)
def test_a_task_that_has_no_place_is_an_obstacle(story: Story, after: str, code: str) -> None:
    story.deploy(NAMES, process(START, task("a"), flows("s a")))
    story.start()
    assert refused(story, after) == [("a", code)]


def waiting_for(definition: str) -> str:
    return process(START, node("intermediateCatchEvent", "w", definition), task("b"), flows("s w b"))


def test_a_message_keeps_waiting_and_one_of_another_name_is_waited_for_anew(story: Story) -> None:
    story.deploy(NAMES, waiting_for(MESSAGE))
    story.start()
    rebind(story, waiting_for(MESSAGE), other())
    assert len(story.of(Subscribed)) == 1
    rebind(story, '<bpmn:message id="N" name="other" />', waiting_for(event("message", more='messageRef="N"')))
    assert [each.name for each in story.of(Subscribed)] == ["news", "other"]
    story.message("w")
    assert story.open == ["b"]


def other() -> str:
    """Something else in the file, which makes it another version that says the same."""
    return process(START, task("q"), flows("s q"), id="other")


def test_a_timer_keeps_its_moment_and_one_that_is_changed_counts_from_when_it_began(story: Story) -> None:
    story.deploy(NAMES, waiting_for(timer("PT8H")))
    story.start()
    story.wait(hours=2)
    rebind(story, waiting_for(timer("PT8H")), other())
    assert [each.due for each in story.of(TimerSet)] == [MONDAY + timedelta(hours=8)]
    rebind(story, waiting_for(timer("PT3H")))
    assert [wait.due for wait in story.waits("timer")] == [MONDAY + timedelta(hours=3)]
    story.wait(hours=1)
    assert story.open == ["b"]


def test_a_boundary_that_is_gone_waits_no_more_and_a_new_one_waits_from_now(story: Story) -> None:
    with_message = process(START, task("a"), boundary("x", "a", MESSAGE), task("c"), flows("s a", "x c"))
    with_timer = process(START, task("a"), boundary("t", "a", timer("PT1H")), task("c"), flows("s a", "t c"))
    story.deploy(NAMES, with_message)
    story.start()
    story.wait(hours=5)
    rebind(story, with_timer)
    assert story.open == ["a", "timer:t"]
    story.wait(minutes=61)
    assert story.open == ["c"]


def test_a_boundary_that_has_fired_for_the_last_time_does_not_wait_again(story: Story) -> None:
    parts = START, task("a"), boundary("t", "a", timer("PT1H"), interrupting=False), task("c"), flows("s a", "t c")
    story.deploy(NAMES, process(*parts))
    story.start()
    story.wait(hours=2)
    rebind(story, process(*parts), other())
    assert story.open == ["a", "c"]


def test_a_cycle_goes_on_with_the_rounds_that_are_left(story: Story) -> None:
    cycle = boundary("t", "a", timer("R3/PT1H", "timeCycle"), interrupting=False)
    parts = START, task("a"), cycle, task("c"), flows("s a", "t c")
    story.deploy(NAMES, process(*parts))
    story.start()
    story.wait(minutes=61)
    rebind(story, process(*parts), other())
    story.wait(hours=9)
    assert story.open == ["a", "c", "c", "c"]


def gateway(*events: str) -> str:
    tasks = [task(f"t_{name}") for name in events]
    drawn = {"m": MESSAGE, "t": timer("PT1H"), "k": timer("PT2H")}
    caught = [node("intermediateCatchEvent", name, drawn[name]) for name in events]
    ways = flows("s g", *(f"g {name} t_{name}" for name in events))
    return process(START, node("eventBasedGateway", "g"), *caught, *tasks, ways)


def test_an_event_gateway_waits_for_what_follows_it_now(story: Story) -> None:
    story.deploy(NAMES, gateway("m", "t"))
    story.start()
    rebind(story, gateway("m", "k"))
    assert story.open == ["message:m", "timer:k"]
    story.message("m")
    assert story.open == ["t_m"]


@pytest.mark.parametrize("sequential", [False, True])
def test_items_go_on_and_their_results_are_kept(story: Story, sequential: bool) -> None:
    inner = out("answers", "${answer}") + many(sequential)
    story.deploy(NAMES, process(START, task("a", inner=inner), task("b"), flows("s a b")))
    story.start(items=["x", "y"])
    story.complete("a", answer="one")
    rebind(story, process(START, task("a", inner=inner), task("new"), flows("s a new")))
    story.complete("a", answer="two")
    assert (story["answers"], story.open) == (["one", "two"], ["new"])


def test_a_loop_that_collects_otherwise_is_an_obstacle(story: Story) -> None:
    story.deploy(NAMES, process(START, task("a", inner=many()), flows("s a")))
    story.start(items=["x", "y"])
    assert refused(story, process(START, task("a", inner=many(sequential=True)), flows("s a"))) == [("a", "loop")]


def test_inside_subprocesses_and_event_subprocesses(story: Story) -> None:
    def version(last: str) -> str:
        inner = node("startEvent", "s2"), task("a"), task(last), beside("ev", MESSAGE, False, "e")
        return process(START, sub("sub", *inner, flows(f"s2 a {last}")), flows("s sub"))

    story.deploy(NAMES, version("b"))
    story.start()
    story.message("ev_s")
    assert story.open == ["a", "e", "message:ev_s"]
    rebind(story, version("new"))
    assert story.open == ["a", "e", "message:ev_s"]
    story.complete("a")
    story.complete("new")
    story.complete("e")
    assert story.ended == ()


def test_an_event_subprocess_that_is_new_is_listened_to(story: Story) -> None:
    story.deploy(NAMES, process(START, task("a"), flows("s a")))
    story.start()
    rebind(story, process(START, task("a"), beside("ev", MESSAGE, True, "e"), flows("s a")))
    story.message("ev_s")
    assert story.open == ["e"]


def test_a_renamed_subprocess_takes_what_is_in_it_along(story: Story) -> None:
    def version(name: str) -> str:
        inner = node("startEvent", "s2"), task("a"), flows("s2 a")
        return process(START, sub(name, *inner), task("b"), flows(f"s {name} b"))

    story.deploy(NAMES, version("sub"))
    story.start()
    rebind(story, version("other"), sub="other")
    story.complete("a")
    assert story.open == ["b"]


def calling(*after: str) -> str:
    path = " ".join(("s c", *after))
    return process(START, node("callActivity", "c", "", 'calledElement="q"'), *map(task, after), flows(path))


def test_a_called_process_goes_to_the_version_of_the_new_set(story: Story) -> None:
    story.deploy(NAMES, calling("b"), process(START, task("a"), flows("s a"), id="q"))
    story.start()
    rebind(story, calling("b"), process(START, task("a"), task("a2"), flows("s a a2"), id="q"))
    story.complete("a")
    story.complete("a2")
    assert story.open == ["b"]


def test_what_waits_in_a_called_process_may_be_the_obstacle(story: Story) -> None:
    story.deploy(NAMES, calling("b"), process(START, task("a"), flows("s a"), id="q"))
    story.start()
    assert refused(story, calling("b"), process(START, task("z"), flows("s z"), id="q")) == [("a", "gone")]
    away = process(START, node("callActivity", "c", "", 'calledElement="r"'), flows("s c"))
    assert refused(story, away, process(START, task("z"), flows("s z"), id="r")) == [("c", "called")]


def fork(*branches: str, join: str = "parallelGateway") -> str:
    ways = flows("s f", *(f"f {name} j" for name in branches), "j end")
    inner = node(join, "f"), *map(task, branches), node(join, "j"), task("end")
    return process(START, *inner, ways)


def test_tokens_at_a_join_are_counted_on(story: Story) -> None:
    story.deploy(NAMES, fork("a", "b"))
    story.start()
    story.complete("a")
    rebind(story, fork("a", "b"), other())
    story.complete("b")
    assert story.open == ["end"]


def test_a_join_that_waits_for_less_now_goes_on(story: Story) -> None:
    story.deploy(NAMES, fork("a", "b", "c"))
    story.start()
    story.complete("a")
    story.complete("b")
    told = process(START, node("parallelGateway", "f"), *map(task, "abc"), node("parallelGateway", "j"), task("end"),
                   flows("s f", "f a j", "f b j", "f c", "j end"))  # fmt: skip
    rebind(story, told)
    assert story.open == ["c", "end"]


def test_a_flow_into_a_join_that_is_gone_is_an_obstacle(story: Story) -> None:
    story.deploy(NAMES, fork("a", "b"))
    story.start()
    story.complete("a")
    assert refused(story, fork("b", "c")) == [("j", "join")]


def test_an_inclusive_join_asks_the_new_version_what_can_come(story: Story) -> None:
    story.deploy(NAMES, fork("a", "b", join="inclusiveGateway"))
    story.start()
    story.complete("a")
    rebind(story, fork("a", "b", join="inclusiveGateway"), other())
    assert story.open == ["b"]
    story.complete("b")
    assert story.open == ["end"]


def test_a_conditional_event_looks_with_the_new_condition(story: Story) -> None:
    story.deploy(NAMES, waiting_for(CONDITION))
    story.start(n=3)
    rebind(story, waiting_for(event("conditional", "<bpmn:condition>${n &gt; 2}</bpmn:condition>")))
    assert story.open == ["b"]


def test_an_external_task_keeps_its_worker_unless_its_topic_is_another(story: Story) -> None:
    def version(topic: str, name: str = "e") -> str:
        outside = node("serviceTask", name, "", f'camunda:type="external" camunda:topic="{topic}"')
        return process(START, outside, task("b"), flows(f"s {name} b"))

    story.deploy(NAMES, version("scan"))
    story.start()
    assert refused(story, version("weigh")) == [("e", "topic")]
    rebind(story, version("scan", "e2"), e="e2")
    story.complete("e2", size=3)
    assert (story["size"], story.open) == (3, ["b"])


def test_what_failed_is_tried_again_by_the_version_that_mends_it(story: Story) -> None:
    def version(text: str) -> str:
        inner = f"<bpmn:script>{text}</bpmn:script>"
        script = node("scriptTask", "sum", inner, 'scriptFormat="feel" camunda:resultVariable="total"')
        return process(START, script, task("b"), flows("s sum b"))

    story.deploy(NAMES, version("n + nothing"))
    story.start(n=1)
    assert story.incidents == ["sum"]
    rebind(story, version("n + 1"))
    assert story.incidents == ["sum"]
    story.retry("sum")
    assert (story["total"], story.open) == (2, ["b"])


def compensated(handler: str) -> str:
    link = f'<bpmn:association id="as" sourceRef="cb" targetRef="{handler}" associationDirection="One" />'
    parts = task("a"), boundary("cb", "a", event("compensate")), task("b"), task(handler, 'isForCompensation="true"')
    return process(START, *parts, node("endEvent", "undo", event("compensate")), flows("s a b undo"), link)


def test_what_can_be_undone_can_be_undone_afterwards(story: Story) -> None:
    story.deploy(NAMES, compensated("h"))
    story.start()
    story.complete("a")
    assert refused(story, compensated("h2")) == [("a", "compensation")]
    rebind(story, compensated("h2"), h="h2")
    story.complete("b")
    assert story.open == ["h2"]
