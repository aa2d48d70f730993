"""clauses.yaml: the clauses of the policy, in its order; elements cite them in their documentation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.definitions.practice.source import Entry, Label, nearest, unique

_ID = re.compile(r"[A-Za-z][A-Za-z0-9.]*")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the policy."""

    id: str
    label: Label
    line: int


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause; `gap` marks a rule that fills what the policy leaves open."""

    id: str
    section: str
    label: Label
    gap: bool
    line: int


@dataclass(frozen=True, slots=True)
class Clauses:
    """The sections and clauses in the order of the policy."""

    sections: tuple[Section, ...] = ()
    clauses: tuple[Clause, ...] = ()

    def cited(self, documentation: str) -> tuple[str, ...]:
        """The ids of the clauses a text names, in policy order; `P2.4.1` is not found within `P2.4.1.3c`."""
        words = {word.rstrip(".") for word in re.findall(r"[A-Za-z][A-Za-z0-9.]*", documentation)}
        return tuple(clause.id for clause in self.clauses if clause.id in words)


def read_clauses(root: Entry) -> Clauses:
    """Everything of the file; a clause whose section is unknown is a finding."""
    sections = []
    for entry in root.entries("sections"):
        sections.append(Section(entry.name("id"), entry.label(), entry.line))
        entry.finish()
    known = tuple(section.id for section in sections)
    clauses = [_clause(entry, known) for entry in root.entries("clauses")]
    unique(root.source, "Section", [(section.id, section.line) for section in sections])
    unique(root.source, "Clause", [(clause.id, clause.line) for clause in clauses])
    root.finish()
    return Clauses(tuple(sections), tuple(clauses))


def _clause(entry: Entry, sections: tuple[str, ...]) -> Clause:
    clause = Clause(entry.text("id"), entry.text("section", ""), entry.label(), entry.boolean("gap"), entry.line)
    if clause.id and not _ID.fullmatch(clause.id):
        entry.report("id", "The id of %(element)s is not an id.", "Use letters, digits and dots.")
    if clause.section and clause.section not in sections:
        entry.report(
            "section",
            "The section %(found)s of %(element)s is unknown.",
            "Add it to sections.%(guess)s",
            found=clause.section,
            guess=nearest(clause.section, sections),
        )
    entry.finish()
    return clause
