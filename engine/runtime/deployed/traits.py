"""What a process says about its instances in its properties, read once: record, number, title, rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.definitions.model import Kind, Node, ProcessDefinition, Scope
from engine.definitions.practice import Clauses, NumberPattern
from engine.expressions import Compiled, compile_text
from engine.forms import Form, build_form


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node as rows and pages need it. `stage` is its own or that of the nearest scope around it; `form` is
    built once and empty when it has none."""

    node: Node
    stage: str
    batch: bool
    clauses: tuple[str, ...]
    form: Form

    @property
    def name(self) -> str:
        """The name on the diagram, or the id where it has none."""
        return self.node.name or self.node.id

    @property
    def prefilled(self) -> bool:
        """Whether variables of the same names fill the form beforehand."""
        return self.node.properties.get("noPrefill", "") != "true"


@dataclass(frozen=True, slots=True)
class Traits:
    """The properties of a process; expressions are compiled, absent ones None."""

    record_type: str
    linked_to: tuple[str, ...]
    number: NumberPattern | None
    title: Compiled | None
    owner: Compiled | None
    readers: Compiled | None
    excluded: Compiled | None
    publish: frozenset[str]
    summary: tuple[str, ...]
    starters: tuple[str, ...]
    cancellers: tuple[str, ...]
    holders: tuple[str, ...]
    holdable: Compiled | None
    correctors: tuple[str, ...]
    confidential: bool
    tells: frozenset[str]

    @property
    def watched(self) -> frozenset[str]:
        """The instance's variables whose change can change title, owner or who may see it."""
        found: frozenset[str] = frozenset()
        for each in (self.title, self.owner, self.readers, self.excluded):
            if each is not None:
                found |= each.names
        return found


def read_traits(definition: ProcessDefinition) -> Traits:
    """The traits of a validated definition."""
    given = definition.properties

    def expression(name: str) -> Compiled | None:
        return compile_text(given[name]) if given.get(name) else None

    return Traits(
        record_type=given.get("recordType", ""),
        linked_to=split(given.get("linkedTo", "")),
        number=NumberPattern.parse(given["number"]) if given.get("number") else None,
        title=expression("title"),
        owner=expression("owner"),
        readers=expression("readers"),
        excluded=expression("excluded"),
        publish=frozenset(split(given.get("publish", ""))),
        summary=split(given.get("summary", "")),
        starters=split(given.get("starters", "")),
        cancellers=split(given.get("cancellers", "")),
        holders=split(given.get("holders", "")),
        holdable=expression("holdable"),
        correctors=split(given.get("correctors", "")),
        confidential=given.get("confidential", "").strip().lower() == "true",
        tells=frozenset(split(given.get("tells", ""))),
    )


def split(text: str) -> tuple[str, ...]:
    """The parts of a comma-separated property."""
    return tuple(part for part in (piece.strip() for piece in text.split(",")) if part)


def read_elements(definition: ProcessDefinition, clauses: Clauses, stage: str) -> Mapping[str, Element]:
    """Every flow node by id, and the process itself as what begins it when it has no start event.

    `stage` is inherited from outside: of the process that calls this one."""
    whole = Node(definition.id, definition.name, Kind.START_EVENT, "", definition.line)
    found = {definition.id: Element(whole, stage, False, (), build_form(()))}
    _walk(definition.scope, definition.properties.get("stage", stage), clauses, found)
    return found


def _walk(scope: Scope, outer: str, clauses: Clauses, found: dict[str, Element]) -> None:
    for node in scope.nodes.values():
        stage = node.properties.get("stage", outer)
        batch = node.kind is Kind.USER_TASK and node.properties.get("batch", "") == "true"
        found[node.id] = Element(node, stage, batch, clauses.cited(node.documentation), build_form(node.form))
        if node.body is not None:
            _walk(node.body, stage, clauses, found)


def subjects(given: object) -> tuple[str, ...]:
    """What an expression or list names as subjects: `group:x`, `user:x`; a bare id is a user's."""
    entries = given if isinstance(given, list) else [given]
    found = []
    for entry in entries:
        for part in split(str(entry)) if entry is not None else ():
            found.append(part if part.startswith(("group:", "user:")) else f"user:{part}")
    return tuple(dict.fromkeys(found))


def call_stages(definitions: Mapping[str, ProcessDefinition]) -> Mapping[str, str]:
    """The stage a called process inherits: of the first call activity that names it and stands in a stage."""
    found: dict[str, str] = {}

    def walk(scope: Scope, outer: str) -> None:
        for node in scope.nodes.values():
            stage = node.properties.get("stage", outer)
            if node.call is not None and stage:
                found.setdefault(node.call.element, stage)
            if node.body is not None:
                walk(node.body, stage)

    for definition in definitions.values():
        walk(definition.scope, definition.properties.get("stage", ""))
    return found
