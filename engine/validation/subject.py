"""What rules look at: one file, and the practice around it when that is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from engine.definitions.model import BpmnFile, Node, ProcessDefinition, Scope
from engine.definitions.practice.surroundings import Surroundings
from engine.expressions import FUNCTIONS, Function
from engine.validation.names import Names
from engine.validation.uses import Use, uses


class ConnectorSpec(Protocol):
    """What validation wants to know of a connector."""

    @property
    def topic(self) -> str:
        """The topic that service tasks name."""
        ...

    @property
    def required(self) -> frozenset[str]:
        """Input parameters without which it cannot run."""
        ...

    @property
    def inputs(self) -> frozenset[str]:
        """All input parameters it knows, the required ones too."""
        ...

    @property
    def passes_on(self) -> bool:
        """Whether inputs it does not know are passed on (as variables, payload, filters) instead of being wrong."""
        ...


@dataclass(frozen=True)
class Practice:
    """The whole set that is deployed together. What is None is not known, and rules about it keep silent.

    `decisions` are their ids, better with the names that each reads from the process that asks it.
    """

    files: tuple[BpmnFile, ...]
    decisions: Mapping[str, frozenset[str]] | frozenset[str] | None = None
    surroundings: Surroundings | None = None
    connectors: Mapping[str, ConnectorSpec] | None = None
    functions: Mapping[str, Function] = field(default_factory=lambda: FUNCTIONS)

    @cached_property
    def processes(self) -> Mapping[str, ProcessDefinition]:
        """The executable processes by id; of an id that stands twice the first."""
        found: dict[str, ProcessDefinition] = {}
        for file in self.files:
            for process in file.processes:
                if process.executable:
                    found.setdefault(process.id, process)
        return found

    @cached_property
    def names(self) -> Names:
        """Which names each process writes and is given."""
        return Names(self.processes)


@dataclass(frozen=True, slots=True)
class Place:
    """A node with the process and the scope it stands in; `around` is the subprocess of that scope, if any."""

    process: ProcessDefinition
    scope: Scope
    around: Node | None
    node: Node


@dataclass(frozen=True)
class Subject:
    """A file to be checked, alone or within its practice. Processes that are not executable are left out of
    `processes` and everything derived: they are drawn, never run."""

    file: BpmnFile
    practice: Practice
    whole: bool = False

    @cached_property
    def processes(self) -> tuple[ProcessDefinition, ...]:
        """The executable processes of the file."""
        return tuple(process for process in self.file.processes if process.executable)

    @cached_property
    def scopes(self) -> tuple[tuple[ProcessDefinition, Scope, Node | None], ...]:
        """Every scope with its process and the subprocess it is the body of, outer before inner."""
        return tuple(scope for process in self.processes for scope in _scopes(process, process.scope, None))

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every node of the executable processes."""
        return tuple(
            Place(process, scope, around, node)
            for process, scope, around in self.scopes
            for node in scope.nodes.values()
        )

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """Every text of the file that is an expression, compiled."""
        return tuple(use for process in self.processes for use in uses(process))

    @cached_property
    def process_ids(self) -> frozenset[str]:
        """The ids of the executable processes."""
        return frozenset(process.id for process in self.processes)


def _scopes(
    process: ProcessDefinition, scope: Scope, around: Node | None
) -> Iterator[tuple[ProcessDefinition, Scope, Node | None]]:
    yield process, scope, around
    for node in scope.nodes.values():
        if node.body is not None:
            yield from _scopes(process, node.body, node)
