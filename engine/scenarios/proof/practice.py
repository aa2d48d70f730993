"""What a practice holds that can be proved: its diagrams with their elements and flows, its tables with their rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.decisions import Decision, read_dmn
from engine.definitions.model import Node, ProcessDefinition, Scope
from engine.definitions.practice import Surroundings
from engine.runtime.deployed import readings
from engine.runtime.deployments.checking import read


@dataclass(frozen=True)
class Proved:
    """A practice as it stands in its files."""

    files: Mapping[str, bytes]
    processes: tuple[ProcessDefinition, ...]
    decisions: Mapping[str, Decision]
    surroundings: Surroundings

    def decision_file(self, decision: str) -> str:
        """The file a table stands in."""
        return next((name for name, found in _tables(self.files) if decision in found), "")


def read_proved(files: Mapping[str, bytes]) -> Proved:
    """Read it; what is wrong with it is `gendan validate`'s to say."""
    processes = tuple(each for each in read(files).definitions.values() if each.executable)
    decisions = {key: each for _, found in _tables(files) for key, each in found.items()}
    return Proved(files, processes, decisions, readings.surroundings(files)[0])


def nodes_of(process: ProcessDefinition) -> Mapping[str, Node]:
    """Every element of a diagram by its id."""
    return {node.id: node for node in process.scope.walk()}


def flows_of(process: ProcessDefinition) -> tuple[str, ...]:
    """The ids of every sequence flow of a diagram, within subprocesses too."""
    return tuple(_flows(process.scope))


def rules_of(decision: Decision) -> tuple[str, ...]:
    """The ids of the rules of a table; none for another kind of decision."""
    return tuple(rule.id for rule in decision.table.rules) if decision.table is not None else ()


def _flows(scope: Scope) -> Iterator[str]:
    yield from scope.flows
    for node in scope.nodes.values():
        if node.body is not None:
            yield from _flows(node.body)


def _tables(files: Mapping[str, bytes]) -> Iterator[tuple[str, Mapping[str, Decision]]]:
    for name, content in sorted(files.items()):
        if name.endswith(".dmn"):
            yield name, read_dmn(content, name)[0].decisions
