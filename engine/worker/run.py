"""A worker's life: it works until it is told to stop, and outlives a database that goes away for a while."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress

import structlog
from procrastinate import App

from engine.engine import Engine
from engine.worker.wakeups import QUEUE, STALE, application

_log = structlog.get_logger(__name__)
_BEAT = 20.0
_PAUSE = 2.0
_GRACE = 30.0


def work(engine: Engine, name: str, concurrency: int, sweep_seconds: int) -> None:
    """Work until SIGTERM or SIGINT; what is being done then is finished, for half a minute at most."""
    asyncio.run(_work(engine, application(engine, sweep_seconds), name, concurrency))


async def _work(engine: Engine, app: App, name: str, concurrency: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    stopped = asyncio.create_task(stop.wait())
    beating = asyncio.create_task(_beat(engine))
    while not stop.is_set():
        running = asyncio.create_task(_run(app, name, concurrency))
        await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
        running.cancel()  # how procrastinate is asked to stop gracefully
        try:
            await running
        except asyncio.CancelledError:
            pass
        except Exception as error:
            _log.error("the database cannot be reached; the worker tries again", error=repr(error))
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _PAUSE)
    beating.cancel()


async def _run(app: App, name: str, concurrency: int) -> None:
    """One connection to the database; ends when it is lost."""
    async with app.open_async():
        await app.run_worker_async(
            name=name,
            queues=[QUEUE],
            concurrency=concurrency,
            delete_jobs="always",
            install_signal_handlers=False,
            shutdown_graceful_timeout=_GRACE,
            stalled_worker_timeout=STALE,
        )


async def _beat(engine: Engine) -> None:
    while True:
        try:
            await asyncio.to_thread(engine.beat)
        except Exception as error:
            _log.error("no heartbeat could be written", error=repr(error))
        await asyncio.sleep(_BEAT)
