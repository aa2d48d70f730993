"""Timers, calls of other systems and incidents, as programs ask for them; and what they do with timers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from engine.errors import NotFound
from engine.runtime.jobs.jobs import MOST_TRIES
from engine.runtime.messages.messages import Messages
from engine.runtime.unit import refusals
from engine.runtime.unit.administration import acting_as
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.occurrences import Place
from engine.runtime.unit.step import Step
from engine.store import instances, timers, waiting_search
from engine.store.connect import Connection
from engine.views import Actor, OpenIncident, WaitingFilter, WaitingJob


class Waiting:
    """Lists of what the person may know. Timers are moved and fired with the right to modify."""

    def __init__(self, machinery: Machinery, messages: Messages) -> None:
        self._machinery = machinery
        self._messages = messages

    def jobs(self, wanted: WaitingFilter, actor: Actor, limit: int, first: int = 0) -> tuple[WaitingJob, ...]:
        """A part of the timers and calls, by number or in the order of the filter."""

        def read(connection: Connection) -> tuple[WaitingJob, ...]:
            acting = acting_as(self._machinery, connection, actor)
            rows = waiting_search.jobs(connection, wanted, acting, MOST_TRIES, limit, first)
            return tuple(map(self._job, rows))

        return self._machinery.read(read)

    def count_jobs(self, wanted: WaitingFilter, actor: Actor) -> int:
        """How many there are."""

        def read(connection: Connection) -> int:
            acting = acting_as(self._machinery, connection, actor)
            return waiting_search.count_jobs(connection, wanted, acting, MOST_TRIES)

        return self._machinery.read(read)

    def incidents(self, wanted: WaitingFilter, actor: Actor, limit: int, first: int = 0) -> tuple[OpenIncident, ...]:
        """A part of the open incidents."""

        def read(connection: Connection) -> tuple[OpenIncident, ...]:
            acting = acting_as(self._machinery, connection, actor)
            return tuple(map(self._incident, waiting_search.incidents(connection, wanted, acting, limit, first)))

        return self._machinery.read(read)

    def count_incidents(self, wanted: WaitingFilter, actor: Actor) -> int:
        """How many there are."""
        return self._machinery.read(
            lambda connection: waiting_search.count_incidents(
                connection, wanted, acting_as(self._machinery, connection, actor)
            )
        )

    def fire(self, number: int, actor: Actor) -> None:
        """Let a timer fire now, whenever it is due; `number` is that of the list."""

        def change(step: Step, row: WaitingJob) -> None:
            step.event("timer", Place(row.process_id, row.element_id, row.token), due=row.due)
            timers.drop(step.connection, [number // 2])
            step.execution.fire(row.token)

        self._change(number, actor, change)

    def move(self, number: int, due: datetime, actor: Actor) -> None:
        """Let a timer be due at another time."""

        def change(step: Step, row: WaitingJob) -> None:
            step.event("due-set", Place(row.process_id, row.element_id, row.token), to=due)
            step.execution.move_timer(row.token, due)

        self._change(number, actor, change)

    def _change(self, number: int, actor: Actor, change: Callable[[Step, WaitingJob], None]) -> None:
        def work(connection: Connection) -> bool:
            acting = acting_as(self._machinery, connection, actor)
            wanted = WaitingFilter(ids=(number,), kinds=(waiting_search.TIMER,))
            rows = waiting_search.jobs(connection, wanted, acting, MOST_TRIES, 1, 0)
            stored = instances.load(connection, rows[0].instance_id) if rows else None
            if stored is None:
                raise NotFound("There is no timer %(id)d, or it has fired.", id=number)
            principal = refusals.require_right(acting, "modify", stored)
            refusals.require_active(stored)
            step = Step(self._machinery, connection, stored, acting, principal)
            change(step, self._job(rows[0]))
            step.save()
            return step.posted

        if self._machinery.write(work):
            self._messages.deliver()

    def _where(self, row: Any) -> tuple[int, int]:
        process = self._machinery.library.practice(row.deployment_id).processes[row.process_id]
        return process.row_id, process.version

    def _job(self, row: Any) -> WaitingJob:
        definition_id, version = self._where(row)
        return WaitingJob(
            row.id, row.kind, row.instance_id, row.token, row.process_id, definition_id, version, row.element_id,
            row.due, row.created_at, row.left, row.reason, row.state == "suspended",
        )  # fmt: skip

    def _incident(self, row: Any) -> OpenIncident:
        definition_id, version = self._where(row)
        return OpenIncident(
            row.id, row.instance_id, row.token, row.process_id, definition_id, version, row.element_id, row.code,
            row.text, row.created_at,
        )  # fmt: skip
