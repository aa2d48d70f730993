"""gendan worker: fires timers, delivers messages and runs jobs on PostgreSQL, beside any number of others."""

from __future__ import annotations

import logging
import os
import socket

import click

from engine.engine import Engine
from engine.errors import Invalid
from engine.settings import Settings
from engine.watching import watch


@click.command()
@click.option("--concurrency", default=4, show_default=True, type=click.IntRange(1, 64), help="Things done at once.")
@click.option("--sweep", default=5, show_default=True, type=click.IntRange(1, 30),
              help="Seconds between two looks at what is due.")  # fmt: skip
@click.option("--name", default="", help="How it calls itself in the log; without it the machine and the process.")
def worker(concurrency: int, sweep: int, name: str) -> None:
    """Fire timers, deliver messages and run jobs, beside any number of other workers (PostgreSQL).

    Ends on Ctrl+C or SIGTERM when what it is doing is done. On SQLite “gendan serve” does all this by itself.
    """
    engine = Engine.open(Settings.from_environment(), connections=concurrency + 2)
    try:
        if engine.machinery.database.sqlite:
            raise Invalid(
                "On SQLite “gendan serve” fires timers, delivers messages and runs jobs by itself; there is nothing "
                "for a worker to do. Workers are for PostgreSQL (GENDAN_DATABASE_URL=postgresql://…)."
            )
        _prepare(engine)
        from engine.worker import work

        logging.getLogger("procrastinate").setLevel(logging.WARNING)
        watch(engine)
        who = name or f"{socket.gethostname()}-{os.getpid()}"
        click.echo(f"The worker {who} works (Ctrl+C ends it)")
        work(engine, who, concurrency, sweep)
    finally:
        engine.close()


def _prepare(engine: Engine) -> None:
    try:
        engine.migrate()
        engine.prepare_workers()
    except ImportError as error:
        raise Invalid("A worker needs the extra “postgres”: pip install gendan[postgres].") from error
