"""Runs the model and the engine side by side, with the same choices, and compares all that can be seen of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from engine.runtime.core import Wait
from engine.values import Value
from tests.engine.token_model.diagram import Diagram, trigger_of
from tests.engine.token_model.generate import NAMES, START
from tests.engine.token_model.model import Model
from tests.engine.token_model.side import Engine
from tests.engine.token_model.state import Offer, throws_of

MOST_OFFERS = 25
"""A run in which more than this waits is cut: tokens multiply."""

NOT_DONE = ("incident", "condition")
"""What waits, but for nothing that is done here: conditions become true by what tasks set."""


class Difference(AssertionError):
    """Model and engine disagree."""


def places(diagram: Diagram, around: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """For each element the names that tell the runs apart it stands in, outermost first."""
    found: dict[str, tuple[str, ...]] = {}
    for node in diagram.nodes.values():
        inner = (*around, f"item_{node.id}") if node.many else around
        found[node.id] = inner if node.kind == "user" else around
        if node.body is not None:
            found |= places(node.body, (*inner, f"mark_{node.id}"))
        if node.kind == "aside":
            found[trigger_of(node).id] = around
    return found


@dataclass
class Branch:
    """What waits within one run (or group of items), as a tree. `marks` of the items are their numbers."""

    waits: list[tuple[tuple[str, str], Any]] = field(default_factory=list)
    inner: dict[tuple[str, str], Branch] = field(default_factory=dict)

    def add(self, path: list[tuple[str, str]], key: tuple[str, str], wait: Any) -> None:
        """Put a wait in its place."""
        branch = self
        for step in path:
            branch = branch.inner.setdefault(step, Branch())
        branch.waits.append((key, wait))

    def shape(self) -> tuple[Any, ...]:
        """Equal for branches that differ in marks only (numbers of items are kept)."""
        keys = sorted(Counter(key for key, _ in self.waits).items())
        inner = sorted((_kept(step), branch.shape()) for step, branch in self.inner.items())
        return (tuple(keys), tuple(inner))


def _kept(step: tuple[str, str]) -> tuple[str, str]:
    return step if step[0].startswith("#") else (step[0], "")


def _path(names: tuple[str, ...], seen: Mapping[str, Any]) -> list[tuple[str, str]]:
    path: list[tuple[str, str]] = []
    for name in names:
        group, _, number = str(seen[name]).partition(":")
        path.append((name, group))
        if number:
            path.append(("#", number))
    return path


def _plain(seen: Mapping[str, Any]) -> dict[str, Any]:
    """Without what tells runs apart and what items count together; numbers as they compare."""
    hidden = ("mark_", "item_", "nrOf")
    return {name: _value(value) for name, value in seen.items() if not name.startswith(hidden)}


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_value(item) for item in value)
    if isinstance(value, dict):
        return tuple(sorted((name, _value(item)) for name, item in value.items()))
    return int(value) if isinstance(value, Decimal) else value


class Comparison:
    """One diagram run on both sides."""

    def __init__(self, diagram: Diagram, save: bool, faults: frozenset[str] = frozenset()) -> None:
        self.diagram = diagram
        self.places = places(diagram)
        self.model = Model(diagram, START, faults)
        self.engine = Engine(diagram, {name: Decimal(value) for name, value in START.items()}, save)
        self.same: dict[tuple[str, str], tuple[str, str]] = {}
        self.story: list[str] = []
        self.check()

    def check(self) -> list[tuple[Offer, Wait]]:
        """Compare everything; gives what waits in pairs. Raises Difference."""
        offers, waits = self.model.offers(), self.engine.waits()
        ours = Counter((offer.kind, offer.element) for offer in offers)
        theirs = Counter((wait.kind, wait.at.element_id) for wait in waits)
        self._equal("what was left", Counter(self.model.trace), Counter(self.engine.trace()))
        self._equal("what waits", ours, theirs)
        self._equal("open", self.model.open, self.engine.open)
        variables = _plain(self.model.root.variables.own)
        self._equal("variables", variables, _plain(self.engine.variables()))
        mine, other = Branch(), Branch()
        for offer in offers:
            path = _path(self.places[offer.element], offer.variables.visible())
            mine.add(path, (offer.kind, offer.element), offer)
        for wait in waits:
            path = _path(self.places[wait.at.element_id], self.engine.variables(wait))
            other.add(path, (wait.kind, wait.at.element_id), wait)
        pairs: list[tuple[Offer, Wait]] = []
        self._match(mine, other, pairs)
        return pairs

    def _match(self, mine: Branch, other: Branch, pairs: list[tuple[Offer, Wait]]) -> None:
        """Pair equal waits of equal runs; runs that were paired once stay so."""
        self._equal("what waits within a run", mine.shape(), other.shape())
        left = list(other.waits)
        for key, offer in mine.waits:
            seen = _plain(offer.variables.visible())
            alike = [(found, wait) for found, wait in left if found == key and self._sees(offer, wait, seen)]
            if not alike:
                raise Difference(f"{self.text()}\nno {key} sees {seen}: {[self.engine.variables(w) for _, w in left]}")
            left.remove(alike[0])
            pairs.append((offer, alike[0][1]))
        free = dict(other.inner)
        for step, branch in sorted(mine.inner.items(), key=lambda item: item[0] not in self.same):
            partner = self.same.get(step) if not step[0].startswith("#") else step
            if partner is None:
                taken = set(self.same.values())
                partner = next(
                    (found for found, inner in free.items()
                     if found[0] == step[0] and found not in taken and inner.shape() == branch.shape()), None,
                )  # fmt: skip
            if partner is None or partner not in free:
                raise Difference(f"{self.text()}\nno run like {step}: {branch.shape()} among {list(free)}")
            if not step[0].startswith("#"):
                self.same[step] = partner
            self._match(branch, free.pop(partner), pairs)

    def _sees(self, offer: Offer, wait: Wait, seen: dict[str, Any]) -> bool:
        return offer.kind != "task" or seen == _plain(self.engine.variables(wait))

    def act(self, random: Random, pairs: list[tuple[Offer, Wait]]) -> bool:
        """Do something on both sides; False when there is nothing to do."""
        possible = [pair for pair in pairs if pair[0].kind not in NOT_DONE and self._clear(pair[0], pairs)]
        if not possible:
            return False
        weights = [3 if offer.kind == "task" else 1 for offer, _ in possible]
        offer, wait = random.choices(possible, weights)[0]
        if offer.kind == "task":
            values = {name: random.randint(0, 3) for name in NAMES if random.randint(0, 1)}
            self.story.append(f"complete {offer.element} {values}")
            given: dict[str, Value] = {name: Decimal(value) for name, value in values.items()}
            self.model.complete(offer, values)
            self.engine.complete(wait, given)
        else:
            self.story.append(f"fire {offer.element}")
            self.model.fire(offer)
            self.engine.fire(wait)
        return True

    def _clear(self, offer: Offer, pairs: list[tuple[Offer, Wait]]) -> bool:
        """Whether it is plain which one is meant: boundary events of several running hosts look alike, and what
        several compensation throws undo."""
        twins = [other for other, _ in pairs if other.node is offer.node]
        if offer.node.kind == "boundary":
            return sum(other.token.frame is offer.token.frame for other in twins) == 1
        return len({throws_of(other.token.frame) for other in twins}) == 1

    def _equal(self, what: str, ours: Any, theirs: Any) -> None:
        if ours != theirs:
            if isinstance(ours, Counter):
                ours, theirs = ours - theirs, theirs - ours
            raise Difference(f"{self.text()}\n{what}:\n  model  {ours}\n  engine {theirs}")

    def text(self) -> str:
        """What was done so far."""
        return "\n".join(self.story) or "(at the start)"


def run(random: Random, diagram: Diagram, save: bool, actions: int, faults: frozenset[str] = frozenset()) -> str:
    """One run of at most so many actions; tells how it ended: `completed`, `stuck` or `cut`. Raises Difference."""
    both = Comparison(diagram, save, faults)
    for _ in range(actions):
        pairs = both.check()
        if len(pairs) > MOST_OFFERS:
            return "cut"
        if not both.act(random, pairs):
            break
    pairs = both.check()
    if not both.model.open:
        return "completed"
    return "cut" if any(offer.kind not in NOT_DONE for offer, _ in pairs) else "stuck"
