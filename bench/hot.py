"""The heat map of a process with a million rows of history, against one with ten thousand."""

from __future__ import annotations

from statistics import median
from time import perf_counter

from sqlalchemy import Connection, text

from bench.crowd import copy_rows
from bench.diagrams import LONG
from bench.figure import Figure, ms
from bench.system import PERSON, WATCHER, opened, run_line
from engine.engine import Engine
from engine.views import InboxFilter

_FEW, _MANY = 10_000, 1_000_000
_TURNS = 60
_DAYS = 360
_SHIFT = 1_000_000


def heat(kind: str) -> dict[str, Figure]:
    """The page of a process with 1,000,000 rows of history, counted, against 10,000, both over a year."""
    return {"heat_page_1m": compared(kind, _FEW, _MANY)}


def compared(kind: str, fewer: int, more: int) -> Figure:
    """How long the page takes with so many rows of history, against fewer."""
    with opened(kind) as few, opened(kind) as many:
        for engine, rows in ((few, fewer), (many, more)):
            _fill(engine, rows)
            counted = engine.heat.count_due()
            assert counted >= rows * 0.9, f"only {counted} rows were counted"
            _look(engine)
        less, longer = [], []
        for _ in range(_TURNS):
            less.append(_look(few))
            longer.append(_look(many))
    seen = f"{ms(median(longer))} against {ms(median(less))}"
    return Figure(median(longer) / median(less), 3, f"x with {fewer} rows", seen)


def _look(engine: Engine) -> float:
    started = perf_counter()
    page = engine.heat.show("long", WATCHER)
    took = perf_counter() - started
    assert len(page.rows) >= LONG, "nothing was counted"
    return took


def _fill(engine: Engine, rows: int) -> None:
    """Run one instance to its end, and copy it with its history until there are so many rows: over the days of a
    year, each a little slower or faster than the one before."""
    run_line(engine, "long")
    assert not engine.tasks.inbox(PERSON, InboxFilter()).rows
    database = engine.machinery.database
    with database.engine.connect() as connection:
        if database.sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        _copy_all(connection, rows, database.sqlite)
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
        if database.sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _copy_all(connection: Connection, rows: int, sqlite: bool) -> None:
    (id, length) = connection.execute(text("SELECT id, history_count FROM process_instance")).one()
    count = rows // length
    minutes = f"(n.i * {_DAYS * 1440 / count} + ({length} - s.seq) * (n.i % 90))"  # ago
    at = f"datetime(s.at, '-' || {minutes} || ' minutes')" if sqlite else f"s.at - {minutes} * interval '1 minute'"
    task = f"CASE WHEN s.task_id IS NULL THEN NULL ELSE {_SHIFT} + n.i * {length} + s.seq END"
    instance = f"{_SHIFT} + n.i"
    copy_rows(connection, "process_instance", f"id = {id}", count, {"id": instance, "business_key": "'X' || n.i"})
    history = {"instance_id": instance, "at": at, "task_id": task}
    copy_rows(connection, "history_event", f"instance_id = {id}", count, history)
