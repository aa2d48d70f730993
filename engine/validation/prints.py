"""What printed sheets read of forms and steps must be there; published fields are checked where the file is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.definitions.findings import Finding, Level
from engine.definitions.model import Kind, ProcessDefinition
from engine.definitions.practice import Print, nearest
from engine.definitions.practice.prints import fields_of
from engine.validation.subject import Practice

RULE = "practice-file"


def print_findings(practice: Practice) -> list[Finding]:
    """Processes, form fields and steps that a sheet names and the diagrams do not have."""
    sheets = practice.surroundings.prints.values() if practice.surroundings is not None else ()
    return [found for sheet in sheets for found in _sheet(practice, sheet)]


def _sheet(practice: Practice, sheet: Print) -> Iterator[Finding]:
    if sheet.process not in practice.processes:
        yield _unknown(sheet, 1, "process", sheet.process, practice.processes)
        return
    ran = list(_with_called(practice, sheet.process, set()))
    nodes = [node for process in ran for node in process.scope.walk()]
    fields = {field.id for node in nodes for field in node.form if "[]" not in field.id}
    for name, line in fields_of(sheet, "form"):
        if name not in fields:
            yield _unknown(sheet, line, "form field", name, fields)
    steps = {node.id for node in nodes}
    for name, line in fields_of(sheet, "step"):
        if name not in steps:
            yield _unknown(sheet, line, "step", name, steps)


def _with_called(practice: Practice, name: str, seen: set[str]) -> Iterator[ProcessDefinition]:
    """A process and what runs in its instances: what it calls."""
    if name in seen or name not in practice.processes:
        return
    seen.add(name)
    process = practice.processes[name]
    yield process
    for node in process.scope.walk():
        if node.kind is Kind.CALL_ACTIVITY and node.call is not None:
            yield from _with_called(practice, node.call.element, seen)


def _unknown(sheet: Print, line: int, what: str, found: str, known: Collection[str]) -> Finding:
    fields = {"element": sheet.name, "what": what, "found": found, "guess": nearest(found, tuple(sorted(known)))}
    text = "%(element)s names the %(what)s %(found)s, which is unknown."
    return Finding(
        RULE, Level.ERROR, sheet.file, line, sheet.name, "", text, "Add it, or name another.%(guess)s", fields
    )
