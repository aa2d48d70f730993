"""A deployed set, parsed: shared read-only by everything that runs on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.decisions import Decision
from engine.definitions.model import Kind, Node, ProcessDefinition
from engine.definitions.practice import Surroundings
from engine.dialect.program import Program
from engine.runtime.deployed.traits import Element, Traits


@dataclass(frozen=True)
class DeployedProcess:
    """One version of a process as its deployment set holds it; `row_id` is its row in `process_definition`."""

    row_id: int
    version: int
    definition: ProcessDefinition
    program: Program
    traits: Traits
    elements: Mapping[str, Element]

    @property
    def id(self) -> str:
        """The id of the process in its diagram."""
        return self.definition.id

    @property
    def name(self) -> str:
        """The name on the diagram, or the id where it has none."""
        return self.definition.name or self.definition.id

    @cached_property
    def starts(self) -> tuple[Node, ...]:
        """What can begin the process, in document order; where there is no start event, the process itself stands for
        it: everything in it that nothing leads to begins."""
        found = self.definition.scope.starts()
        whole = Node(self.id, self.definition.name, Kind.START_EVENT, "", self.definition.line)
        return found or (whole,)

    @cached_property
    def messages(self) -> frozenset[str]:
        """The messages that instances of this version may ever catch (its own, without those it calls)."""
        return frozenset(
            event.name
            for node in self.definition.scope.walk()
            for event in node.events
            if event.kind == "message" and node.kind not in (Kind.THROW_EVENT, Kind.END_EVENT)
        ) | frozenset(node.message_name for node in self.definition.scope.walk() if node.kind is Kind.RECEIVE_TASK)

    @cached_property
    def called(self) -> frozenset[str]:
        """The processes that call activities of this one name."""
        return frozenset(node.call.element for node in self.definition.scope.walk() if node.call is not None)


def _messages(node: Node) -> frozenset[str]:
    """The messages that begin a process at this node."""
    if node.kind is Kind.RECEIVE_TASK:
        return frozenset({node.message_name})
    return frozenset(event.name for event in node.events if event.kind == "message")


@dataclass(frozen=True)
class Practice:
    """The whole practice of one deployment.

    `files` maps each name to its digest. `decisions` is what `engine.decisions` made of the tables.
    """

    deployment_id: int
    files: Mapping[str, str]
    surroundings: Surroundings
    processes: Mapping[str, DeployedProcess]
    decisions: Mapping[str, Decision] = field(default_factory=dict)

    def message_start(self, name: str) -> tuple[DeployedProcess, Node] | None:
        """The process that a message of this name starts, with its start event."""
        for process in self.processes.values():
            for node in process.starts:
                if name in _messages(node):
                    return process, node
        return None

    def can_catch(self, process_id: str, message: str) -> bool:
        """Whether an instance of this process may ever wait for this message, itself or in what it calls."""
        seen: set[str] = set()
        open_ = [process_id]
        while open_:
            here = open_.pop()
            process = self.processes.get(here)
            if here in seen or process is None:
                if process is None and here.startswith("${"):
                    return True
                continue
            seen.add(here)
            if message in process.messages:
                return True
            open_.extend(process.called)
        return False
