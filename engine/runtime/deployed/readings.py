"""The files of a practice, each read once a process: a set is read again and again while one file of it changes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from engine.decisions import read_dmn
from engine.decisions.model import DmnFile
from engine.definitions.findings import Finding
from engine.definitions.model import BpmnFile, ProcessDefinition
from engine.definitions.practice import Surroundings, read_surroundings
from engine.definitions.reader import read_bpmn
from engine.dialect.program import Program, compile_program
from engine.validation.schema import schema_findings

_FILES = 256
_SETS = 8
_PROGRAMS: dict[tuple[str, str], Program] = {}
"""By process id and digest of its file: read-only, so that all who check or run the process share it."""


@lru_cache(maxsize=_FILES)
def diagram(content: bytes, name: str) -> tuple[BpmnFile, tuple[Finding, ...]]:
    """A BPMN file and what is wrong with how it is written."""
    file, findings = read_bpmn(content, name)
    return file, tuple(findings)


@lru_cache(maxsize=_FILES)
def tables(content: bytes, name: str) -> tuple[DmnFile, tuple[Finding, ...]]:
    """A DMN file and what is wrong with it."""
    file, findings = read_dmn(content, name)
    return file, tuple(findings)


def surroundings(files: Mapping[str, bytes]) -> tuple[Surroundings, tuple[Finding, ...]]:
    """What stands beside the diagrams and tables of a set."""
    beside = {name: content for name, content in files.items() if not name.endswith((".bpmn", ".dmn"))}
    return _surroundings(tuple(sorted(beside.items())))


@lru_cache(maxsize=_SETS)
def _surroundings(contents: tuple[tuple[str, bytes], ...]) -> tuple[Surroundings, tuple[Finding, ...]]:
    return read_surroundings(dict(contents))


@lru_cache(maxsize=_FILES)
def schema(content: bytes, name: str) -> tuple[Finding, ...]:
    """Where a BPMN file departs from the schema of the OMG."""
    return tuple(schema_findings(content, name))


def program(definition: ProcessDefinition) -> Program:
    """A process as it is run. Raises what `compile_program` raises."""
    key = (definition.id, definition.digest)
    found = _PROGRAMS.get(key)
    if found is None:
        found = compile_program(definition)
        while len(_PROGRAMS) >= _FILES:
            _PROGRAMS.pop(next(iter(_PROGRAMS)), None)
        _PROGRAMS[key] = found
    return found
