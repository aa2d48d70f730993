"""Writes docs/bpmn-support.md and docs/constructs/ from the diagrams: `python -m tests.engine.corpus.page`."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from tests.engine.corpus.diagram import DIAGRAMS, Diagram
from tests.engine.corpus.guide import GUIDE, guide

PAGE = Path(__file__).parents[3] / "docs" / "bpmn-support.md"

_HEAD = """# What of BPMN 2.0 runs

Written from the diagrams in `tests/engine/corpus`: `python -m tests.engine.corpus.page`. Each runs in every test:
live, saved and loaded at every wait, and through the engine on SQLite and PostgreSQL; what is expected stands beside it
and comes from the section named. [Each construct, drawn](constructs/README.md) shows each, what is filled in
and what happens. *Refused* means that validation says no, with the rule that says it.
"""


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for construct, diagrams in groupby(DIAGRAMS, key=lambda each: each.construct):
        parts.append(f"## {construct.replace('-', ' ').capitalize()}\n\n" + _table(list(diagrams)))
    return "\n".join(parts)


def _table(diagrams: list[Diagram]) -> str:
    rows = ["| diagram | BPMN 2.0 | what it says | |", "|---|---|---|---|"]
    rows += [
        f"| [{each.name}](../tests/engine/corpus/{each}.bpmn) | {each.section} | {each.says} | {_verdict(each)} |"
        for each in diagrams
    ]
    return "\n".join(rows) + "\n"


def _verdict(diagram: Diagram) -> str:
    if diagram.refused is None:
        return "supported"
    rule, _ = diagram.refused
    return f"refused: [{rule}](rules/{rule}.md)"


if __name__ == "__main__":
    PAGE.write_text(page())
    GUIDE.mkdir(exist_ok=True)
    for name, text in guide().items():
        (GUIDE / name).write_text(text)
