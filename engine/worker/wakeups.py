"""What wakes workers: procrastinate's tasks. They carry no truth; each only calls an idempotent verb of the engine.

A wake-up that is lost, or dies with its worker, is written anew by the next sweep, which looks at the rows themselves.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status

from engine.engine import Engine
from engine.store.wakeups import conninfo

QUEUE = "gendan"
SWEEP = "sweep"
STALE = 30.0
"""Seconds without a heartbeat after which a worker is taken for dead."""
_MOST_JOBS = 200


@dataclass(frozen=True, slots=True)
class WakeUp:
    """One thing to do: the task by name, with what, and the lock under which it waits only once."""

    task: str
    lock: str
    values: dict[str, Any]


def look(engine: Engine) -> list[WakeUp]:
    """What is due by the rows: shares of messages and of timers, and jobs."""
    found = [WakeUp("deliver", f"deliver {share}", {"share": share}) for share in engine.messages.shares_waiting()]
    found += [WakeUp("fire", f"fire {share}", {"share": share}) for share in engine.timers.shares_due()]
    found += [WakeUp("run", f"run {job_id}", {"job_id": job_id}) for job_id in engine.jobs.due(_MOST_JOBS)]
    return found


def application(engine: Engine, sweep_seconds: int) -> App:
    """Procrastinate's application with the tasks of this engine."""
    app = App(connector=PsycopgConnector(conninfo=conninfo(engine.machinery.database), min_size=1, max_size=4))

    @app.task(name="deliver", queue=QUEUE)
    def deliver(share: int) -> None:
        while engine.messages.deliver(share):
            pass  # it stops for breath after very many

    @app.task(name="fire", queue=QUEUE)
    def fire(share: int) -> None:
        engine.timers.fire_due(share)

    @app.task(name="run", queue=QUEUE)
    def run(job_id: int) -> None:
        engine.jobs.run(job_id)

    @app.periodic(cron=f"* * * * * */{sweep_seconds}")
    @app.task(name=SWEEP, queue=QUEUE, queueing_lock=SWEEP, priority=1)
    async def sweep(timestamp: int) -> None:
        del timestamp
        for each in await asyncio.to_thread(look, engine):
            await _wake(app, each)
        with suppress(ConnectorException):  # another sweep may be removing the same
            await _remove_stale(app)
        await asyncio.to_thread(engine.keep)

    @app.periodic(cron="* * * * *")
    @app.task(name="count", queue=QUEUE, queueing_lock="count")
    def count(timestamp: int) -> None:
        del timestamp
        engine.board.count_due()
        engine.heat.count_due()

    return app


async def _wake(app: App, each: WakeUp) -> None:
    with suppress(AlreadyEnqueued):  # then it waits already
        await app.configure_task(each.task, queue=QUEUE, queueing_lock=each.lock).defer_async(**each.values)


async def _remove_stale(app: App) -> None:
    """Take away what a dead worker held: what of it is still due is found in the rows again."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALE):
        if job.id is not None:
            await app.job_manager.finish_job_by_id_async(job.id, Status.ABORTED, delete_job=True)
    await app.job_manager.prune_stalled_workers(STALE)
