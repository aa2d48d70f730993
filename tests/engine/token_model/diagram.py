"""Diagrams as plain values: what the token model runs, and what `writing` makes a BPMN file of."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Condition:
    """`name op value`, with op one of `<` and `>=`."""

    name: str
    op: str
    value: int

    def __str__(self) -> str:
        return f"${{{self.name} {self.op} {self.value}}}"


@dataclass
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    condition: Condition | None = None


@dataclass
class Many:
    """Multi-instance: `count` items; with `enough` it is done when that many items are."""

    count: int
    sequential: bool
    enough: int = 0
    collect: str = ""
    """The name that gets the list of `collect_of`'s values of the items, in their order."""
    collect_of: str = ""


@dataclass
class Again:
    """A standard loop: again while the condition holds, `most` times at most."""

    condition: Condition
    before: bool
    most: int


@dataclass(eq=False)
class Node:
    """A flow node.

    Kinds: start, end, throw, task, user, script, catch, sub, exclusive, parallel, inclusive, events, boundary, aside
    (an event subprocess; its start is of kind trigger). `copies` are names that the activity declares for itself with
    their outer value. `counter` is the name a script adds 1 to.

    `event` says what an event is about: message, signal, timer (it fires `times` times), condition, error, escalation,
    compensate, cancel, terminate, or nothing. `code` is that of errors and escalations, and of what catches them ("":
    any). A compensation boundary names its `handler`, an activity that is `undoing`; a compensation throw the
    `activity` it undoes ("": all). A `transaction` is a sub.
    """

    id: str
    kind: str
    default: str = ""
    body: Diagram | None = None
    many: Many | None = None
    again: Again | None = None
    copies: tuple[str, ...] = ()
    counter: str = ""
    host: str = ""
    interrupting: bool = True
    event: str = ""
    code: str = ""
    times: int = 1
    condition: Condition | None = None
    handler: str = ""
    undoing: bool = False
    activity: str = ""
    transaction: bool = False


WAITED = ("message", "signal", "timer", "condition")
"""The events that come from outside the flow: something waits for them."""


@dataclass
class Diagram:
    """A scope."""

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)

    def outgoing(self, node: str) -> list[Flow]:
        """The flows out of a node, in document order."""
        return [flow for flow in self.flows.values() if flow.source == node]

    def incoming(self, node: str) -> list[Flow]:
        """The flows into a node."""
        return [flow for flow in self.flows.values() if flow.target == node]

    def boundaries(self, node: str) -> list[Node]:
        """The boundary events on a node."""
        return [found for found in self.nodes.values() if found.host == node]


def trigger_of(aside: Node) -> Node:
    """The start event of an event subprocess."""
    assert aside.body is not None
    return next(node for node in aside.body.nodes.values() if node.kind == "trigger")
