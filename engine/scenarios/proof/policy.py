"""The policy and what carries it out: clause ↔ elements ↔ tables ↔ settings ↔ scenarios, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from engine.definitions.practice import Clause, Clauses, Section
from engine.definitions.xml import parse
from engine.scenarios.proof.heads import Head
from engine.scenarios.proof.practice import Proved

_DESCRIPTION = re.compile(r"\{.*\}description$")
_DECISION = re.compile(r"\{.*\}decision$")


@dataclass(frozen=True, slots=True)
class Cited:
    """Where a clause is named: `kind` is element, table, setting or scenario; `where` its diagram or file."""

    kind: str
    where: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Held:
    """A clause with everything that names it."""

    clause: Clause
    elements: tuple[Cited, ...]
    tables: tuple[Cited, ...]
    settings: tuple[Cited, ...]
    scenarios: tuple[Cited, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """What it lacks: an `element` (or table), a `scenario`; nothing when the file says why it is without."""
        if str(self.clause.without):
            return ()
        lacks = {"element": not (self.elements or self.tables), "scenario": not self.scenarios}
        return tuple(name for name, lacking in lacks.items() if lacking)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A clause that is named and does not exist."""

    clause: str
    at: Cited


@dataclass(frozen=True, slots=True)
class PolicyMap:
    """The clauses in their order, and what names clauses that do not exist."""

    sections: tuple[Section, ...]
    clauses: tuple[Held, ...]
    unknown: tuple[Unknown, ...]

    @property
    def holds(self) -> bool:
        """Whether every clause is carried out and proved, and every clause that is named exists."""
        return not self.unknown and not self.lacking

    @property
    def lacking(self) -> tuple[Held, ...]:
        """The clauses that lack something."""
        return tuple(each for each in self.clauses if each.missing)

    def of(self, section: Section) -> tuple[Held, ...]:
        """The clauses under a heading."""
        return tuple(each for each in self.clauses if each.clause.section == section.id)


def policy_map(practice: Proved, scenarios: Iterable[Head]) -> PolicyMap:
    """Read it out of documentations, descriptions, settings and the heads of scenarios."""
    clauses = practice.surroundings.clauses
    named: dict[str, dict[str, list[Cited]]] = {}
    unknown: list[Unknown] = []
    for text, cited in (*_elements(practice), *_tables(practice), *_settings(practice), *_scenarios(scenarios)):
        for clause in clauses.cited(text):
            named.setdefault(clause, {}).setdefault(cited.kind, []).append(cited)
        unknown += [Unknown(each, cited) for each in _unknown(clauses, text, cited)]
    held = [
        Held(
            each, *(tuple(named.get(each.id, {}).get(kind, ())) for kind in ("element", "table", "setting", "scenario"))
        )
        for each in clauses.clauses
    ]
    return PolicyMap(clauses.sections, tuple(held), tuple(unknown))


def _unknown(clauses: Clauses, text: str, cited: Cited) -> Iterable[str]:
    """What a setting or a scenario names must be a clause, whatever it looks like; a text may hold other words."""
    if cited.kind in ("setting", "scenario"):
        return [each for each in text.split() if not clauses.known(each)]
    return clauses.unknown(text)


_Found = Iterator[tuple[str, Cited]]


def _elements(practice: Proved) -> _Found:
    for process in practice.processes:
        yield process.documentation, Cited("element", process.id, process.id, process.name)
        for node in process.scope.walk():
            yield node.documentation, Cited("element", process.id, node.id, node.name)


def _tables(practice: Proved) -> _Found:
    """A table is named by its own description and those of its rules."""
    for name, content in sorted(practice.files.items()):
        if name.endswith(".dmn"):
            for decision in _matching(parse(content), _DECISION):
                text = "\n".join(str(each.text or "") for each in _matching(decision, _DESCRIPTION))
                yield text, Cited("table", name, str(decision.get("id")), str(decision.get("name") or ""))


def _settings(practice: Proved) -> _Found:
    for setting in practice.surroundings.settings.values():
        yield setting.clause, Cited("setting", "settings.yaml", setting.name, setting.label.zh)


def _scenarios(scenarios: Iterable[Head]) -> _Found:
    for each in scenarios:
        yield " ".join(each.clauses), Cited("scenario", each.file, each.name, each.title)


def _matching(root: etree._Element, tag: re.Pattern[str]) -> Iterator[etree._Element]:
    return (each for each in root.iter() if isinstance(each.tag, str) and tag.match(each.tag))
