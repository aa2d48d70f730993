"""Random diagrams: structured ones, blocks in blocks, and unstructured ones, where anything leads to anything."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.engine.token_model.diagram import Again, Condition, Diagram, Flow, Many, Node

NAMES = ("a", "b", "c")
"""Variables that tasks set and conditions read."""
COUNTERS = ("x", "y")
"""Variables that scripts count in and nothing reads, so that the order of automatic steps does not matter."""
START = {**dict.fromkeys(NAMES, 0), **dict.fromkeys(COUNTERS, 0)}


class Ids:
    """Fresh ids for a whole file."""

    def __init__(self) -> None:
        self._last = 0

    def new(self, prefix: str) -> str:
        """The next id."""
        self._last += 1
        return f"{prefix}{self._last}"


class Drawing:
    """Draws one scope."""

    def __init__(self, random: Random, ids: Ids, depth: int, in_many: bool = False) -> None:
        self.random, self.ids, self.depth, self.in_many = random, ids, depth, in_many
        self.diagram = Diagram()

    def add(self, kind: str, **given: object) -> str:
        """A node."""
        node = Node(self.ids.new(kind[0]), kind, **given)  # type: ignore[arg-type]
        self.diagram.nodes[node.id] = node
        return node.id

    def join(self, source: str, target: str, condition: Condition | None = None) -> str:
        """A flow."""
        flow = Flow(self.ids.new("f"), source, target, condition)
        self.diagram.flows[flow.id] = flow
        return flow.id

    def condition(self) -> Condition:
        """A condition over what tasks set."""
        return Condition(self.random.choice(NAMES), self.random.choice(["<", ">="]), self.random.randint(1, 3))

    def chance(self, percent: int) -> bool:
        """True as often as that."""
        return self.random.randint(1, 100) <= percent

    def some(self, names: tuple[str, ...], percent: int) -> tuple[str, ...]:
        """Some of these names."""
        return tuple(name for name in names if self.chance(percent))

    def choose_among(self, gateway: str, targets: list[str]) -> None:
        """Conditional flows to these targets, nearly always with a default among them."""
        default = self.random.randrange(len(targets)) if self.chance(95) else -1
        for number, target in enumerate(targets):
            flow = self.join(gateway, target, None if number == default else self.condition())
            if number == default:
                self.diagram.nodes[gateway].default = flow


class Structured(Drawing):
    """Blocks: each has one way in and one way out; joins do not always fit their splits."""

    DOUBLING = 8
    """How often, in a hundred, a token becomes two."""

    def draw(self, size: int) -> Diagram:
        """A scope with about this many blocks."""
        first, last = self.sequence(size)
        self.join(self.add("start"), first)
        self.join(last, self.add("end"))
        if self.chance(25):
            self.aside()
        return self.diagram

    def aside(self) -> None:
        """An event subprocess with one step in it."""
        inner = Structured(self.random, self.ids, 0)
        first, last = inner.simple()
        inner.join(inner.add("trigger", event="message", interrupting=self.chance(40)), first)
        inner.join(last, inner.add("end"))
        self.add("aside", body=inner.diagram)

    def sequence(self, size: int) -> tuple[str, str]:
        """Blocks in a row."""
        first, last = self.block(size)
        for _ in range(self.random.randint(0, max(0, size - 1))):
            after, end = self.block(size - 1)
            self.join(self.twice(last) if self.chance(self.DOUBLING // 2) else last, after)
            last = end
        return first, last

    def block(self, size: int) -> tuple[str, str]:
        """Any block."""
        if size <= 0:
            return self.simple()
        found = self.random.choice(self.kinds())
        return found() if found in (self.simple, self.activity) else found(size - 1)  # type: ignore[call-arg]

    def kinds(self) -> list[Callable[..., tuple[str, str]]]:
        """The blocks to choose from."""
        return [
            self.simple, self.activity, self.choice, self.fork, self.inclusive, self.loop, self.events, self.leave
        ]  # fmt: skip

    def simple(self) -> tuple[str, str]:
        """A node without an inside."""
        kind = self.random.choice(["user", "user", "user", "script", "task", "catch"])
        name = self.add(kind, event="message" if kind == "catch" else "")
        node = self.diagram.nodes[name]
        if kind == "script":
            node.counter = self.random.choice(COUNTERS)
        if kind == "user":
            node.copies = self.some(NAMES, 10)
            if self.chance(15):
                node.again = Again(self.condition(), self.chance(50), self.random.randint(2, 4))
        return name, name

    def activity(self) -> tuple[str, str]:
        """A task or subprocess with what can stand on it: items, boundary events."""
        kind = self.random.choice(["user", "sub"]) if self.depth else "user"
        many = self.many(kind) if self.chance(40) else None
        # No copies of counters: scripts of other branches change them, and which goes first BPMN leaves open.
        name = self.add(kind, copies=self.some(NAMES, 15), many=many)
        if kind == "sub":
            inner = Structured(self.random, self.ids, self.depth - 1, many is not None)
            self.diagram.nodes[name].body = inner.draw(self.random.randint(1, 2))
        return name, self.boundaries(name)

    def many(self, kind: str) -> Many:
        """Several items."""
        count = self.random.randint(0, 3)
        if self.chance(30):
            return Many(count, self.chance(50), self.random.randint(1, 2))
        collect = self.ids.new("list") if self.chance(50) else ""
        return Many(count, self.chance(50), 0, collect, self.random.choice(NAMES) if collect else "")

    def boundaries(self, host: str) -> str:
        """Boundary events on a host; gives the node to go on from."""
        exits = []
        for _ in range(self.random.choice([0, 0, 1, 1, 2])):
            boundary = self.add("boundary", host=host, event="message", interrupting=self.chance(60))
            exits.append(boundary)
        body = self.diagram.nodes[host].body
        if body is not None and self.chance(20):
            exits.append(self.error(host, body))
        if not exits:
            return host
        after = self.add(self.random.choice(["exclusive", "task"]))
        self.join(host, after)
        for boundary in exits:
            first, last = self.simple()
            self.join(boundary, first)
            self.join(last, after if self.chance(50) else self.add("end"))
        return after

    def error(self, host: str, body: Diagram) -> str:
        """An error end somewhere in the subprocess, and the boundary event that catches it."""
        code = self.ids.new("code")
        end = next(node for node in body.nodes.values() if node.kind == "end" and not node.event)
        end.event, end.code = "error", code
        return self.add("boundary", host=host, event="error", code=code)

    def choice(self, size: int) -> tuple[str, str]:
        """One of several ways."""
        split, join = self.add("exclusive"), self.add(self.random.choice(["exclusive", "exclusive", "task"]))
        self.choose_among(split, self.ways(size, join))
        return split, join

    def ways(self, size: int, join: str) -> list[str]:
        """Two or three ways to a join; gives their beginnings."""
        found = []
        for _ in range(self.random.randint(2, 3)):
            first, last = self.sequence(size) if self.chance(80) else self.empty()
            found.append(first)
            self.join(self.twice(last) if self.chance(self.DOUBLING) else last, join)
        return found

    def twice(self, last: str) -> str:
        """Two tokens for one: a fork whose ways meet in a task."""
        fork, after = self.add("task"), self.add("task")
        self.join(last, fork)
        for name in (self.add("task"), self.add(self.random.choice(["task", "user"]))):
            self.join(fork, name)
            self.join(name, after)
        return after

    def empty(self) -> tuple[str, str]:
        """A way with nothing that waits."""
        name = self.add("task")
        return name, name

    def fork(self, size: int) -> tuple[str, str]:
        """All of several ways, mostly joined again by a gateway that fits."""
        split = self.add(self.random.choice(["parallel", "parallel", "task"]))
        join = self.add(self.random.choice(["parallel", "parallel", "parallel", "inclusive", "exclusive", "task"]))
        for first in self.ways(size, join):
            self.join(split, first)
        return split, join

    def inclusive(self, size: int) -> tuple[str, str]:
        """Some of several ways."""
        split = self.add(self.random.choice(["inclusive", "inclusive", "task"]))
        join = self.add(self.random.choice(["inclusive", "inclusive", "inclusive", "exclusive", "parallel"]))
        if self.diagram.nodes[split].kind == "task":
            first, *others = self.ways(size, join)
            self.join(split, first)
            for other in others:
                self.join(split, other, self.condition())
        else:
            self.choose_among(split, self.ways(size, join))
        return split, join

    def loop(self, size: int) -> tuple[str, str]:
        """Again while a condition holds; something in it waits."""
        back = self.add("exclusive")
        task = self.add("user")
        first, last = self.sequence(size)
        decide = self.add("exclusive")
        after = self.add("task")
        self.join(back, task)
        self.join(task, first)
        self.join(last, decide)
        self.join(decide, back, self.condition())
        self.diagram.nodes[decide].default = self.join(decide, after)
        return back, after

    def events(self, size: int) -> tuple[str, str]:
        """Whichever message comes first."""
        gateway, join = self.add("events"), self.add("exclusive")
        for _ in range(self.random.randint(2, 3)):
            event = self.add("catch", event="message")
            self.join(gateway, event)
            first, last = self.sequence(size)
            self.join(event, first)
            self.join(last, join)
        return gateway, join

    def leave(self, size: int) -> tuple[str, str]:
        """Perhaps end here; perhaps end everything."""
        terminate = not self.in_many and self.chance(50)
        split, after = self.add("exclusive"), self.add("task")
        first, last = self.sequence(size)
        self.join(first if first == last else last, self.add("end", event="terminate" if terminate else ""))
        self.choose_among(split, [first, after])
        return split, after


class Unstructured(Drawing):
    """Any graph: every node can be reached; circles only through what waits."""

    KINDS = (
        "user", "user", "user", "task", "script", "catch", "exclusive", "exclusive", "parallel", "parallel",
        "inclusive", "inclusive", "sub",
    )  # fmt: skip
    WAITING = ("user", "catch")

    def draw(self, size: int) -> Diagram:
        """A scope with about this many nodes."""
        names = [self.add("start")]
        names += [self.part() for _ in range(size)]
        pairs = [(self.random.choice(names[: number + 1]), name) for number, name in enumerate(names[1:])]
        pairs += [self.pair(names) for _ in range(self.random.randint(1, size))]
        for name in names:
            self.lead(name, list(dict.fromkeys(target for source, target in pairs if source == name)))
        return self.diagram

    def part(self) -> str:
        """A node of any kind."""
        kind = self.random.choice(self.KINDS)
        if kind == "sub" and not self.depth:
            kind = "user"
        if kind != "sub":
            counter = self.random.choice(COUNTERS) if kind == "script" else ""
            return self.add(kind, counter=counter, event="message" if kind == "catch" else "")
        many = Many(self.random.randint(1, 2), self.chance(50)) if self.chance(20) else None
        inner = Structured(self.random, self.ids, self.depth - 1, many is not None).draw(1)
        return self.add("sub", body=inner, many=many)

    def pair(self, names: list[str]) -> tuple[str, str]:
        """One more way: forward, or from something that waits to anything."""
        source, target = sorted(self.random.choices(range(1, len(names)), k=2))
        if source != target and not self.chance(35):
            return names[source], names[target]
        waiting = [name for name in names if self.diagram.nodes[name].kind in self.WAITING]
        return (self.random.choice(waiting) if waiting else names[0]), names[self.random.randrange(1, len(names))]

    def end(self) -> str:
        """An end, or what waits before an end of everything: how far others get before it is left open by BPMN."""
        if self.chance(75):
            return self.add("end")
        before = self.add("user")
        self.join(before, self.add("end", event="terminate"))
        return before

    def lead(self, name: str, targets: list[str]) -> None:
        """Flows from a node to its targets, of the kinds that the node can have."""
        node = self.diagram.nodes[name]
        targets = targets or [self.end()]
        if node.kind in ("exclusive", "inclusive") and len(targets) > 1:
            self.choose_among(name, targets)
            return
        for number, target in enumerate(targets):
            conditional = node.kind in ("user", "task", "script", "sub") and number and self.chance(30)
            self.join(name, target, self.condition() if conditional else None)


class Tangled(Unstructured):
    """As unstructured, of gateways and tasks only, with many ways back: joins in circles."""

    KINDS = ("user", "user", "user", "parallel", "parallel", "parallel", "inclusive", "inclusive", "exclusive", "task")

    def pair(self, names: list[str]) -> tuple[str, str]:
        """One more way, half of them back."""
        waiting = [name for name in names if self.diagram.nodes[name].kind in self.WAITING]
        if waiting and self.chance(50):
            return self.random.choice(waiting), self.random.choice(names[1:])
        return super().pair(names)


class Joined(Structured):
    """Splits and joins of all kinds, with many tokens on the way."""

    DOUBLING = 40

    def kinds(self) -> list[Callable[..., tuple[str, str]]]:
        """What forks and joins."""
        return [self.fork, self.fork, self.inclusive, self.inclusive, self.loop]


def joined(random: Random) -> Diagram:
    """A structured diagram of splits and joins."""
    return Joined(random, Ids(), 0).draw(random.randint(1, 2))


def tangled(random: Random) -> Diagram:
    """A small diagram full of circles."""
    return Tangled(random, Ids(), 0).draw(random.randint(4, 8))


def structured(random: Random) -> Diagram:
    """A structured diagram."""
    return Structured(random, Ids(), 2).draw(random.randint(1, 3))


def unstructured(random: Random) -> Diagram:
    """An unstructured diagram."""
    return Unstructured(random, Ids(), 1).draw(random.randint(3, 9))
