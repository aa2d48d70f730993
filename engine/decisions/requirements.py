"""The requirements between decisions, knowledge models and inputs: resolved depth first, cycles refused."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from lxml import etree

from engine.decisions.model import Decision, ItemType, Knowledge

if TYPE_CHECKING:
    from engine.decisions.reader import Reader


MAX_DEPTH = 60
"""How long a chain of requirements may be."""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A decision or knowledge model whose requirements are still references."""

    made: Decision | Knowledge
    element: etree._Element


def resolve(reader: Reader, decisions: list[Unresolved], knowledge: list[Unresolved]) -> dict[str, Decision]:
    """The decisions by id with their requirements in place; a cycle or dangling reference is a finding."""
    work = _Resolving(reader, {each.made.id: each for each in (*decisions, *knowledge)})
    found: dict[str, Decision] = {}
    for each in decisions:
        if each.made.id in found:
            reader.error(
                "dmn-reference", each.element, "The id %(id)s is used twice.", "Give each decision its own.",
                id=each.made.id,
            )  # fmt: skip
        found[each.made.id] = cast("Decision", work.of(each.made.id, each.element))
    return found


class _Resolving:
    def __init__(self, reader: Reader, waiting: dict[str, Unresolved]) -> None:
        self.reader = reader
        self.waiting = waiting
        self.done: dict[str, Decision | Knowledge] = {}
        self.path: list[str] = []
        self.depths: dict[str, int] = {}
        self.inputs = {each.get("id", ""): each for each in reader.children(reader.root, "inputData")}

    def of(self, identity: str, user: etree._Element) -> Decision | Knowledge | None:
        """The resolved decision or knowledge model; None when it closes a cycle."""
        if identity in self.done:
            return self.done[identity]
        if len(self.path) >= MAX_DEPTH:
            self._too_deep(user)
            return None
        if identity in self.path:
            names = [self.waiting[each].made.name for each in (*self.path[self.path.index(identity) :], identity)]
            self.reader.error(
                "dmn-cycle", user, "The requirements go in a circle: %(path)s.", "Remove one of them.",
                path=" → ".join(names),
            )  # fmt: skip
            return None
        self.path.append(identity)
        try:
            made = self._resolve(self.waiting[identity])
        finally:
            self.path.pop()
        self.done[identity] = made
        below: list[Decision | Knowledge] = list(made.knowledge)
        below += made.required if isinstance(made, Decision) else ()
        self.depths[identity] = 1 + max((self.depths.get(each.id, 0) for each in below), default=0)
        if self.depths[identity] == MAX_DEPTH + 1:  # said once, and the same in whatever order they are written
            self._too_deep(self.waiting[identity].element)
        return made

    def _too_deep(self, element: etree._Element) -> None:
        self.reader.error(
            "dmn-cycle", element, "Requirements are more than %(most)d deep.", "Join decisions.", most=MAX_DEPTH
        )

    def _resolve(self, waiting: Unresolved) -> Decision | Knowledge:
        element = waiting.element
        knowledge = tuple(
            found
            for found in self._required(element, "knowledgeRequirement", "requiredKnowledge")
            if isinstance(found, Knowledge)
        )
        if isinstance(waiting.made, Knowledge):
            return dataclasses.replace(waiting.made, knowledge=knowledge)
        required = tuple(
            found
            for found in self._required(element, "informationRequirement", "requiredDecision")
            if isinstance(found, Decision)
        )
        return dataclasses.replace(
            waiting.made, required=required, knowledge=knowledge, inputs=tuple(self._inputs_of(element))
        )

    def _required(self, element: etree._Element, tag: str, reference: str) -> list[Decision | Knowledge]:
        found = []
        for requirement in self.reader.children(element, tag):
            target = self.reader.child(requirement, reference)
            identity = None if target is None else self._target(target, self.waiting)
            resolved = None if identity is None else self.of(identity, requirement)
            if resolved is not None:
                found.append(resolved)
        return found

    def _inputs_of(self, element: etree._Element) -> list[tuple[str, ItemType]]:
        found = []
        for requirement in self.reader.children(element, "informationRequirement"):
            target = self.reader.child(requirement, "requiredInput")
            identity = None if target is None else self._target(target, self.inputs)
            if identity is not None:
                data = self.inputs[identity]
                variable = self.reader.child(data, "variable")
                reference = variable.get("typeRef", "") if variable is not None else ""
                found.append((" ".join(data.get("name", "").split()), self.reader.type_of(reference, data)))
        return found

    def _target(self, target: etree._Element, known: object) -> str | None:
        """The id that a reference of this file points to; otherwise a finding."""
        reference = target.get("href", "")
        _, _, identity = reference.rpartition("#")
        if isinstance(known, dict) and identity in known:
            return identity
        self.reader.error(
            "dmn-reference", target, "%(reference)s is not in this file.",
            "Require a decision, input or knowledge model of the same file.", reference=reference or "(empty)",
        )  # fmt: skip
        return None
