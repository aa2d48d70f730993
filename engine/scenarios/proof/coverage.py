"""How much of a practice its scenarios reach: elements and flows of each diagram, rules of each table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.scenarios.proof.bounds import Bounds
from engine.scenarios.proof.practice import Proved, flows_of, nodes_of, rules_of
from engine.scenarios.proof.trace import Trace


@dataclass(frozen=True, slots=True)
class Reach:
    """Of some things, in the order of their file, which were reached."""

    all: tuple[str, ...]
    reached: frozenset[str]

    @property
    def missed(self) -> tuple[str, ...]:
        """What was not."""
        return tuple(each for each in self.all if each not in self.reached)

    @property
    def percent(self) -> int:
        """Reached of all, rounded down, so that 100 means everything."""
        return 100 * len(self.reached) // len(self.all) if self.all else 100


@dataclass(frozen=True, slots=True)
class DiagramReach:
    """A diagram."""

    id: str
    name: str
    elements: Reach
    flows: Reach


@dataclass(frozen=True, slots=True)
class TableReach:
    """A decision table."""

    id: str
    name: str
    rules: Reach


@dataclass(frozen=True, slots=True)
class Coverage:
    """All diagrams and tables of a practice."""

    diagrams: tuple[DiagramReach, ...]
    tables: tuple[TableReach, ...]


def coverage_of(practice: Proved, trace: Trace) -> Coverage:
    """What a trace reaches of a practice; what a scenario reached in a diagram it changed counts where it still is."""
    diagrams = tuple(
        DiagramReach(
            each.id,
            each.name or each.id,
            _reach(each.id, nodes_of(each), trace.elements),
            _reach(each.id, flows_of(each), trace.flows),
        )
        for each in practice.processes
    )
    tables = tuple(
        TableReach(key, each.name or key, _reach(key, rules_of(each), trace.rules))
        for key, each in practice.decisions.items()
        if rules_of(each)
    )
    return Coverage(diagrams, tables)


def shortfalls(coverage: Coverage, bounds: Bounds) -> Iterator[str]:
    """What keeps the coverage from being enough, a sentence each; nothing when it is."""
    for diagram in coverage.diagrams:
        if diagram.elements.percent < bounds.elements:
            yield (
                f"{diagram.id}: {diagram.elements.percent} % of its elements are reached, {bounds.elements} % must be."
            )
        yield from _unexplained(diagram.id, "element", diagram.elements, bounds)
    for table in coverage.tables:
        wanted = [each for each in table.rules.all if not bounds.reason(table.id, each)]
        found = Reach(tuple(wanted), table.rules.reached & frozenset(wanted))
        if found.percent < bounds.rules:
            yield f"{table.id}: {found.percent} % of its rules answered, {bounds.rules} % must."
        yield from _unexplained(table.id, "rule", table.rules, bounds)
    yield from _idle(coverage, bounds)


def _unexplained(where: str, what: str, reach: Reach, bounds: Bounds) -> Iterator[str]:
    missing = [each for each in reach.missed if not bounds.reason(where, each)]
    if missing:
        yield f"{where}: no scenario reaches the {what}{'s' if missing[1:] else ''} {', '.join(missing)}."


def _idle(coverage: Coverage, bounds: Bounds) -> Iterator[str]:
    """Exceptions that except nothing."""
    parts = {each.id: each.elements for each in coverage.diagrams} | {each.id: each.rules for each in coverage.tables}
    for each in bounds.excepted:
        reach = parts.get(each.where)
        if reach is None or each.id not in reach.all:
            yield f"{each.place}: there is no {each.id} in {each.where}."
        elif each.id in reach.reached:
            yield f"{each.place}: {each.id} of {each.where} is reached; take its exception out."


def _reach(where: str, all_: Iterable[str], found: frozenset[tuple[str, str]]) -> Reach:
    ids = tuple(all_)
    return Reach(ids, frozenset(each for each in ids if (where, each) in found))
