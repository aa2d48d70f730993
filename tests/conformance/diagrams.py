"""A foreign diagram: read, checked, drawn, and run as far as it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.decisions import Decision
from engine.definitions.findings import Finding, Level
from engine.definitions.model import ProcessDefinition
from engine.definitions.reader import UNREADABLE, read_bpmn
from engine.dialect.program import Program, compile_program
from engine.errors import GendanError
from engine.validation import validate_file
from tests.conformance.drawing import is_drawn, placed, unplaced
from tests.conformance.driving import Ran, World, drive
from tests.conformance.report import Reported, Verdict

ASIDE = {"task-assignee": Level.WARNING, "unset-name": Level.WARNING}
"""What a practice answers and a model alone cannot: who does a task, and what is given when it is started."""
ACTIONS = 200
"""How many tasks, timers and messages one run does at most."""


@dataclass(frozen=True)
class Process:
    """One process of a file: whether it says it is executable, was built, what has no place, how it ran from each
    start."""

    id: str
    executable: bool
    built: bool
    drawn: bool
    unplaced: tuple[str, ...]
    runs: tuple[Ran, ...]


def run_diagram(content: bytes, name: str, decisions: Mapping[str, Decision]) -> Reported:
    """The verdict over one file. Every process is checked as if it were executable, so that it is seen what keeps it
    from running here; a file without errors must run, a file with errors be refused with reasons."""
    file, unreadable = read_bpmn(content, name)
    if any(each.rule == UNREADABLE for each in unreadable):
        return Reported(name, "bpmn", Verdict.REFUSED, "not read", _reasons(unreadable), tuple(unreadable))
    checked = replace(file, processes=tuple(replace(each, executable=True) for each in file.processes))
    findings = [*unreadable, *validate_file(checked, ASIDE)]
    errors = [each for each in findings if each.level is Level.ERROR]
    programs = _built(checked.processes, strict=not errors)
    known = placed(content)
    clean = {} if errors else programs
    processes = tuple(_process(content, each, known, programs, clean, decisions) for each in file.processes)
    verdict = _verdict(processes, bool(errors))
    return Reported(
        name, "bpmn", verdict, _says(processes, errors), _lines(processes, errors), tuple(findings), processes
    )


def _built(processes: tuple[ProcessDefinition, ...], strict: bool) -> dict[str, Program]:
    """The processes compiled. What no rule has anything against must be built: `strict` raises its refusal."""
    programs: dict[str, Program] = {}
    for process in processes:
        try:
            programs[process.id] = compile_program(process)
        except GendanError:
            if strict:
                raise
    return programs


def _process(
    content: bytes,
    process: ProcessDefinition,
    known: frozenset[str],
    programs: Mapping[str, Program],
    clean: Mapping[str, Program],
    decisions: Mapping[str, Decision],
) -> Process:
    runs: tuple[Ran, ...] = ()
    if process.id in clean:
        starts = sorted(clean[process.id].starts) or [None]
        runs = tuple(drive(clean[process.id], World(clean, decisions), ACTIONS, start) for start in starts)
    return Process(
        process.id,
        process.executable,
        process.id in programs,
        is_drawn(content, process),
        unplaced(process, known),
        runs,
    )


def _verdict(processes: tuple[Process, ...], errors: bool) -> Verdict:
    executable = [each for each in processes if each.executable]
    if errors:
        return Verdict.REFUSED if executable else Verdict.DRAWN
    return Verdict.RAN if any(each.runs for each in processes) else Verdict.DRAWN


def _says(processes: tuple[Process, ...], errors: list[Finding]) -> str:
    built = sum(each.built for each in processes)
    drawn = sum(each.drawn for each in processes)
    missing = sum(len(each.unplaced) for each in processes)
    parts = [f"{len(processes)} processes", f"{built} built", f"{drawn} drawn"]
    parts += [f"{missing} without a place"] if missing else []
    parts += [f"{len(errors)} errors"] if errors else []
    states = [ran.state for each in processes for ran in each.runs]
    parts += [f"{states.count(state)} {state}" for state in dict.fromkeys(states)]
    return ", ".join(parts)


def _lines(processes: tuple[Process, ...], errors: list[Finding]) -> tuple[str, ...]:
    stopped = [
        f"{each.id} from {ran.start or 'its beginning'}: {ran.state} at {'; '.join(ran.at)}"
        for each in processes
        for ran in each.runs
        if ran.state not in ("completed", "cut")
    ]
    lost = [f"{each.id}: without a place: {', '.join(each.unplaced)}" for each in processes if each.unplaced]
    return (*_reasons(errors), *lost, *stopped)


def _reasons(findings: list[Finding]) -> tuple[str, ...]:
    return tuple(str(each) for each in findings if each.level is Level.ERROR)
