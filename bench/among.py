"""A page among few rows and among very many: asked in turn, so that both meet the same machine."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from bench.figure import Figure, ms
from bench.system import opened
from engine.engine import Engine

FEW, MANY = 1_000, 100_000
_TURNS = 60
_LIMIT = 1.5


def among(
    kind: str, rows: str, fill: Callable[[Engine, int], None], ask: Callable[[Engine], float],
    fewer: int = FEW, more: int = MANY,
) -> Figure:  # fmt: skip
    """How long `ask` takes, in seconds, where `fill` has made so many `rows`, against few."""
    with opened(kind) as few, opened(kind) as many:
        for engine, count in ((few, fewer), (many, more)):
            fill(engine, count)
            ask(engine)
        less, longer = [], []
        for _ in range(_TURNS):
            less.append(ask(few))
            longer.append(ask(many))
    seen = f"{ms(median(longer))} against {ms(median(less))}"
    return Figure(median(longer) / median(less), _LIMIT, f"x among {fewer:,} {rows}", seen)
