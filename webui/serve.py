"""`gendan serve`: the pages behind waitress, and the tick that fires what is due."""

from __future__ import annotations

from datetime import datetime, timedelta

import click
import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from waitress import serve as wait_and_serve

from engine.engine import Engine
from engine.settings import Settings
from webui.app import create_app

_log = structlog.get_logger(__name__)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8000, show_default=True, help="Port to listen at.")
@click.option("--threads", default=8, show_default=True, help="Requests answered at once.")
@click.option("--tick", default=5, show_default=True, help="Seconds between two looks at what is due; 0 for none.")
@click.option("--debug", is_flag=True, help="Also show /patterns, every piece of the interface on one page.")
def serve(host: str, port: int, threads: int, tick: int, debug: bool) -> None:
    """Serve the pages, and fire timers while they are served."""
    engine = Engine.open(Settings.from_environment())
    engine.migrate()
    ticking = started_tick(engine, tick) if tick else None
    click.echo(f"Gendan is served at http://{host}:{port}/ (Ctrl+C ends it)")
    try:
        wait_and_serve(create_app(engine, DEBUG=debug), host=host, port=port, threads=threads, ident=None)
    finally:
        if ticking is not None:
            ticking.shutdown(wait=True)
        engine.close()


def started_tick(engine: Engine, seconds: int) -> BackgroundScheduler:
    """A thread that calls the engine's tick every so often, one call at a time."""

    def look() -> None:
        try:
            engine.tick()
        except Exception as error:
            _log.error("tick failed", error=str(error))

    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(look, "interval", seconds=seconds, max_instances=1, coalesce=True, next_run_time=_soon())
    scheduler.start()
    return scheduler


def _soon() -> datetime:
    from engine.clock import SystemClock

    return SystemClock().now() + timedelta(seconds=1)
