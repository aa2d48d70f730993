"""The token model: BPMN 2.0 §13 once more, as small as it can be, to compare the engine with.

Written from the text of the standard, and not from the engine. A token stands at a node of a frame (a running
scope) or is counted at a join. Variables live in chains of dictionaries; a write goes to the nearest one that has
the name, else to the outermost. What the standard leaves open is fixed here as the design says: an inclusive join
is decided when nothing else can move, innermost frame first, then by id, one at a time; conditional events are looked
at after that; the condition of a standard loop sees what the run before it left in its own scope; handlers of a
compensation run one after the other, the last completed first; an error that nobody handles stays where it is thrown.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Mapping
from typing import Any

from tests.engine.token_model import joining, undoing
from tests.engine.token_model.diagram import Diagram, Flow, Many, Node, trigger_of
from tests.engine.token_model.handling import find_handler
from tests.engine.token_model.state import Frame, Offer, Run, Token, Variables, frames
from tests.engine.token_model.waiting import offers_of


class Model:
    """One instance. `trace` tells what was left, and by which flows. `faults` are deliberate mistakes that a
    comparison must notice."""

    def __init__(self, diagram: Diagram, variables: Mapping[str, Any], faults: frozenset[str] = frozenset()) -> None:
        self._marks = itertools.count(1)
        self._queue: deque[Token] = deque()
        self._faults = faults
        self.root = Frame(diagram, Variables(dict(variables), None), None, 0)
        self.trace: list[tuple[str, tuple[str, ...]]] = []
        self._begin(self.root)
        self._settle()

    # what can be seen

    @property
    def open(self) -> bool:
        """Whether anything is left."""
        return bool(self.root.tokens or +self.root.arrived)

    def offers(self) -> list[Offer]:
        """Everything that waits."""
        return [offer for frame in frames(self.root) for offer in offers_of(frame)] if self.open else []

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
        """The message or signal comes, or the time has."""
        self._occur(offer)
        self._settle()

    # events (§10.5, §13.5)

    def _occur(self, offer: Offer) -> None:
        """What was waited for has come."""
        token, node = offer.token, offer.node
        offer.watched.fired[node.id] += 1
        match token.node.kind:
            case "aside":
                self._aside(token.frame, token.node)
            case "catch":
                self._leave(token)
            case "events":
                way = next(flow for flow in token.frame.diagram.incoming(node.id) if flow.source == token.node.id)
                self._drop(token)
                self.trace.append((token.node.id, (way.id,)))
                caught = Token(node, token.frame)
                token.frame.tokens.append(caught)
                self._leave(caught)
            case _:
                self._boundary(token, node)

    def _boundary(self, host: Token, node: Node) -> None:
        """A boundary event occurs: in place of its activity, or beside it (§13.5.3)."""
        if node.interrupting and "boundary-not-cancelling" not in self._faults:
            self._drop(host)
        self._put(node, host.frame)

    def _aside(self, frame: Frame, node: Node) -> None:
        """An event subprocess begins: beside its scope, or in place of all that runs there (§13.5.4)."""
        if trigger_of(node).interrupting and "event-subprocess-not-cancelling" not in self._faults:
            self._clear(frame)
            frame.deaf = True
        self._put(node, frame)

    def _throw(self, token: Token) -> bool:
        """An error or escalation finds its handler; False when there is none."""
        exact_first = "any-code-first" not in self._faults
        handler = find_handler(token.frame, token.node.event, token.node.code, exact_first)
        if handler is None:
            return False
        if handler.host is None:
            self._aside(handler.frame, handler.node)
        else:
            self._boundary(handler.host, handler.node)
        return True

    def _watch(self) -> bool:
        """Look at the conditional events: one that has become true occurs; then it must become false before."""
        occurred = False
        for offer in [each for each in self.offers() if each.kind == "condition"]:
            alive = any(each.node is offer.node and each.watched is offer.watched for each in self.offers())
            assert offer.node.condition is not None
            before = offer.node.id in offer.watched.true
            if alive and offer.variables.holds(offer.node.condition) != before:
                offer.watched.true ^= {offer.node.id}
                if not before:
                    self._occur(offer)
                    occurred = True
        return occurred

    # compensation (§10.7, §13.5.5)

    def _undo(self, token: Token) -> None:
        """Undo what was completed in the scope, one after the other; the throw waits for it."""
        again = "undone-again" in self._faults
        token.undo = undoing.take(undoing.undone_by(token.frame), token.node.activity, again)
        if "first-completed-undone-first" in self._faults:
            token.undo.reverse()
        self._undo_next(token)

    def _undo_next(self, token: Token) -> None:
        if not token.undo:
            self._undone(token)
            return
        step, variables = token.undo.pop(0), token.frame.variables
        for own in reversed(step.seen):
            variables = Variables(dict(own), variables)
        run = Run(token, 0, variables)
        token.runs.append(run)
        run.frame = Frame(
            step.diagram, variables, run, token.frame.depth + 1, done=step.within, deaf=True, undoing=True
        )
        self._put(step.handler, run.frame)

    def _undone(self, token: Token) -> None:
        """All is undone: the throw goes on; a cancelled transaction is left by its cancel boundary event."""
        if token.node.event != "cancel":
            self._leave(token)
            return
        assert token.frame.owner is not None
        host = token.frame.owner.token
        self._boundary(host, next(each for each in host.frame.diagram.boundaries(host.node.id)
                                  if each.event == "cancel"))  # fmt: skip

    def _cancel(self, token: Token) -> None:
        """A transaction is cancelled: what runs in it is ended, what was completed undone (§10.3.5, §13.5.5)."""
        frame = token.frame
        for other in [each for each in frame.tokens if each is not token]:
            self._drop(other)
        frame.arrived.clear()
        frame.deaf = True
        self._undo(token)

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
            if not (self._decide() or self._watch()):
                return

    def _decide(self) -> bool:
        """Let one inclusive join fire, if one may."""
        second = "second-clause-missing" not in self._faults
        for frame in sorted(frames(self.root), key=lambda frame: -frame.depth):
            for node in sorted(frame.diagram.nodes.values(), key=lambda node: node.id):
                if node.kind == "inclusive" and joining.enabled(frame, node, second):
                    for flow in frame.diagram.incoming(node.id):
                        frame.arrived[flow.id] -= frame.arrived[flow.id] > 0
                    self._put(node, frame)
                    return True
        return False

    def _step(self, token: Token) -> None:
        match token.node.kind:
            case "catch" | "events":
                return
            case "user" | "sub" | "script" | "task" | "aside":
                self._activity(token)
            case "throw" | "end" if token.node.event:
                self._event(token)
            case _:
                self._leave(token)

    def _event(self, token: Token) -> None:
        """A throwing or end event with a definition."""
        match token.node.event:
            case "terminate":
                self._clear(token.frame)
                token.frame.tokens.append(token)
                self._leave(token)
            case "error":
                token.stuck = not self._throw(token)
            case "escalation":
                self._throw(token)
                if token in token.frame.tokens:
                    self._leave(token)
            case "compensate":
                self._undo(token)
            case "cancel":
                self._cancel(token)

    def _leave(self, token: Token) -> None:
        flows = self._chosen(token)
        if flows is None:
            token.stuck = True
            return
        self._drop(token)
        self.trace.append((token.node.id, tuple(flow.id for flow in flows)))
        if not token.frame.undoing:
            token.frame.done += token.completed
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

    # activities (§13.3.2, multi-instance §13.3.7)

    def _activity(self, token: Token) -> None:
        many, again = token.node.many, token.node.again
        if many is None:
            if again is not None and again.before and not token.frame.variables.holds(again.condition):
                self._leave(token)
            else:
                self._run(token, 0)
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
        self._run(token, number, {f"item_{token.node.id}": f"{token.group}:{number}", "loopCounter": number})

    def _run(self, token: Token, number: int, given: Mapping[str, Any] = {}) -> None:
        node, around = token.node, token.frame.variables
        own = {**given, **{name: around.get(name) for name in node.copies}}
        if node.kind in ("sub", "aside"):
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
        if token.undo is not None:
            self._undo_next(token)
            return
        if not (token.node.undoing or token.node.kind == "aside"):
            token.completed.append(undoing.done_by(run))
        if many is not None or again is not None:
            self.trace.append((token.node.id, ()))
        if again is not None and token.done < again.most and run.variables.holds(again.condition):
            self._run(token, 0)
            return
        if many is not None and self._more(token, many, run):
            return
        self._leave(token)

    def _more(self, token: Token, many: Many, run: Run) -> bool:
        """Whether further items are to be done after this run."""
        if many.collect:
            token.results[run.number] = run.variables.get(many.collect_of)
        enough = many.enough and token.done >= many.enough
        if not enough and (token.runs or token.left):
            if many.sequential:
                self._item(token, run.number + 1)
            return True
        self._collect(token)
        return False

    def _collect(self, token: Token) -> None:
        many = token.node.many
        if many is not None and many.collect:
            token.frame.variables.set(many.collect, [token.results[number] for number in sorted(token.results)])
