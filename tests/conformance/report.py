"""What a run over a folder of models found: a table for people, JSON for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from engine.definitions.findings import Finding


class Verdict(StrEnum):
    """How a model fared; the last two are failures."""

    RIGHT = "right"
    RAN = "ran"
    REFUSED = "refused"
    DRAWN = "drawn"
    """A diagram that is not executable: read, checked and drawn."""
    READ = "read"
    """Decisions without test cases beside them."""
    WRONG = "wrong"
    CRASHED = "crashed"

    @property
    def failed(self) -> bool:
        """Whether the run over the folder fails by it."""
        return self in (Verdict.WRONG, Verdict.CRASHED)


@dataclass(frozen=True)
class Reported:
    """One model: its file, kind (`bpmn`, `dmn`), verdict, what to say of it in a line and more below, all of it."""

    file: str
    kind: str
    verdict: Verdict
    says: str
    lines: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    details: tuple[Any, ...] = field(default=())
    milliseconds: int = 0


def as_table(models: Iterable[Reported]) -> str:
    """A line a model, with its reasons below it, and the counts."""
    models = list(models)
    width = max((len(each.file) for each in models), default=0)
    rows: list[str] = []
    for each in models:
        rows.append(f"{each.kind:4}  {each.file:{width}}  {each.verdict:8}  {each.milliseconds:6} ms  {each.says}")
        rows += [f"      {line}" for line in each.lines]
    return "\n".join([*rows, *_totals(models)])


def _totals(models: list[Reported]) -> list[str]:
    rows = []
    for kind in sorted({each.kind for each in models}):
        counts = Counter(each.verdict for each in models if each.kind == kind)
        told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict])
        rows.append(f"{kind}: {sum(counts.values())} models: {told}")
    results = [result for each in models if each.kind == "dmn" for result in each.details]
    if results:
        rows.append(f"dmn: {sum(not each.wrong for each in results)}/{len(results)} results right")
    return rows


def as_json(models: Iterable[Reported]) -> dict[str, Any]:
    """All of it as plain values."""
    models = list(models)
    return {
        "failed": sum(each.verdict.failed for each in models),
        "models": [
            {
                "file": each.file,
                "kind": each.kind,
                "verdict": str(each.verdict),
                "milliseconds": each.milliseconds,
                "says": each.says,
                "reasons": list(each.lines),
                "findings": [_finding(found) for found in each.findings],
                "details": [asdict(detail) for detail in each.details],
            }
            for each in models
        ],
    }


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "rule": found.rule,
        "level": str(found.level),
        "line": found.line,
        "element": found.element_id,
        "name": found.element_name,
        "text": found.said,
        "remedy": found.cure,
    }
