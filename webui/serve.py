"""`gendan serve`: the pages behind waitress in one process (SQLite), or behind gunicorn in many (PostgreSQL)."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import click
import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from waitress import serve as wait_and_serve

from engine.clock import SystemClock
from engine.engine import Engine
from engine.errors import Invalid
from engine.settings import Settings
from engine.watching import watch
from webui.app import create_app
from webui.metrics import begin_together

_log = structlog.get_logger(__name__)
_MOST = 64
_TICK = 5
_BEAT = 20


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8000, show_default=True, help="Port to listen at.")
@click.option("--workers", type=click.IntRange(1, _MOST), default=None,
              help="Processes, on PostgreSQL; without it one a processor, at least two.")  # fmt: skip
@click.option("--threads", type=click.IntRange(1, _MOST), default=8, show_default=True,
              help="Requests answered at once by a process.")  # fmt: skip
@click.option("--tick", type=click.IntRange(0), default=None,
              help="Seconds between two looks at what is due, 0 for none; without it 5 on SQLite, and on PostgreSQL 0, "
                   "since workers look.")  # fmt: skip
@click.option("--debug", is_flag=True, help="Also show /patterns, every piece of the interface on one page.")
def serve(host: str, port: int, workers: int | None, threads: int, tick: int | None, debug: bool) -> None:
    """Serve the pages; on SQLite also fire timers, deliver messages and run jobs.

    On PostgreSQL “gendan worker” does that, beside any number of servers. Ends on Ctrl+C or SIGTERM when the requests
    that are being answered are.
    """
    engine = Engine.open(Settings.from_environment(), connections=threads + 2)
    try:
        engine.migrate()
        watch(engine)
        if not engine.machinery.database.sqlite:
            _serve_many(engine, host, port, workers or max(2, os.cpu_count() or 2), threads, tick or 0, debug)
            return
        if workers is not None and workers > 1:
            raise Invalid("SQLite is served by one process. For more use PostgreSQL (GENDAN_DATABASE_URL).")
        click.echo(f"Gendan is served at http://{host}:{port}/ (Ctrl+C ends it)")
        signal.signal(signal.SIGTERM, _stop)
        with in_background(engine, _TICK if tick is None else tick):
            wait_and_serve(
                create_app(engine, DEBUG=debug, THREADS=threads), host=host, port=port, threads=threads, ident=None
            )
    finally:
        engine.close()


def _serve_many(engine: Engine, host: str, port: int, workers: int, threads: int, tick: int, debug: bool) -> None:
    try:
        from engine.worker.waking import Waker
        from webui.forking import serve_forking

        engine.prepare_workers()
    except ImportError as error:
        raise Invalid("PostgreSQL is served with the extra “postgres”: pip install gendan[postgres].") from error

    settings = engine.machinery.settings
    engine.close()  # a process forked off must not share connections

    def begin() -> Flask:
        """In each process: connections, parsed diagrams and threads of its own."""
        own = Engine.open(settings, connections=threads + 2)
        watch(own)
        background(own, tick, Waker(own).wake)
        return create_app(own, DEBUG=debug, THREADS=threads)

    click.echo(f"Gendan is served at http://{host}:{port}/ by {workers} processes (Ctrl+C ends it)")
    begin_together()
    serve_forking(begin, f"{host}:{port}", workers, threads)


@contextmanager
def in_background(engine: Engine, tick: int) -> Iterator[None]:
    """Meanwhile do what is due every `tick` seconds (0: never), and tell that the system runs."""
    running = background(engine, tick)
    try:
        yield
    finally:
        running.shutdown(wait=True)


def background(engine: Engine, tick: int, wake: Callable[[], None] | None = None) -> BackgroundScheduler:
    """Threads that do what is due every `tick` seconds (0: never) and tell that the system runs; one call of each at a
    time. Jobs have a thread of their own, since they wait for other systems. `wake` tells workers, every second.

    The first heartbeat is written at once: whoever asks how long the system was down must not be told of no end.
    """
    engine.beat()
    scheduler = BackgroundScheduler(timezone="UTC")
    soon = SystemClock().now() + timedelta(seconds=1)
    ways = ((tick, partial(engine.tick, jobs=False)), (tick, engine.jobs.run_due), (_BEAT, engine.beat),
            (tick and _BEAT, engine.board.count_due), (tick and _BEAT, engine.heat.count_due))  # fmt: skip
    for seconds, what in (*ways, *([(1, wake)] if wake is not None else ())):
        if seconds:
            scheduler.add_job(_told(what), "interval", seconds=seconds, max_instances=1, coalesce=True,
                              next_run_time=soon)  # fmt: skip
    scheduler.start()
    return scheduler


def _told(what: Callable[[], Any]) -> Callable[[], None]:
    def do() -> None:
        try:
            what()
        except Exception as error:
            _log.error("what is due was not done", error=repr(error))

    return do


def _stop(_number: int, _frame: object) -> None:
    raise SystemExit(0)
