"""Everything a diagram finds around it: settings, calendars, groups, record types, clauses, reference lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TypeVar

from engine.definitions.findings import Finding, Level
from engine.definitions.practice.board import Board, read_board
from engine.definitions.practice.calendar import STANDARD_CALENDARS, Calendars, read_calendars
from engine.definitions.practice.clauses import Clauses, read_clauses
from engine.definitions.practice.element_templates import ElementTemplate, is_template_file, read_element_templates
from engine.definitions.practice.groups import Group, read_groups
from engine.definitions.practice.prints import Print, fields_of, is_print_name, read_print
from engine.definitions.practice.records import RecordType, read_records
from engine.definitions.practice.references import ReferenceList, read_reference
from engine.definitions.practice.settings import Setting, read_settings
from engine.definitions.practice.source import RULE, Entry, Source, nearest
from engine.values import Value

T = TypeVar("T")
FILES = ("settings.yaml", "calendar.yaml", "groups.yaml", "records.yaml", "clauses.yaml", "board.yaml")
SCENARIOS = "scenarios"
"""The folder of the scenarios, which are kept with the practice and run nothing."""
_REQUIRED = ("groups.yaml", "records.yaml")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The practice beside its diagrams, by id or name, each mapping in the order of its file."""

    settings: Mapping[str, Setting] = field(default_factory=dict)
    calendars: Calendars = STANDARD_CALENDARS
    groups: Mapping[str, Group] = field(default_factory=dict)
    records: Mapping[str, RecordType] = field(default_factory=dict)
    clauses: Clauses = field(default_factory=Clauses)
    references: Mapping[str, ReferenceList] = field(default_factory=dict)
    prints: Mapping[str, Print] = field(default_factory=dict)
    board: Board = field(default_factory=Board)
    element_templates: tuple[ElementTemplate, ...] = ()

    def setting(self, name: str) -> Value:
        """The value of a setting. Raises KeyError when there is none of this name."""
        return self.settings[name].value

    def groups_with(self, right: str) -> tuple[str, ...]:
        """The groups that have a right, in order."""
        return tuple(group.id for group in self.groups.values() if right in group.rights)


def is_practice_file(name: str) -> bool:
    """Whether a file of a deployment is one of those described here."""
    path = PurePosixPath(name)
    plain = path.name in FILES and path.parent.name in ("", "processes")
    return plain or _is_reference(path) or is_print_name(name) or is_template_file(name)


def is_scenario_file(name: str) -> bool:
    """Whether a file of a deployment tells scenarios."""
    return SCENARIOS in PurePosixPath(name).parts[:-1]


def read_surroundings(files: Mapping[str, bytes]) -> tuple[Surroundings, tuple[Finding, ...]]:
    """Read the files of a deployment that are described here (others are left alone); findings of all at once."""
    findings: list[Finding] = []
    named = {
        PurePosixPath(name).name: name for name in files if PurePosixPath(name).name in FILES and is_practice_file(name)
    }

    def read(file: str, reader: Callable[[Entry], T]) -> T | None:
        if file not in named:
            if file in _REQUIRED:
                findings.append(_missing(file))
            return None
        source = Source(named[file])
        root = source.root(files[named[file]])
        found = reader(root) if root else None
        findings.extend(source.findings)
        return found

    references = _read_references(files, findings)
    surroundings = Surroundings(
        settings={setting.name: setting for setting in read("settings.yaml", read_settings) or ()},
        calendars=read("calendar.yaml", read_calendars) or STANDARD_CALENDARS,
        groups={group.id: group for group in read("groups.yaml", read_groups) or ()},
        records={record.id: record for record in read("records.yaml", read_records) or ()},
        clauses=read("clauses.yaml", read_clauses) or Clauses(),
        references={reference.id: reference for reference in references},
        prints={each.name: each for each in _read_prints(files, findings)},
        board=read("board.yaml", read_board) or Board(),
        element_templates=tuple(_read_templates(files, findings)),
    )
    findings.extend(_cross_check(surroundings, references, named))
    findings.extend(_check_prints(surroundings))
    return surroundings, tuple(sorted(findings, key=lambda finding: (finding.file, finding.line)))


def _read_references(files: Mapping[str, bytes], findings: list[Finding]) -> list[ReferenceList]:
    found = []
    for name in sorted(filter(_is_reference_name, files)):
        source = Source(name)
        root = source.root(files[name])
        if root:
            found.append(read_reference(root))
        findings.extend(source.findings)
    return found


def _read_prints(files: Mapping[str, bytes], findings: list[Finding]) -> list[Print]:
    found = []
    for name in sorted(filter(is_print_name, files)):
        sheet, wrong = read_print(name, files[name])
        findings.extend(wrong)
        found += [sheet] if sheet is not None else []
    return found


def _read_templates(files: Mapping[str, bytes], findings: list[Finding]) -> Iterator[ElementTemplate]:
    for name in sorted(filter(is_template_file, files)):
        found, wrong = read_element_templates(name, files[name])
        findings.extend(wrong)
        yield from found


def _cross_check(around: Surroundings, references: list[ReferenceList], named: Mapping[str, str]) -> Iterable[Finding]:
    """What one file says about another."""
    lists, groups = tuple(around.references), tuple(around.groups)
    for record in around.records.values():
        for item in record.fields.values():
            if item.reference and item.reference not in lists:
                yield _unknown(named["records.yaml"], item.line, item.name, "list", item.reference, lists)
    for reference in references:
        for column in reference.columns:
            if column.reference and column.reference not in lists:
                yield _unknown(reference.file, column.line, column.name, "list", column.reference, lists)
        for group in (*reference.readers, *reference.editors):
            if group not in groups:
                yield _unknown(reference.file, reference.line, reference.id, "group", group, groups)
    clauses = tuple(clause.id for clause in around.clauses.clauses)
    for setting in around.settings.values():
        if setting.clause and clauses and setting.clause not in clauses:
            yield _unknown(
                named["settings.yaml"], setting.line, setting.name, "clause", setting.clause, clauses, Level.WARNING
            )


def _check_prints(around: Surroundings) -> Iterable[Finding]:
    """Published fields that no record has."""
    published = tuple({name for record in around.records.values() for name in record.fields})
    for sheet in around.prints.values():
        for name, line in (*fields_of(sheet, "field"), *fields_of(sheet, "own")):
            if name not in published:
                yield _unknown(sheet.file, line, sheet.name, "field", name, published)


def _unknown(
    file: str, line: int, element: str, what: str, found: str, known: tuple[str, ...], level: Level = Level.ERROR
) -> Finding:
    text = "%(element)s names the %(what)s %(found)s, which is unknown."
    fields = {"element": element, "what": what, "found": found, "guess": nearest(found, known)}
    return Finding(RULE, level, file, line, element, "", text, "Add it, or name another.%(guess)s", fields)


def _missing(file: str) -> Finding:
    fields = {"name": file}
    return Finding(
        RULE,
        Level.ERROR,
        file,
        1,
        "",
        "",
        "The file %(name)s is missing.",
        "Add it; docs/practice-files.md shows how.",
        fields,
    )


def _is_reference_name(name: str) -> bool:
    return _is_reference(PurePosixPath(name))


def _is_reference(path: PurePosixPath) -> bool:
    return path.suffix == ".yaml" and path.parent.name == "reference"
