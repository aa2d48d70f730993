"""The first page of an inbox with its counts, and of the board, among few and among very many."""

from __future__ import annotations

from statistics import median
from time import perf_counter

from bench.crowd import add_crowd
from bench.figure import Figure, ms
from bench.system import OTHER, PERSON, WATCHER, open_task, opened, start
from engine.engine import Engine

_OWN, _OFFERED = 40, 200
_FEW, _MANY = 1_000, 100_000
_TURNS = 60


def inbox(kind: str) -> dict[str, Figure]:
    """The first inbox page of a person with 40 own and 200 group tasks: 100,000 open tasks of all against 1,000."""
    with opened(kind) as few, opened(kind) as many:
        for engine, count in ((few, _FEW), (many, _MANY)):
            _fill(engine, count)
            _ask(engine)
        less, more = [], []
        for _ in range(_TURNS):
            less.append(_ask(few))
            more.append(_ask(many))
    seen = f"{ms(median(more))} against {ms(median(less))}"
    return {"first_inbox_page": Figure(median(more) / median(less), 1.5, "x among 1,000 tasks", seen)}


def board(kind: str) -> dict[str, Figure]:
    """The first page of the board among 100,000 instances against 1,000."""
    return {"first_board_page": compared(kind, _FEW, _MANY)}


def compared(kind: str, fewer: int, more: int) -> Figure:
    """How long the board takes among many instances, against few."""
    with opened(kind) as few, opened(kind) as many:
        for engine, count in ((few, fewer), (many, more)):
            add_crowd(engine, start(engine, "short"), count - 1)
            engine.board.count_due()
            _look(engine)
        less, longer = [], []
        for _ in range(_TURNS):
            less.append(_look(few))
            longer.append(_look(many))
    seen = f"{ms(median(longer))} against {ms(median(less))}"
    return Figure(median(longer) / median(less), 1.5, f"x among {fewer} instances", seen)


def _look(engine: Engine) -> float:
    started = perf_counter()
    page = engine.board.show(WATCHER)
    took = perf_counter() - started
    assert page.figures[0].cell.rows, "the figures were not counted"
    return took


def _fill(engine: Engine, count: int) -> None:
    tasks = [open_task(engine, start(engine, "short")) for _ in range(_OWN + _OFFERED)]
    for task_id in tasks[:_OWN]:
        engine.tasks.claim(task_id, PERSON)
    elsewhere = engine.instances.start("elsewhere", {}, PERSON).instance_id
    add_crowd(engine, elsewhere, count - len(tasks) - 1)


def _ask(engine: Engine) -> float:
    started = perf_counter()
    page = engine.tasks.inbox(PERSON)
    took = perf_counter() - started
    assert page.rows, OTHER
    return took
