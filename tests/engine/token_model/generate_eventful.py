"""Random diagrams with events of every kind: boundary events, event subprocesses, errors, escalations, compensation,
transactions, in one another and with multi-instance.

What interrupts or undoes stands right behind something that waits, and what it leads to begins with something that
waits: which of two steps that nothing waits for goes first BPMN leaves open, so nothing may hang on it.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.engine.token_model.diagram import Diagram, Many, Node
from tests.engine.token_model.generate import Ids, Structured

CODES = ("E1", "E2")
CAUGHT = ("message", "message", "signal", "timer", "condition", "escalation", "error")


class Names(Ids):
    """Fresh ids, and what a whole file may have once only.

    Two conditions that become true at once would occur in an order that BPMN leaves open: one is enough.
    """

    conditional = False


class Eventful(Structured):
    """Structured diagrams in which anything can be caught, thrown and undone."""

    DOUBLING = 4
    names: Names

    def __init__(self, random: Random, names: Names, depth: int, in_many: bool = False, kind: str = "") -> None:
        super().__init__(random, names, depth, in_many)
        self.names, self.inner, self.transaction = names, bool(kind), kind == "transaction"
        self.undoable: list[str] = []

    def draw(self, size: int) -> Diagram:
        """A scope with about this many blocks, perhaps with event subprocesses beside."""
        first, last = self.sequence(size)
        start = self.add("start")
        begin = self.waits()
        self.join(start, begin)
        self.join(begin, first)
        if self.inner and self.chance(60):
            self.join(last, self.quiet(self.ending()))
        else:
            self.join(last, self.add("end"))
        for _ in range(self.random.choice([0, 0, 1, 1, 2] if self.inner else [0, 0, 0, 0, 1])):
            self.aside()
        return self.diagram

    def ending(self) -> str:
        """An end event that throws, undoes or cancels."""
        kinds = ["error", "error", "escalation", "compensate", "terminate"] + ["cancel"] * 8 * self.transaction
        event = self.random.choice(kinds)
        code = self.random.choice(CODES) if event in ("error", "escalation") else ""
        return self.add("end", event=event, code=code)

    def quiet(self, target: str) -> str:
        """The target, behind something that waits: nothing else moves when it is reached."""
        before = self.waits()
        self.join(before, target)
        return before

    def kinds(self) -> list[Callable[..., tuple[str, str]]]:
        """The blocks to choose from."""
        return [
            self.activity, self.activity, self.activity, self.undone, self.row, self.row, self.throw, self.fail,
            self.choice, self.fork, self.loop, self.events,
        ]  # fmt: skip

    def block(self, size: int) -> tuple[str, str]:
        """Any block."""
        found = self.random.choice(self.kinds())
        if found in (self.activity, self.undone, self.row, self.throw, self.fail):
            return found()
        return found(size - 1) if size > 0 else self.simple()  # type: ignore[call-arg]

    def waits(self) -> str:
        """A user task."""
        return self.add("user")

    # what catches

    def caught(self, at_start: bool, thrown: bool = True) -> dict[str, object]:
        """An event that can be caught at a boundary or at the start of an event subprocess."""
        event = self.random.choice(("error", "escalation") if thrown and self.chance(50) else CAUGHT)
        if event == "condition" and self.names.conditional:
            event = "timer"
        interrupting = event == "error" or self.chance(45 if at_start else 55)
        given: dict[str, object] = {"event": event, "interrupting": interrupting}
        if event in ("error", "escalation"):
            given["code"] = self.random.choice([*CODES, ""])
        if event == "timer" and not interrupting:
            given["times"] = self.random.randint(1, 3)
        if event == "condition":
            self.names.conditional = True
            given["condition"] = self.condition()
        return given

    def boundaries(self, host: str) -> str:
        """Boundary events on a host, no two of one error or escalation; gives the node to go on from."""
        within = self.diagram.nodes[host].body is not None
        found = {
            f"{given['event']}{given.get('code', self.ids.new('k'))}": given
            for given in (self.caught(False, within) for _ in range(self.random.choice([0, 1, 1, 2, 2])))
            if within or given["event"] not in ("error", "escalation")
        }
        if within and self.chance(20):
            both = self.random.choice(["error", "escalation"])
            found |= {
                f"{both}{code}": {"event": both, "code": code} for code in self.random.choice([("", "E1"), CODES])
            }
        if self.diagram.nodes[host].transaction:
            found["cancel"] = {"event": "cancel"}
        if not found:
            return host
        after = self.add(self.random.choice(["exclusive", "task"]))
        self.join(host, after)
        for given in found.values():
            first = self.waits()
            self.join(self.add("boundary", host=host, **given), first)
            self.join(first, after if self.chance(50) else self.add("end"))
        return after

    def aside(self) -> None:
        """An event subprocess; in it something waits, and perhaps it throws, undoes or stands in another scope."""
        given = self.caught(True, self.inner)
        taken = [each.body.nodes for each in self.diagram.nodes.values() if each.kind == "aside" and each.body]
        for nodes in taken:
            other = next(node for node in nodes.values() if node.kind == "trigger")
            if given["event"] in ("error", "escalation") and (other.event, other.code) == (
                given["event"], given["code"]
            ):  # fmt: skip
                return
        inner = Eventful(self.random, self.names, 0)
        first, last = inner.block(0) if self.depth and self.chance(30) else (inner.waits(), "")
        begin = inner.waits() if last else first
        inner.join(inner.add("trigger", **given), begin)
        if last:
            inner.join(begin, first)
        ending = self.random.choice(["", "", "compensate", "error", "escalation"])
        code = self.random.choice(CODES) if ending in ("error", "escalation") else ""
        end = inner.add("end", event=ending, code=code)
        inner.join(last or first, inner.quiet(end) if last else end)
        if self.depth and self.chance(15):
            inner.aside()
        self.add("aside", body=inner.diagram)

    def events(self, size: int) -> tuple[str, str]:
        """Whichever event comes first."""
        gateway, join = self.add("events"), self.add("exclusive")
        for _ in range(self.random.randint(2, 3)):
            event = self.add("catch", event=self.random.choice(["message", "signal", "timer"]))
            self.join(gateway, event)
            first, last = self.sequence(size)
            self.join(event, first)
            self.join(last, join)
        return gateway, join

    # activities

    def activity(self) -> tuple[str, str]:
        """A task, subprocess or transaction with what can stand on it: items, boundary events."""
        name = self.body()
        return name, self.boundaries(name)

    def body(self) -> str:
        """A task, subprocess or transaction, one or several of them."""
        kind = self.random.choice(["user", "sub", "sub", "transaction"]) if self.depth else "user"
        many = self.many(kind) if kind != "transaction" and self.chance(30) else None
        name = self.add(
            "sub" if kind == "transaction" else kind,
            copies=self.some(("a", "b", "c"), 15),
            many=many,
            transaction=kind == "transaction",
        )
        if kind != "user":
            inner = Eventful(self.random, self.names, self.depth - 1, many is not None, kind)
            self.diagram.nodes[name].body = inner.draw(self.random.randint(1, 2))
        return name

    def many(self, kind: str) -> Many:
        """Several items; at least one, for an activity that is done at once may be undone in any order."""
        found = super().many(kind)
        found.count = max(1, found.count)
        return found

    def undone(self) -> tuple[str, str]:
        """An activity with a compensation handler, or a subprocess with a compensation event subprocess."""
        name = self.body()
        node = self.diagram.nodes[name]
        self.undoable.append(name)
        if node.body is not None and self.chance(40):
            if self.chance(60):
                self.undoing_aside(node.body)
            return name, self.boundaries(name)
        handler = self.add(self.random.choice(["user", "user", "sub"]), undoing=True)
        if self.diagram.nodes[handler].kind == "sub":
            self.diagram.nodes[handler].body = self.plain()
        self.add("boundary", host=name, event="compensate", handler=handler, interrupting=False)
        return name, self.boundaries(name)

    def plain(self) -> Diagram:
        """The inside of a handler: two tasks, one after the other or at once."""
        inner = Eventful(self.random, self.names, 0)
        start = inner.add("start")
        tasks = [inner.waits(), inner.waits()]
        if self.chance(50):
            tasks.reverse()
            inner.join(start, tasks[0])
            inner.join(tasks[0], tasks[1])
            inner.join(tasks[1], inner.add("end"))
        else:
            for task in tasks:
                inner.join(start, task)
                inner.join(task, inner.add("end"))
        return inner.diagram

    def undoing_aside(self, body: Diagram) -> None:
        """A compensation event subprocess in a subprocess."""
        inner = Eventful(self.random, self.names, 0)
        task = inner.waits()
        inner.join(inner.add("trigger", event="compensate"), task)
        inner.join(task, inner.add("end", event=self.random.choice(["", "compensate"])))
        node = Node(self.ids.new("a"), "aside", body=inner.diagram)
        body.nodes[node.id] = node

    # what throws

    def row(self) -> tuple[str, str]:
        """Activities that can be undone, and then perhaps undoing."""
        first, last = self.undone()
        for found in self.random.choices([self.undone, self.undo, self.throw], k=self.random.randint(1, 2)):
            after, end = found()
            self.join(last, after)
            last = end
        return first, last

    def undo(self) -> tuple[str, str]:
        """Compensation, of one activity or all; what goes on waits again."""
        activity = self.random.choice(self.undoable) if self.undoable and self.chance(40) else ""
        return self.thrown({"event": "compensate", "activity": activity})

    def throw(self) -> tuple[str, str]:
        """An escalation that goes on."""
        return self.thrown({"event": "escalation", "code": self.random.choice(CODES)})

    def thrown(self, given: dict[str, object]) -> tuple[str, str]:
        """A task, then the throw, then another."""
        task, throw, after = self.waits(), self.add("throw", **given), self.waits()
        self.join(task, throw)
        self.join(throw, after)
        return task, after

    def fail(self) -> tuple[str, str]:
        """Perhaps end with an error, an escalation, compensation, cancelling or everything."""
        split, after = self.add("exclusive"), self.waits()
        self.choose_among(split, [self.quiet(self.ending()), after])
        return split, after


def eventful(random: Random) -> Diagram:
    """A structured diagram full of events."""
    return Eventful(random, Names(), random.choice([1, 1, 2])).draw(random.randint(1, 2))
