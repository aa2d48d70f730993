"""prints/*.html: printed sheets, each a small head and a template (docs/prints.md)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from engine.definitions.findings import Finding, Level
from engine.definitions.practice.source import RULE, Label, Source
from engine.prints.sandbox import Mistake, mistakes, used

FOLDER = "prints"
MAX_BYTES = 64 * 1024
_FENCE = "---"


@dataclass(frozen=True, slots=True)
class Print:
    """A printed sheet of an instance of `process`; `statuses` are those of the record with which it is offered (any
    when none is named), `tasks` the steps on whose pages it is offered too. Lines of `template` are lines of the file.
    """

    name: str
    label: Label
    process: str
    statuses: tuple[str, ...]
    tasks: tuple[str, ...]
    file: str
    template: str


def is_print_name(name: str) -> bool:
    """Whether a file of a deployment is a printed sheet."""
    path = PurePosixPath(name)
    return path.suffix == ".html" and path.parent.name == FOLDER


def read_print(name: str, content: bytes) -> tuple[Print | None, list[Finding]]:
    """A sheet of a file with everything that is wrong in it."""
    source = Source(name)
    lines = content[:MAX_BYTES].decode("utf-8", "replace").split("\n")
    if len(content) > MAX_BYTES:
        source.report(1, "The file has %(bytes)d bytes; %(limit)d are allowed.", "Split the file.",
                      bytes=len(content), limit=MAX_BYTES)  # fmt: skip
    ends = [at for at, line in enumerate(lines) if line.strip() == _FENCE][:2]
    if len(ends) < 2 or ends[0] != 0:
        source.report(1, "The sheet has no head.", "Begin with the head between two lines of ---; docs/prints.md.")
        return None, source.findings
    root = source.root(("\n" + "\n".join(lines[1 : ends[1]])).encode())
    if root is None:
        return None, source.findings
    template = "\n" * (ends[1] + 1) + "\n".join(lines[ends[1] + 1 :])
    found = Print(PurePosixPath(name).stem, root.label(), root.name("process"), root.texts("statuses"),
                  root.texts("tasks"), name, template)  # fmt: skip
    root.finish()
    return found, [*source.findings, *(_finding(found, each) for each in mistakes(template))]


def fields_of(found: Print, name: str) -> tuple[tuple[str, int], ...]:
    """What the sheet reads of `field`, `own` or `form`, with lines; nothing of a template that cannot be read."""
    return () if mistakes(found.template) else used(found.template, name)


def _finding(found: Print, wrong: Mistake) -> Finding:
    return Finding(RULE, Level.ERROR, found.file, wrong.line, found.name, "", wrong.text, wrong.remedy, wrong.fields)
