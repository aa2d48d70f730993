"""The token model: BPMN 2.0 §13 once more, as small as it can be, to compare the engine with.

Written from the text of the standard, and not from the engine. A token stands at a node of a frame (a running
scope) or is counted at a join. Variables live in chains of dictionaries; a write goes to the nearest one that has
the name, else to the outermost. What the standard leaves open is fixed here as the design says: an inclusive join
is decided when nothing else can move, innermost frame first, then by id, one at a time; the condition of a standard
loop sees what the run before it left in its own scope.
"""

from __future__ import annotations

import itertools
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.engine.token_model.diagram import Condition, Diagram, Flow, Node


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
class Frame:
    """A running scope: the process, or one run of a subprocess (`owner` is that run)."""

    diagram: Diagram
    variables: Variables
    owner: Run | None
    depth: int
    tokens: list[Token] = field(default_factory=list)
    arrived: Counter[str] = field(default_factory=Counter)
    interrupted: bool = False


@dataclass(eq=False)
class Token:
    """A token at a node. `runs` are the runs of its activity: one, or one an item. `stuck` marks an incident."""

    node: Node
    frame: Frame
    runs: list[Run] = field(default_factory=list)
    left: int = 0
    done: int = 0
    group: str = ""
    results: dict[int, Any] = field(default_factory=dict)
    stuck: bool = False


@dataclass(eq=False)
class Run:
    """One run of an activity; `frame` is the inside of a subprocess."""

    token: Token
    number: int
    variables: Variables
    frame: Frame | None = None


class Offer(NamedTuple):
    """Something that waits: a user task, a message (catching, boundary), or an incident."""

    kind: str
    element: str
    token: Token
    run: Run | None
    variables: Variables


