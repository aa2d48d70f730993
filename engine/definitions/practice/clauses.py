"""clauses.yaml: the clauses of the policy, in its order; elements cite them in their documentation."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

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
    """One clause; `gap` marks a rule that fills what the policy leaves open. `without` says why nothing can carry it
    out or prove it (it is a matter of the organisation)."""

    id: str
    section: str
    label: Label
    gap: bool
    line: int
    without: Label = field(default_factory=Label)


@dataclass(frozen=True, slots=True)
class Clauses:
    """The sections and clauses in the order of the policy."""

    sections: tuple[Section, ...] = ()
    clauses: tuple[Clause, ...] = ()

    def cited(self, documentation: str) -> tuple[str, ...]:
        """The ids of the clauses a text names, in policy order; `P2.4.1` is not found within `P2.4.1.3c`."""
        words = set(_words(documentation))
        return tuple(clause.id for clause in self.clauses if clause.id in words)

    def unknown(self, documentation: str) -> tuple[str, ...]:
        """What a text cites that is neither a clause nor the heading of some: `P2.6` where there is a `P2.6.1`.

        A word looks like a clause when it begins as one does: with the same letters before its first digit.
        """
        shapes = {_letters(clause.id) for clause in self.clauses}
        cited = [word for word in _words(documentation) if _letters(word) in shapes and word != _letters(word)]
        return tuple(word for word in dict.fromkeys(cited) if not self.known(word))

    def known(self, word: str) -> bool:
        """Whether a word is a clause, or the heading of some."""
        return any(_heads(word, clause.id) for clause in self.clauses)


def _words(text: str) -> list[str]:
    return [word.rstrip(".") for word in re.findall(r"[A-Za-z][A-Za-z0-9.]*", text)]


def _letters(word: str) -> str:
    """What stands before the first digit."""
    return re.split(r"\d", word, maxsplit=1)[0]


def _heads(word: str, clause: str) -> bool:
    """Whether a word is the clause or a heading it stands under."""
    return clause == word or (clause.startswith(word) and not clause[len(word)].isdigit())


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
    clause = Clause(
        entry.text("id"),
        entry.text("section", ""),
        entry.label(),
        entry.boolean("gap"),
        entry.line,
        Label(entry.text("without", ""), entry.text("without_en", "")),
    )
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
