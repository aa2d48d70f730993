"""The valid files that are damaged: the practice's own diagrams and tables, those of the tests, and generated ones."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from random import Random

from tests.engine.token_model.generate import structured, unstructured
from tests.engine.token_model.generate_eventful import eventful
from tests.engine.token_model.writing import write

ROOT = Path(__file__).parents[3]
GENERATED = 12
"""How many diagrams of each kind are generated beside the written ones."""


@lru_cache(maxsize=1)
def originals() -> tuple[tuple[str, bytes], ...]:
    """All of them with their names, those that are drawn from `processes/` first."""
    found = [path for folder in ("processes", "tests") for path in sorted((ROOT / folder).rglob("*.bpmn"))]
    found += [path for folder in ("processes", "tests") for path in sorted((ROOT / folder).rglob("*.dmn"))]
    written = [(path.relative_to(ROOT).as_posix(), path.read_bytes()) for path in found]
    made = [
        (f"{draw.__name__}-{seed}.bpmn", write(draw(Random(seed))))
        for draw in (structured, unstructured, eventful)
        for seed in range(GENERATED)
    ]
    return (*written, *made)