class Model:
    """One instance. `faults` are deliberate mistakes that a comparison must notice."""

    def __init__(self, diagram: Diagram, variables: Mapping[str, Any], faults: frozenset[str] = frozenset()) -> None:
        self._marks = itertools.count(1)
        self._queue: deque[Token] = deque()
        self._faults = faults
        self.root = Frame(diagram, Variables(dict(variables), None), None, 0)
        self.ends: list[str] = []
        self._begin(self.root)
        self._settle()

    # what can be seen

    @property
    def open(self) -> bool:
        """Whether anything is left."""
        return bool(self.root.tokens or +self.root.arrived)

    def offers(self) -> list[Offer]:
        """Everything that waits."""
        found = []
        for frame in self._frames(self.root):
            found += [offer for token in frame.tokens for offer in self._of(token)]
            if self.open and not frame.interrupted:
                found += [
                    Offer("message", start.id, aside, None, frame.variables) for start, aside in self._asides(frame)
                ]
        return found

    def _asides(self, frame: Frame) -> Iterator[tuple[Node, Token]]:
        """The event subprocesses of a frame: their start events, and tokens that are not there yet."""
        for node in frame.diagram.nodes.values():
            if node.kind == "aside" and node.body is not None:
                yield next(inner for inner in node.body.nodes.values() if inner.kind == "trigger"), Token(node, frame)

    def _of(self, token: Token) -> Iterator[Offer]:
        node, diagram, variables = token.node, token.frame.diagram, token.frame.variables
        if token.stuck:
            yield Offer("incident", node.id, token, None, variables)
        elif node.kind == "user":
            yield from (Offer("task", node.id, token, run, run.variables) for run in token.runs)
        elif node.kind == "catch":
            yield Offer("message", node.id, token, None, variables)
        elif node.kind == "events":
            yield from (Offer("message", flow.target, token, None, variables) for flow in diagram.outgoing(node.id))
        for boundary in diagram.boundaries(node.id):
            if not boundary.code:
                yield Offer("message", boundary.id, token, None, variables)

    def _frames(self, frame: Frame) -> Iterator[Frame]:
        yield frame
        for token in frame.tokens:
            for run in token.runs:
                if run.frame is not None:
                    yield from self._frames(run.frame)

    # what can be done

    def complete(self, offer: Offer, values: Mapping[str, Any]) -> None:
        """Complete a user task: every value under its name, and all of them under the task's id."""
        assert offer.run is not None
        for name, value in values.items():
            offer.run.variables.set(name, value)
        offer.run.variables.set(offer.element, dict(values))
        self._run_done(offer.run)
        self._settle()

    def fire(self, offer: Offer) -> None:
        """The message comes."""
        token = offer.token
        if token.node.kind == "aside":
            self._aside(token)
            return
        node = token.frame.diagram.nodes[offer.element]
        if node.kind != "boundary" or (node.interrupting and "boundary-not-cancelling" not in self._faults):
            self._drop(token)
        self._take(token.frame, token.frame.diagram.outgoing(node.id))
        self._settle()

    def _aside(self, token: Token) -> None:
        """An event subprocess starts: beside its scope, or in place of all that runs there (§13.5.4)."""
        frame, body = token.frame, token.node.body
        assert body is not None
        if any(node.kind == "trigger" and node.interrupting for node in body.nodes.values()):
            self._clear(frame)
            frame.interrupted = True
        frame.tokens.append(token)
        self._run(token, 0, frame.variables)
        self._settle()

    # tokens (§13.2, §13.3)

    def _begin(self, frame: Frame) -> None:
        for node in frame.diagram.nodes.values():
            if node.kind in ("start", "trigger"):
                self._put(node, frame)

    def _put(self, node: Node, frame: Frame) -> None:
        token = Token(node, frame)
        frame.tokens.append(token)
        self._queue.append(token)

    def _drop(self, token: Token) -> None:
        token.frame.tokens.remove(token)
        for run in token.runs:
            if run.frame is not None:
                self._clear(run.frame)
        token.runs.clear()

    def _clear(self, frame: Frame) -> None:
        for token in list(frame.tokens):
            self._drop(token)
        frame.arrived.clear()

    def _take(self, frame: Frame, flows: list[Flow]) -> None:
        for flow in flows:
            target = frame.diagram.nodes[flow.target]
            joins = target.kind in ("parallel", "inclusive") and len(frame.diagram.incoming(target.id)) > 1
            if joins and "join-at-once" not in self._faults:
                frame.arrived[flow.id] += 1
                if target.kind == "parallel":
                    self._join(frame, target)
            else:
                self._put(target, frame)

    def _join(self, frame: Frame, node: Node) -> None:
        """A parallel gateway takes one token of each way in; what is left over stays (§13.4.1)."""
        flows = frame.diagram.incoming(node.id)
        while all(frame.arrived[flow.id] for flow in flows):
            for flow in flows:
                frame.arrived[flow.id] -= 1
                if "excess-forgotten" in self._faults:
                    frame.arrived[flow.id] = 0
            self._put(node, frame)

    def _settle(self) -> None:
        while True:
            while self._queue:
                token = self._queue.popleft()
                if token in token.frame.tokens:
                    self._step(token)
            if not self._decide():
                return

    def _decide(self) -> bool:
        """Let one inclusive join fire, if one may."""
        frames = sorted(self._frames(self.root), key=lambda frame: -frame.depth)
        for frame in frames:
            for node in sorted(frame.diagram.nodes.values(), key=lambda node: node.id):
                if node.kind == "inclusive" and self._enabled(frame, node):
                    for flow in frame.diagram.incoming(node.id):
                        frame.arrived[flow.id] -= frame.arrived[flow.id] > 0
                    self._put(node, frame)
                    return True
        return False

    def _enabled(self, frame: Frame, node: Node) -> bool:
        """§13.4.3: a token waits, and every other token that can reach an empty way in can reach a full one too."""
        flows = frame.diagram.incoming(node.id)
        full = {flow.id for flow in flows if frame.arrived[flow.id]}
        if not full:
            return False
        empty = {flow.id for flow in flows} - full
        second = "second-clause-missing" not in self._faults
        starts = [token.node.id for token in frame.tokens]
        starts += [flow.target for flow in frame.diagram.flows.values() if frame.arrived[flow.id]]
        for start in starts:
            ways = self._ways(frame.diagram, start, node.id) if start != node.id else set()
            if ways & empty and not (second and ways & full):
                return False
        return True

    def _ways(self, diagram: Diagram, start: str, join: str) -> set[str]:
        """The flows that can be reached from a node without passing the join; an activity may go by its boundary."""
        seen, left, ways = set(), [start], set()
        while left:
            name = left.pop()
            if name in seen or name == join:
                continue
            seen.add(name)
            left += [boundary.id for boundary in diagram.boundaries(name)]
            for flow in diagram.outgoing(name):
                ways.add(flow.id)
                left.append(flow.target)
        return ways

    def _step(self, token: Token) -> None:
        node, frame = token.node, token.frame
        match node.kind:
            case "catch" | "events":
                return
            case "user" | "sub" | "script" | "task":
                self._activity(token)
            case "terminate":
                self._clear(frame)
                self._finish(frame)
            case "error":
                self._throw(frame, node.code)
            case _:
                self._leave(token)

    def _leave(self, token: Token) -> None:
        flows = self._chosen(token)
        if flows is None:
            token.stuck = True
            return
        self._drop(token)
        self._take(token.frame, flows)
        self._finish(token.frame)

    def _chosen(self, token: Token) -> list[Flow] | None:
        """The ways out that are taken; None when no condition holds and there is no default."""
        node, variables = token.node, token.frame.variables
        flows = token.frame.diagram.outgoing(node.id)
        rest = [flow for flow in flows if flow.id != node.default]
        if node.kind in ("exclusive", "inclusive") and len(flows) > 1:
            true = [flow for flow in rest if flow.condition is None or variables.holds(flow.condition)]
            true = true[:1] if node.kind == "exclusive" else true
            return true or [flow for flow in flows if flow.id == node.default] or None
        true = [flow for flow in rest if flow.condition is None or variables.holds(flow.condition)]
        return true if true or not node.default else [flow for flow in flows if flow.id == node.default]

    def _finish(self, frame: Frame) -> None:
        """A scope is done when no token is left in it (§13.3.4)."""
        owner, empty = frame.owner, not frame.tokens and not +frame.arrived
        if owner is not None and empty and owner in owner.token.runs:
            self._run_done(owner)

    def _throw(self, frame: Frame, code: str) -> None:
        """An error goes outward to the first activity whose boundary catches it; all within is ended (§13.5.4)."""
        while frame.owner is not None:
            host = frame.owner.token
            for boundary in host.frame.diagram.boundaries(host.node.id):
                if boundary.code == code:
                    self._drop(host)
                    self._take(host.frame, host.frame.diagram.outgoing(boundary.id))
                    return
            frame = host.frame
        raise AssertionError("every error of a generated diagram is caught")

    # activities (§13.3.2, multi-instance §13.3.7)

    def _activity(self, token: Token) -> None:
        many, again = token.node.many, token.node.again
        if many is None:
            if again is not None and again.before and not token.frame.variables.holds(again.condition):
                self._leave(token)
            else:
                self._run(token, 0, token.frame.variables)
            return
        token.group = str(next(self._marks))
        token.left = many.count
        if many.count == 0:
            self._collect(token)
            self._leave(token)
        for number in range(1 if many.sequential else many.count):
            if token.left and token in token.frame.tokens:
                self._item(token, number)

    def _item(self, token: Token, number: int) -> None:
        token.left -= 1
        own = {f"item_{token.node.id}": f"{token.group}:{number}", "loopCounter": number}
        self._run(token, number, Variables(own, token.frame.variables))

    def _run(self, token: Token, number: int, around: Variables) -> None:
        node = token.node
        own = {name: around.get(name) for name in node.copies}
        if node.kind == "sub":
            own[f"mark_{node.id}"] = next(self._marks)
        if node.again is not None:
            own["loopCounter"] = token.done
        run = Run(token, number, Variables(own, around))
        token.runs.append(run)
        if node.body is not None:
            run.frame = Frame(node.body, run.variables, run, token.frame.depth + 1)
            self._begin(run.frame)
        elif node.kind == "script":
            run.variables.set(node.counter, run.variables.get(node.counter) + 1)
            self._run_done(run)
        elif node.kind == "task":
            self._run_done(run)

    def _run_done(self, run: Run) -> None:
        token, many, again = run.token, run.token.node.many, run.token.node.again
        token.runs.remove(run)
        token.done += 1
        if again is not None and token.done < again.most and run.variables.holds(again.condition):
            self._run(token, 0, token.frame.variables)
            return
        if many is not None:
            if many.collect:
                token.results[run.number] = run.variables.get(many.collect_of)
            enough = many.enough and token.done >= many.enough
            if not enough and (token.runs or token.left):
                if many.sequential:
                    self._item(token, run.number + 1)
                return
            self._collect(token)
        self._leave(token)

    def _collect(self, token: Token) -> None:
        many = token.node.many
        if many is not None and many.collect:
            token.frame.variables.set(many.collect, [token.results[number] for number in sorted(token.results)])
