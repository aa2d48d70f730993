"""Compensation and the cancelling of transactions."""

from __future__ import annotations

from tests.engine.core.story import Story
from tests.engine.core.test_events import ERROR, MESSAGE, NAMES, boundary, sub
from tests.engine.core.test_loops import many
from tests.engine.core.test_variables import io, put
from tests.engine.definitions.diagrams import event, flows, node, process


def undoable(name: str, handler: str, tag: str = "userTask", body: str = "") -> str:
    """An activity with a compensation handler that is a user task."""
    attached = boundary(f"{name}_c", name, event("compensate"))
    association = (
        f'<bpmn:association id="{name}_as" sourceRef="{name}_c" targetRef="{handler}" associationDirection="One" />'
    )
    return node(tag, name, body) + attached + node("userTask", handler, more='isForCompensation="true"') + association


def throw(ref: str = "", tag: str = "intermediateThrowEvent", name: str = "undo") -> str:
    return node(tag, name, event("compensate", more=f'activityRef="{ref}"' if ref else ""))


def test_what_was_completed_is_undone_last_first(story: Story) -> None:
    # Given two completed activities with handlers and one without completion
    parts = undoable("a", "undo_a"), undoable("b", "undo_b"), undoable("c", "undo_c"), node("userTask", "z")
    story.deploy(process(node("startEvent", "s"), *parts, throw(), flows("s a b undo z", "s c")))
    story.start()
    story.complete("a")
    story.complete("b")
    # Then the handlers run one after the other, the last completed first, and the throw goes on after them
    assert story.open == ["c", "undo_b"]
    story.complete("undo_b")
    assert story.open == ["c", "undo_a"]
    story.complete("undo_a")
    assert story.open == ["c", "z"]


def test_one_activity_can_be_named(story: Story) -> None:
    parts = undoable("a", "undo_a"), undoable("b", "undo_b"), node("userTask", "z")
    story.deploy(process(node("startEvent", "s"), *parts, throw("a"), flows("s a b undo z")))
    story.start()
    story.complete("a")
    story.complete("b")
    assert story.open == ["undo_a"]
    story.complete("undo_a")
    assert story.open == ["z"]


def test_nothing_to_undo_goes_on_at_once(story: Story) -> None:
    story.deploy(
        process(node("startEvent", "s"), undoable("a", "undo_a"), throw(), node("userTask", "z"), flows("s undo z a"))
    )
    story.start()
    assert story.open == ["z"]


def test_activities_of_a_completed_subprocess_are_undone_with_the_variables_they_saw(story: Story) -> None:
    inner = node("startEvent", "s2") + undoable("a", "undo_a") + flows("s2 a")
    body = sub("sub", io(put("input", "lot", "${no}")), inner)
    story.deploy(process(node("startEvent", "s"), body, throw(), node("userTask", "z"), flows("s sub undo z")))
    story.start(no="L1")
    story.complete("a")
    assert story.open == ["undo_a"]
    assert story.execution.variables(story.token("undo_a"))["lot"] == "L1"
    story.complete("undo_a", done=1)
    assert story.open == ["z"]
    assert story["done"] == 1


def test_a_compensation_event_subprocess_undoes_its_subprocess(story: Story) -> None:
    start = node("startEvent", "v_s", event("compensate"))
    handler = sub(
        "v",
        start,
        node("userTask", "h"),
        throw("", "endEvent", "inner"),
        flows("v_s h inner"),
        more='triggeredByEvent="true"',
    )
    body = sub("sub", node("startEvent", "s2"), undoable("a", "undo_a"), handler, flows("s2 a"))
    story.deploy(process(node("startEvent", "s"), body, throw(), node("userTask", "z"), flows("s sub undo z")))
    story.start()
    story.complete("a")
    assert story.open == ["h"]
    story.complete("h")
    assert story.open == ["undo_a"]
    story.complete("undo_a")
    assert story.open == ["z"]


def test_each_item_is_undone(story: Story) -> None:
    parts = undoable("a", "undo_a", body=many()), node("userTask", "z")
    story.deploy(process(node("startEvent", "s"), *parts, throw(), flows("s a undo z")))
    story.start(items=["x", "y"])
    story.complete("a")
    story.complete("a")
    seen = []
    for _ in range(2):
        seen.append(story.execution.variables(story.token("undo_a"))["item"])
        story.complete("undo_a")
    assert seen == ["y", "x"]
    assert story.open == ["z"]


def test_an_error_handler_may_undo(story: Story) -> None:
    end = node("endEvent", "bad", ERROR)
    handler = sub(
        "v", node("startEvent", "v_s", ERROR), throw("", "endEvent"), flows("v_s undo"), more='triggeredByEvent="true"'
    )
    story.deploy(NAMES, process(node("startEvent", "s"), undoable("a", "undo_a"), end, handler, flows("s a bad")))
    story.start()
    story.complete("a")
    assert story.open == ["undo_a"]
    story.complete("undo_a")
    assert story.ended == ("undo",)


def test_a_cancelled_transaction_undoes_and_leaves_by_its_boundary(story: Story) -> None:
    cancel = node("endEvent", "no", event("cancel"))
    inner = node("startEvent", "s2"), undoable("a", "undo_a"), undoable("b", "undo_b"), node("userTask", "w"), cancel
    body = sub("tx", *inner, flows("s2 a b no", "s2 w"), tag="transaction")
    parts = body, boundary("x", "tx", event("cancel")), node("userTask", "c"), node("userTask", "d")
    story.deploy(process(node("startEvent", "s"), *parts, flows("s tx d", "x c")))
    story.start()
    story.complete("a")
    story.complete("b")
    assert story.open == ["undo_b"]
    story.complete("undo_b")
    story.complete("undo_a")
    assert story.open == ["c"]


def test_an_interrupted_compensation_does_not_go_on(story: Story) -> None:
    inner = node("startEvent", "s2"), undoable("a", "undo_a"), throw(), flows("s2 a undo")
    parts = sub("sub", *inner), boundary("x", "sub", MESSAGE), node("userTask", "c")
    story.deploy(NAMES, process(node("startEvent", "s"), *parts, flows("s sub", "x c")))
    story.start()
    story.complete("a")
    assert story.tasks == ["undo_a"]
    story.message("x")
    assert story.open == ["c"]
