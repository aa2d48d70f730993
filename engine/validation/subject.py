"""What rules look at: one file, and the practice around it when that is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Protocol

from engine.decisions.model import Decision
from engine.definitions.model import BpmnFile, Node, ProcessDefinition, Scope
from engine.definitions.practice.surroundings import Surroundings
from engine.expressions import FUNCTIONS, Function
from engine.validation.dataflow import Flow
from engine.validation.entries import entries
from engine.validation.inference import Misfit, Names, type_of
from engine.validation.names import Names as Written
from engine.validation.soundness import Explored, explore
from engine.validation.types import Type
from engine.validation.uses import Use, uses
from engine.validation.variables import Variables


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
    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """The values of input parameters that are a choice, by their name."""
        ...

    @property
    def passes_on(self) -> bool:
        """Whether inputs it does not know are passed on (as variables, payload, filters) instead of being wrong."""
        ...


@dataclass(frozen=True)
class Practice:
    """The whole set that is deployed together. What is None is not known, and rules about it keep silent.

    `decisions` are their ids, better with the names that each reads from the process that asks it; `tables` are the
    decisions themselves, `now` is when it is checked.
    """

    files: tuple[BpmnFile, ...]
    decisions: Mapping[str, frozenset[str]] | frozenset[str] | None = None
    surroundings: Surroundings | None = None
    connectors: Mapping[str, ConnectorSpec] | None = None
    functions: Mapping[str, Function] = field(default_factory=lambda: FUNCTIONS)
    tables: Mapping[str, Decision] = field(default_factory=dict)
    now: datetime | None = None

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
    def names(self) -> Written:
        """Which names each process writes and is given."""
        return Written(self.processes)

    @cached_property
    def flows(self) -> Mapping[str, Flow]:
        """The data flow of each process."""
        begun = entries(self.processes)
        topics = frozenset(self.connectors or ())
        return {name: Flow(process, begun[name], topics) for name, process in self.processes.items()}

    @cached_property
    def variables(self) -> Variables:
        """What is known of the types of each process's variables."""
        return Variables(self.processes, self.tables)


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
    def explored(self) -> tuple[tuple[Scope, Explored], ...]:
        """What going through the states of each scope gave. No key is made of ids: they may stand twice."""
        return tuple((scope, explore(scope)) for _, scope, _ in self.scopes)

    @cached_property
    def inferred(self) -> tuple[tuple[Use, Type, list[Misfit]], ...]:
        """Every readable expression with the type of what it gives and what does not go together in it; needs the
        whole practice, and is empty without it."""
        readable = [use for use in self.uses if use.compiled is not None] if self.whole else []
        return tuple((use, *type_of(use.compiled, self._seen(use))) for use in readable if use.compiled is not None)

    def _seen(self, use: Use) -> Names:
        if use.field is not None and use.node is not None:
            return self.practice.variables.in_form(use.process, use.node, use.field.id.partition("[]")[0])
        return self.practice.variables.at(use.process, use.node, use.inputs)

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
