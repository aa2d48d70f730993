"""What is there while a diagram runs: frames, tokens, runs of activities, variables, and what has been completed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.engine.token_model.diagram import Condition, Diagram, Node


class Variables:
    """A scope of variables within another."""

    def __init__(self, own: dict[str, Any], outer: Variables | None) -> None:
        self.own, self.outer = own, outer

    def chain(self) -> Iterator[Variables]:
        """This scope and the ones around it."""
        scope: Variables | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    def get(self, name: str) -> Any:
        """The nearest value."""
        return next(scope.own[name] for scope in self.chain() if name in scope.own)

    def set(self, name: str, value: Any) -> None:
        """Write where the name is declared, else outermost."""
        chain = list(self.chain())
        next((scope for scope in chain if name in scope.own), chain[-1]).own[name] = value

    def visible(self) -> dict[str, Any]:
        """Everything that can be read here."""
        found: dict[str, Any] = {}
        for scope in reversed(list(self.chain())):
            found |= scope.own
        return found

    def holds(self, condition: Condition) -> bool:
        """Whether a condition is true here."""
        value = self.get(condition.name)
        return bool(value < condition.value if condition.op == "<" else value >= condition.value)


@dataclass(eq=False)
class Done:
    """A completed run of an activity: what it saw as its own, and what was completed within it, oldest first."""

    node: Node
    diagram: Diagram
    own: dict[str, Any]
    within: list[Done]


@dataclass
class Watched:
    """What a thing that waits remembers: how often each of its timers has fired, and which conditions were true."""

    fired: Counter[str] = field(default_factory=Counter)
    true: set[str] = field(default_factory=set)


@dataclass(eq=False)
class Frame:
    """A running scope: the process, or one run of a subprocess or compensation handler (`owner` is that run).

    `deaf` frames hear no start of an event subprocess any more: an interrupting one has begun, the transaction is
    cancelled, or it is a compensation handler's.
    """

    diagram: Diagram
    variables: Variables
    owner: Run | None
    depth: int
    tokens: list[Token] = field(default_factory=list)
    arrived: Counter[str] = field(default_factory=Counter)
    done: list[Done] = field(default_factory=list)
    deaf: bool = False
    undoing: bool = False
    watched: Watched = field(default_factory=Watched)


@dataclass(eq=False)
class Token:
    """A token at a node. `runs` are the runs of its activity: one, or one an item. `stuck` marks an incident.

    `completed` are the runs that a loop has behind it; `undo` what a compensation throw has still to undo.
    """

    node: Node
    frame: Frame
    runs: list[Run] = field(default_factory=list)
    left: int = 0
    done: int = 0
    group: str = ""
    results: dict[int, Any] = field(default_factory=dict)
    stuck: bool = False
    completed: list[Done] = field(default_factory=list)
    undo: list[Undoing] | None = None
    watched: Watched = field(default_factory=Watched)


@dataclass(eq=False)
class Run:
    """One run of an activity; `frame` is the inside of a subprocess."""

    token: Token
    number: int
    variables: Variables
    frame: Frame | None = None


class Undoing(NamedTuple):
    """A compensation handler to run: in which diagram it stands, what it sees as the activity left it (innermost
    first), and what it can compensate itself."""

    handler: Node
    diagram: Diagram
    seen: tuple[dict[str, Any], ...]
    within: list[Done]


class Offer(NamedTuple):
    """Something that waits: a user task, an event (catching, boundary, start of an event subprocess), an incident.

    `node` is what waits, `token` where it waits: for the start of an event subprocess, one that is not there yet.
    """

    kind: str
    node: Node
    token: Token
    run: Run | None
    variables: Variables
    watched: Watched

    @property
    def element(self) -> str:
        """The id of what waits."""
        return self.node.id


def frames(frame: Frame) -> Iterator[Frame]:
    """A frame and all within it."""
    yield frame
    for token in frame.tokens:
        for run in token.runs:
            if run.frame is not None:
                yield from frames(run.frame)


def throws_of(frame: Frame) -> tuple[Token, ...]:
    """The compensation throws that a frame runs for, innermost first."""
    found: list[Token] = []
    while frame.owner is not None:
        if frame.undoing:
            found.append(frame.owner.token)
        frame = frame.owner.token.frame
    return tuple(found)
