"""Multi-instance and standard loops (BPMN 2.0 §10.3.7, §13.3.7; camunda:collection, elementVariable).

The container counts; each item has its own local variables: `loopCounter` (from 0, as Camunda counts), the element
variable and, of a multi-instance, the result variable. Results leave by the output collection, in the order of the
items.
"""

from __future__ import annotations

import re
from decimal import Decimal

from engine.definitions.model import EventDefinition, Loop, Node
from engine.dialect import texts
from engine.dialect.token import Phase, Rounds, Token
from engine.dialect.variables import declare, evaluate, write
from engine.errors import ExpressionError
from engine.expressions import Compiled
from engine.values import Value

MOST_AT_ONCE = 10_000
"""How many items of one multi-instance may run at once: a number mistaken for a count must not eat the memory."""
_NAME = re.compile(r"[^\W\d]\w*", re.UNICODE)


class Looping:
    """What all kinds of repetition share."""

    sequential = True
    keeps_result = True
    """Whether each item has a result variable of its own."""

    def __init__(self, node: Node, loop: Loop) -> None:
        self.loop = loop
        self.completion = texts.text(node, "completion condition", loop.completion)
        self.output = _text(node, "outputElement", loop.output_element)
        self.what = f"The loop of {node.id}"
        self.thrown = [
            (each.event, (each.when, texts.text(node, "behavior condition", each.condition))) for each in loop.thrown
        ]

    def begin(self, container: Token) -> bool:
        """Set the container up and begin the first items; True when there are none."""
        raise NotImplementedError

    def stops(self, item: Token, rounds: Rounds) -> bool:
        """Whether the loop is over after this item; may raise a GendanError."""
        raise NotImplementedError

    def weigh(self, item: Token) -> None:
        """The item is done: its output, and whether it is the last."""
        container = item.above
        rounds = container.rounds
        assert rounds is not None
        output = evaluate(item, self.output) if self.output is not None else None
        stops = self.stops(item, rounds)
        item.output = (output, stops)
        item.throws = [event for event, thrown in self.thrown if self._throws(item, rounds, thrown)]

    def _throws(self, item: Token, rounds: Rounds, thrown: tuple[str, Compiled | None]) -> bool:
        when, condition = thrown
        if condition is not None:
            return bool(texts.as_truth(evaluate(item, condition), f"{self.what}: its behavior"))
        return when == "every" or rounds.done == 0

    def item_done(self, container: Token, item: Token) -> None:
        """Take the item away; go on with the next, or with the container."""
        rounds, tree = container.rounds, container.tree
        assert rounds is not None
        assert item.item is not None
        output, stop = item.output
        rounds.done += 1
        if self.output is not None:
            rounds.results[item.item] = output
        tree._remove_task(item.id)
        for event in item.throws:
            self._catch(container, event)
            if not container.alive:
                return
        if stop:
            self.finish(container)
        elif self.sequential:
            self.item(container)

    def _catch(self, container: Token, event: EventDefinition) -> None:
        """What an instance throws is for the boundary events of the activity (§10.3.7); they see its numbers."""
        payload = {name: value for name, value in (container.local or {}).items() if name.startswith("nrOf")}
        for boundary in container.task_spec.boundaries():
            if any(each.kind is event.kind and each.name == event.name for each in boundary.node.events):
                boundary.occur(container, payload)
                return

    def item_withdrawn(self, container: Token) -> None:
        """An item was taken away by a modification: the loop goes on without it."""
        rounds = container.rounds
        assert rounds is not None
        rounds.done += 1
        if rounds.total is None or rounds.done >= rounds.total:
            self.finish(container)
        elif self.sequential:
            self.item(container)

    def finish(self, container: Token) -> None:
        """The container has nothing left to wait for; items that still run are withdrawn."""
        tree = container.tree
        for item in container.below:
            if item.item is not None:
                tree.drop(item, container.task_spec.element_id)
        tree.again(container, Phase.LEAVE)

    def item(self, container: Token) -> None:
        """Begin the next item."""
        rounds, tree = container.rounds, container.tree
        assert rounds is not None
        number = rounds.started
        rounds.started += 1
        item = tree.make(container, container.task_spec)
        item.item = number
        item.local = {"loopCounter": Decimal(number)}
        if self.loop.element:
            item.local[self.loop.element] = rounds.items.pop(0) if rounds.items else None
        container.task_spec._update(item)

    def collect(self, container: Token) -> None:
        """Write the outputs, in the order of the items."""
        rounds = container.rounds
        assert rounds is not None
        if self.loop.output_collection:
            results: Value = [rounds.results[number] for number in sorted(rounds.results)]
            write(container, self.loop.output_collection, results, outward=True)


