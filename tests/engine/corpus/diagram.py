"""The diagrams of the corpus: a BPMN file, which says what the standard says of it, and the steps beside it.

The documentation of the first process is `<section of BPMN 2.0>: <what it says>`; the steps, with what is expected
after them, stand in a YAML file of the same name. Both are written from the text of the standard, never from a run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from engine.definitions.model import BpmnFile
from engine.definitions.reader import read_bpmn

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Step:
    """One step: a verb (`start`, `complete`, …) or an expectation (`open`, `trace`, …), and what it is about."""

    verb: str
    about: Any

    @property
    def named(self) -> tuple[str, Mapping[str, Any]]:
        """What is named, and the values given with it."""
        if isinstance(self.about, dict):
            ((name, values),) = self.about.items()
            return str(name), dict(values or {})
        return str(self.about or ""), {}

    @property
    def words(self) -> list[str]:
        """What is named, when it is several things."""
        return sorted(str(self.about or "").split())


@dataclass(frozen=True)
class Diagram:
    """A diagram of the corpus. `refused` is what says no to it: the rule and the element; then there are no steps.

    `several` says that it takes several instances, which only the runtime knows.
    """

    construct: str
    name: str
    content: bytes
    file: BpmnFile
    section: str
    says: str
    steps: tuple[Step, ...]
    refused: tuple[str, str] | None
    several: bool

    @property
    def process(self) -> str:
        """The process that is started: the first."""
        return self.file.processes[0].id

    def __str__(self) -> str:
        return f"{self.construct}/{self.name}"


def read(path: Path) -> Diagram:
    """The diagram in this file."""
    content = path.read_bytes()
    file, findings = read_bpmn(content, path.name)
    assert not findings, findings
    section, _, says = file.processes[0].documentation.partition(": ")
    written = yaml.safe_load(path.with_suffix(".yaml").read_text())
    refused = written.get("refused")
    return Diagram(
        construct=path.parent.name,
        name=path.stem,
        content=content,
        file=file,
        section=section,
        says=says,
        steps=tuple(Step(verb, about) for step in written.get("steps", ()) for verb, about in step.items()),
        refused=None if refused is None else (refused["rule"], refused["element"]),
        several=bool(written.get("several", False)),
    )


DIAGRAMS = tuple(read(path) for path in sorted(FOLDER.glob("*/*.bpmn")))


def matches(expected: str, passed: list[str]) -> bool:
    """Whether elements were passed in this order; those in `{…}` in any."""
    left = list(passed)
    for part in expected.replace("{", " { ").replace("}", " } ").split("{"):
        together, _, after = part.rpartition("}")
        for group in ([together.split()] if together else []) + [[word] for word in after.split()]:
            if sorted(left[: len(group)]) != sorted(group):
                return False
            del left[: len(group)]
    return not left
