"""The token model itself: errors, escalations, event subprocesses, compensation, as the standard's text has them."""

from __future__ import annotations

from tests.engine.token_model.diagram import Condition, Diagram, Node
from tests.engine.token_model.model import Model
from tests.engine.token_model.test_model import do, drawn, waiting


def aside(diagram: Diagram, name: str, task: str, trigger: Node, *, last: str = "end") -> None:
    """An event subprocess in which a task follows the start."""
    body = drawn({f"{name}_s": "trigger", task: "user", f"{name}_e": last}, f"{name}_s {task} {name}_e")
    trigger.id, trigger.kind = f"{name}_s", "trigger"
    body.nodes[trigger.id] = trigger
    diagram.nodes[name] = Node(name, "aside", body=body)


def undoable(diagram: Diagram, name: str) -> None:
    """A handler at an activity."""
    diagram.nodes[f"undo_{name}"] = Node(f"undo_{name}", "user", undoing=True)
    diagram.nodes[f"{name}_c"] = Node(f"{name}_c", "boundary", event="compensate", host=name, handler=f"undo_{name}")


def within(body: Diagram, **given: object) -> Diagram:
    """A process of one subprocess with this inside, and a task after it."""
    diagram = drawn({"s": "start", "sub": "sub", "z": "user"}, "s sub z")
    diagram.nodes["sub"] = Node("sub", "sub", body=body, **given)  # type: ignore[arg-type]
    return diagram


def test_an_error_ends_its_scope_and_goes_on_at_the_nearest_handler_of_its_code() -> None:
    # §10.5.7: outward from where it is thrown; a handler of just this code goes before one of all
    body = drawn({"is": "start", "a": "user", "b": "user", "bad": "end error"}, "is a bad", "is b")
    body.nodes["bad"].code = "E1"
    diagram = within(body)
    for name, code in (("any", ""), ("one", "E1"), ("two", "E2")):
        diagram.nodes[name] = Node(name, "boundary", event="error", code=code, host="sub")
        diagram.nodes[f"after_{name}"] = Node(f"after_{name}", "user")
        diagram.flows |= drawn({}, f"{name} after_{name}").flows
    model = Model(diagram, {})
    do(model, "a")
    assert waiting(model) == {"after_one": 1}
    # and an event subprocess of the scope itself is nearer
    aside(body, "v", "h", Node("", "", event="error"))
    model = Model(diagram, {})
    do(model, "a")
    assert waiting(model) == {"h": 1}
    do(model, "h")
    assert waiting(model) == {"z": 1}


def test_an_escalation_goes_on_unless_its_handler_interrupts() -> None:
    body = drawn({"is": "start", "a": "user", "up": "throw escalation", "b": "user"}, "is a up b")
    body.nodes["up"].code = "E1"
    diagram = within(body)
    diagram.nodes["x"] = Node("x", "boundary", event="escalation", host="sub", interrupting=False)
    diagram.nodes["w"] = Node("w", "user")
    diagram.flows |= drawn({}, "x w").flows
    model = Model(diagram, {})
    do(model, "a")
    assert waiting(model) == {"b": 1, "w": 1}
    diagram.nodes["x"].interrupting = True
    model = Model(diagram, {})
    do(model, "a")
    assert waiting(model) == {"w": 1}


def test_an_interrupting_event_subprocess_takes_the_place_of_its_scope_and_no_other_begins_then() -> None:
    body = drawn({"is": "start", "a": "user"}, "is a")
    aside(body, "v", "h", Node("", "", event="message"))
    aside(body, "w", "i", Node("", "", event="signal", interrupting=False))
    model = Model(within(body), {})
    do(model, "w_s")
    do(model, "w_s")
    assert waiting(model) == {"a": 1, "i": 2, "v_s": 1, "w_s": 1}
    do(model, "v_s")
    assert waiting(model) == {"h": 1}
    do(model, "h")
    assert waiting(model) == {"z": 1}


def test_a_condition_occurs_when_it_becomes_true_and_again_only_after_it_was_false() -> None:
    diagram = drawn({"s": "start", "a": "user", "h": "user", "b": "user"}, "s a", "s b", "x h")
    condition = Condition("n", ">=", 1)
    diagram.nodes["x"] = Node(
        "x", "boundary", event="condition", condition=condition, host="a", interrupting=False
    )  # fmt: skip
    diagram.flows |= drawn({}, "b b").flows
    model = Model(diagram, {"n": 0})
    for value, times in ((1, 1), (2, 1), (0, 1), (1, 2)):
        do(model, "b", n=value)
        assert waiting(model).get("h", 0) == times


def test_what_was_completed_is_undone_once_and_the_last_first() -> None:
    nodes = {"s": "start", "a": "user", "b": "user", "u": "throw compensate", "c": "user", "v": "throw compensate"}
    diagram = drawn({**nodes, "z": "user"}, "s a b u c v z")
    for name in ("a", "b", "c"):
        undoable(diagram, name)
    model = Model(diagram, {})
    for name in ("a", "b", "undo_b", "undo_a", "c", "undo_c"):
        assert waiting(model) == {name: 1}
        do(model, name)
    assert waiting(model) == {"z": 1}


def test_a_completed_subprocess_is_undone_by_what_it_has_for_it_or_inside() -> None:
    body = drawn({"is": "start", "a": "user"}, "is a")
    undoable(body, "a")
    diagram = drawn({"s": "start", "sub": "sub", "u": "end compensate"}, "s sub u")
    diagram.nodes["sub"].body = body
    model = Model(diagram, {})
    do(model, "a")
    assert waiting(model) == {"undo_a": 1}
    aside(body, "v", "h", Node("", "", event="compensate"), last="end compensate")
    model = Model(diagram, {})
    do(model, "a")
    assert waiting(model) == {"h": 1}
    do(model, "h")
    assert waiting(model) == {"undo_a": 1}
    undoable(diagram, "sub")
    model = Model(diagram, {})
    do(model, "a")
    assert waiting(model) == {"undo_sub": 1}


def test_a_cancelled_transaction_is_undone_and_left_by_its_cancel_boundary_event() -> None:
    body = drawn({"is": "start", "a": "user", "b": "user", "no": "end cancel"}, "is a no", "is b")
    undoable(body, "a")
    diagram = within(body, transaction=True)
    diagram.nodes["x"] = Node("x", "boundary", event="cancel", host="sub")
    diagram.nodes["c"] = Node("c", "user")
    diagram.flows |= drawn({}, "x c").flows
    model = Model(diagram, {})
    do(model, "a")
    assert waiting(model) == {"undo_a": 1}
    do(model, "undo_a")
    assert waiting(model) == {"c": 1}
