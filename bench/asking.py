"""The first page of an inbox with its counts, and of the board, among few and among very many."""

from __future__ import annotations

from time import perf_counter

from bench.among import among
from bench.crowd import add_crowd
from bench.figure import Figure
from bench.system import OTHER, PERSON, WATCHER, open_task, start
from engine.engine import Engine

_OWN, _OFFERED = 40, 200


def inbox(kind: str) -> dict[str, Figure]:
    """The first inbox page of a person with 40 own and 200 group tasks: 100,000 open tasks of all against 1,000."""
    return {"first_inbox_page": among(kind, "tasks", _fill, _ask)}


def board(kind: str) -> dict[str, Figure]:
    """The first page of the board among 100,000 instances against 1,000."""
    return {"first_board_page": among(kind, "instances", _crowd, _look)}


def _crowd(engine: Engine, count: int) -> None:
    add_crowd(engine, start(engine, "short"), count - 1)
    engine.board.count_due()


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
