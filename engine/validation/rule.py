"""What a rule is: a named check of what was read, giving findings with their place and their cure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.definitions.findings import Finding, Level
from engine.definitions.model import Flow, Node, ProcessDefinition, Written
from engine.validation.subject import Subject


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file: line, and id and name of the element there."""

    line: int
    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule says about a spot. `text` and `remedy` are templates filled from `fields`; `level` replaces the
    rule's own where one case of it weighs differently."""

    spot: Spot
    text: str
    remedy: str
    fields: Mapping[str, object] = field(default_factory=dict)
    level: Level | None = None


Check = Callable[[Subject], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with the level its findings have by default. The page docs/rules/<id>.md explains it."""

    id: str
    level: Level
    check: Check

    def findings(self, subject: Subject, level: Level | None = None) -> Iterator[Finding]:
        """What the rule finds in the subject, at this level instead of its own if one is given."""
        for found in self.check(subject):
            yield Finding(
                rule=self.id,
                level=level or found.level or self.level,
                file=subject.file.name,
                line=found.spot.line,
                element_id=found.spot.id,
                element_name=found.spot.name,
                text=found.text,
                remedy=found.remedy,
                fields=found.fields,
            )


def at(element: Node | Flow | ProcessDefinition, line: int = 0) -> Spot:
    """The spot of an element, or of something of it that stands on another line."""
    return Spot(line or element.line, element.id, element.name)


def at_written(element: Written, line: int = 0) -> Spot:
    """The spot of an element as written."""
    return Spot(line or element.line, element.owner, element.name)
