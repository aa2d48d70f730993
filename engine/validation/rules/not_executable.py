"""A process that is not marked executable is drawn and never deployed: good for pools of others, bad by oversight."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.rule import Found, Rule, Spot, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Processes that are not executable: a note; a warning when the file has none that is."""
    level = Level.NOTE if subject.processes else Level.WARNING
    for process in subject.file.processes:
        if not process.executable:
            yield Found(
                at(process), "The process is not executable: it is drawn, not deployed.",
                "Tick Executable in the properties panel if it is to run.", level=level,
            )  # fmt: skip
    if not subject.file.processes and subject.file.written:
        yield Found(Spot(1, ""), "The file has no process.", "Draw one.", level=Level.WARNING)


RULE = Rule("not-executable", Level.NOTE, check)
