"""What must hold of any file, however damaged: it is refused clearly, or it runs; nothing but a GendanError comes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from random import Random

from engine.decisions import DmnFile, evaluate, read_dmn
from engine.definitions.findings import Finding, Level
from engine.definitions.model import BpmnFile
from engine.definitions.reader import read_bpmn
from engine.dialect.program import compile_program
from engine.errors import GendanError
from engine.runtime.deployments.checking import check
from engine.scenarios.proof.drawing import draw
from engine.validation import validate_file
from engine.values import Value
from tests.conformance.driving import World, drive

ACTIONS = 25
"""How many things a run does."""


class Unclear(AssertionError):
    """A finding that does not say where and what to do, or a file that is neither refused nor runs."""


def judge(name: str, content: bytes, random: Random) -> str:
    """How the file fares: `refused` or `ran`. Raises whatever came of it that may not."""
    return _judge_table(name, content, random) if name.endswith(".dmn") else _judge_diagram(name, content)


def _judge_diagram(name: str, content: bytes) -> str:
    file, findings = read_bpmn(content, name)
    findings = [*findings, *validate_file(file)]
    _check([*findings, *check({name: content}).findings])
    refused = any(each.level is Level.ERROR for each in findings)
    if not any(each.rule == "unreadable-file" for each in findings):
        for process in file.processes:
            draw(content, process.id)
    _run(file, refused)
    return "refused" if refused else "ran"


def _run(file: BpmnFile, refused: bool) -> None:
    """Compile every executable process; what was accepted must compile, and run."""
    programs = {}
    for process in file.processes:
        if not process.executable:
            continue
        try:
            programs[process.id] = compile_program(process)
        except GendanError as error:
            if not refused:
                raise Unclear(f"accepted, but does not compile: {error}") from error
    for program in () if refused else programs.values():
        for start in [*sorted(program.starts), None]:
            drive(program, World(programs, {}), ACTIONS, start)


def _judge_table(name: str, content: bytes, random: Random) -> str:
    file, findings = read_dmn(content, name)
    _check(findings)
    if any(each.level is Level.ERROR for each in findings):
        return "refused"
    for key in file.decisions:
        for _ in range(3):
            _decide(file, key, random)
    return "ran"


def _decide(file: DmnFile, key: str, random: Random) -> None:
    given: tuple[Value, ...] = (None, True, Decimal(3), Decimal("-0.5"), "a", "", [], {"a": Decimal(1)})
    names = {each: random.choice(given) for each in sorted(file.decisions[key].names)}
    try:
        evaluate(file, names, World({}, {}), key)
    except GendanError as error:
        if not str(error).strip():
            raise Unclear("a refusal without a word") from error


def _check(findings: Iterable[Finding]) -> None:
    """Each finding says where, what and what to do."""
    for each in findings:
        if each.line < 1 or not each.said.strip() or not each.cure.strip() or not each.rule or not each.file:
            raise Unclear(f"not clear: {each!r}")