class MultiInstance(Looping):
    """As many items as the collection has, or as the cardinality says; one after the other or at once."""

    def __init__(self, node: Node, loop: Loop) -> None:
        super().__init__(node, loop)
        self.sequential = loop.sequential
        self.collection = _text(node, "collection", loop.collection)
        self.cardinality = texts.text(node, "loop cardinality", loop.cardinality)
        if self.collection is None and self.cardinality is None:
            raise texts.refuse(node, "its multi-instance has no collection and no cardinality", "Give one of them.")

    def begin(self, container: Token) -> bool:
        """One item, or all."""
        items: list[Value] = []
        if self.collection is not None:
            found = evaluate(container, self.collection)
            if not isinstance(found, list):
                raise ExpressionError("%(what)s: its collection is no list but %(value)r.", what=self.what, value=found)
            items = list(found)
            total = len(items)
        else:
            assert self.cardinality is not None
            total = texts.as_count(evaluate(container, self.cardinality), f"{self.what}: its cardinality")
        if total > MOST_AT_ONCE and not self.sequential:
            raise ExpressionError(
                "%(what)s: %(total)s items at once, more than %(most)d. Correct the number, or run them one after the "
                "other.",
                what=self.what, total=total, most=MOST_AT_ONCE,
            )  # fmt: skip
        container.rounds = Rounds(total, items=items if self.loop.element else [])
        self._count(container)
        for _ in range(min(total, 1) if self.sequential else total):
            self.item(container)
        return total == 0

    def stops(self, item: Token, rounds: Rounds) -> bool:
        """All are done, or the completion condition is true."""
        self._count(item.above, 1)
        if self.completion is not None and texts.as_truth(
            evaluate(item, self.completion), f"{self.what}: its completion condition"
        ):
            return True
        return rounds.total is not None and rounds.done + 1 >= rounds.total

    def _count(self, container: Token, more: int = 0) -> None:
        rounds = container.rounds
        assert rounds is not None
        assert rounds.total is not None
        done = rounds.done + more
        active = min(1, rounds.total - done) if self.sequential else rounds.total - done
        declare(container, "nrOfInstances", Decimal(rounds.total))
        declare(container, "nrOfCompletedInstances", Decimal(done))
        declare(container, "nrOfActiveInstances", Decimal(active))


class StandardLoop(Looping):
    """Again while the condition is true, at most as often as the maximum says. Each round goes on with what the one
    before has written."""

    keeps_result = False

    def __init__(self, node: Node, loop: Loop) -> None:
        super().__init__(node, loop)
        self.maximum = texts.text(node, "loop maximum", loop.cardinality)
        if self.completion is None and self.maximum is None:
            raise texts.refuse(node, "its loop has neither condition nor maximum", "Give a loop condition.")

    def begin(self, container: Token) -> bool:
        """The first round, when the condition is not tested before or is true."""
        rounds = Rounds(None)
        if self.loop.test_before and not self._again(container, rounds.done):
            return True
        container.rounds = rounds
        self.item(container)
        return False

    def stops(self, item: Token, rounds: Rounds) -> bool:
        """Whether no further round follows."""
        return not self._again(item, rounds.done + 1)

    def _again(self, token: Token, done: int) -> bool:
        if self.maximum is not None and done >= texts.as_count(
            evaluate(token, self.maximum), f"{self.what}: its maximum"
        ):
            return False
        if self.completion is None:
            return True
        return bool(texts.as_truth(evaluate(token, self.completion), f"{self.what}: its condition"))


def looping(node: Node) -> Looping | None:
    """The loop of an activity, compiled."""
    if node.loop is None:
        return None
    return StandardLoop(node, node.loop) if node.loop.standard else MultiInstance(node, node.loop)


def _text(node: Node, what: str, source: str) -> Compiled | None:
    """A name or an expression: `orders` and `${orders}` mean the same here."""
    return texts.text(node, what, f"${{{source.strip()}}}" if _NAME.fullmatch(source.strip()) else source)
