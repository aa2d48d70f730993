"""The token model itself, on cases of the standard that are easy to get wrong."""

from __future__ import annotations

import itertools
from collections import Counter

from tests.engine.token_model.diagram import Condition, Diagram, Flow, Many, Node
from tests.engine.token_model.model import Model


def drawn(nodes: dict[str, str], *ways: str) -> Diagram:
    """A diagram of nodes by kind (`end error`: with this event), and flows written as `a b c`.

    `a b: x < 1` has a condition.
    """
    diagram = Diagram()
    for name, given in nodes.items():
        kind, _, event = given.partition(" ")
        diagram.nodes[name] = Node(name, kind, event=event or ("message" if kind == "catch" else ""))
    for way in ways:
        path, _, condition = way.partition(": ")
        ends = path.split()
        for source, target in itertools.pairwise(ends):
            parts = condition.split()
            found = Condition(parts[0], parts[1], int(parts[2])) if parts else None
            diagram.flows[f"{source}_{target}"] = Flow(f"{source}_{target}", source, target, found)
    return diagram


def waiting(model: Model) -> dict[str, int]:
    """What waits, by element."""
    return dict(Counter(offer.element for offer in model.offers()))


def do(model: Model, element: str, **values: int) -> None:
    """Complete a task or fire an event."""
    offer = next(offer for offer in model.offers() if offer.element == element)
    if offer.kind == "task":
        model.complete(offer, values)
    else:
        model.fire(offer)


def test_two_tokens_through_one_fork_are_two_of_each_branch() -> None:
    nodes = {
        "s": "start",
        "g": "parallel",
        "x": "task",
        "y": "task",
        "m": "task",
        "f": "parallel",
        "a": "user",
        "b": "user",
    }
    model = Model(drawn(nodes, "s g x m f a", "g y m", "f b"), {})
    assert waiting(model) == {"a": 2, "b": 2}


def test_an_implicit_merge_lets_every_token_pass() -> None:
    model = Model(drawn({"s": "start", "g": "parallel", "x": "task", "y": "task", "a": "user"},
                        "s g x a", "g y a"), {})  # fmt: skip
    assert waiting(model) == {"a": 2}


def test_an_excess_token_stays_at_the_join_and_keeps_the_instance_open() -> None:
    nodes = {
        "s": "start",
        "g": "parallel",
        "a": "user",
        "b": "user",
        "m": "task",
        "c": "user",
        "j": "parallel",
        "e": "end",
    }
    model = Model(drawn(nodes, "s g a m j e", "g b m", "g c j"), {})
    do(model, "a")
    do(model, "b")
    do(model, "c")
    # One of the two tokens from m has joined with c; the other still stands there
    assert waiting(model) == {}
    assert model.open


def test_an_inclusive_join_waits_for_what_can_still_come_and_for_nothing_else() -> None:
    nodes = {"s": "start", "g": "inclusive", "a": "user", "b": "user", "c": "user", "j": "inclusive", "e": "end"}
    diagram = drawn(nodes, "s g a j e", "g b j", "g c j")
    diagram.flows["g_b"].condition = Condition("x", "<", 1)
    diagram.flows["g_a"].condition = Condition("x", "<", 9)
    diagram.nodes["g"].default = "g_c"
    model = Model(diagram, {"x": 5})
    assert waiting(model) == {"a": 1}
    do(model, "a")
    assert not model.open
    model = Model(diagram, {"x": 0})
    do(model, "a")
    assert (waiting(model), model.open) == ({"b": 1}, True)


def test_an_inclusive_join_in_a_loop_waits_again_in_the_second_round() -> None:
    nodes = {"s": "start", "m": "exclusive", "g": "parallel", "a": "user", "b": "user", "j": "inclusive", "x": "user"}
    model = Model(drawn(nodes, "s m g a j x m", "g b j"), {})
    for _ in range(3):
        do(model, "a")
        assert waiting(model) == {"b": 1}
        do(model, "b")
        assert waiting(model) == {"x": 1}
        do(model, "x")


def test_terminate_ends_its_own_scope_only() -> None:
    inner = drawn({"is": "start", "ig": "parallel", "ia": "user", "ib": "user", "it": "end terminate", "ie": "end"},
                  "is ig ia it", "ig ib ie")  # fmt: skip
    diagram = drawn({"s": "start", "sub": "sub", "a": "user"}, "s sub a")
    diagram.nodes["sub"].body = inner
    model = Model(diagram, {})
    do(model, "ia")
    assert waiting(model) == {"a": 1}


def test_a_branch_does_not_lose_or_overwrite_the_other_s_value() -> None:
    nodes = {"s": "start", "g": "parallel", "a": "user", "b": "user", "j": "parallel", "c": "user"}
    model = Model(drawn(nodes, "s g a j c", "g b j"), {"x": 0, "y": 0})
    do(model, "a", x=1)
    do(model, "b", y=2)
    assert (model.root.variables.get("x"), model.root.variables.get("y")) == (1, 2)


def test_a_name_declared_by_an_activity_is_its_own() -> None:
    diagram = drawn({"s": "start", "a": "user", "b": "user"}, "s a b")
    diagram.nodes["a"].copies = ("x",)
    model = Model(diagram, {"x": 0})
    do(model, "a", x=1)
    assert model.root.variables.get("x") == 0
    assert model.root.variables.get("a") == {"x": 1}


def test_items_give_their_results_in_their_order() -> None:
    diagram = drawn({"s": "start", "a": "user", "b": "user"}, "s a b")
    diagram.nodes["a"].many = Many(2, False, 0, "all", "x")
    diagram.nodes["a"].copies = ("x",)
    model = Model(diagram, {"x": 0})
    second = model.offers()[1]
    model.complete(second, {"x": 2})
    do(model, "a", x=1)
    assert model.root.variables.get("all") == [1, 2]


def test_enough_items_withdraw_the_others() -> None:
    diagram = drawn({"s": "start", "a": "user", "b": "user"}, "s a b")
    diagram.nodes["a"].many = Many(3, False, 2)
    model = Model(diagram, {})
    do(model, "a")
    do(model, "a")
    assert waiting(model) == {"b": 1}


def test_boundary_events_interrupt_or_stand_beside() -> None:
    diagram = drawn({"s": "start", "a": "user", "c": "user", "d": "user"}, "s a", "b1 c", "b2 d")
    diagram.nodes["b1"] = Node("b1", "boundary", event="message", host="a", interrupting=False)
    diagram.nodes["b2"] = Node("b2", "boundary", event="message", host="a")
    model = Model(diagram, {})
    do(model, "b1")
    do(model, "b1")
    assert waiting(model) == {"a": 1, "b1": 1, "b2": 1, "c": 2}
    do(model, "b2")
    assert waiting(model) == {"c": 2, "d": 1}


def test_the_first_event_of_an_event_gateway_withdraws_the_others() -> None:
    nodes = {"s": "start", "g": "events", "x": "catch", "y": "catch", "a": "user", "b": "user"}
    model = Model(drawn(nodes, "s g x a", "g y b"), {})
    do(model, "y")
    assert waiting(model) == {"b": 1}
