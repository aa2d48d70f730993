"""External tasks: steps whose topic no connector has, done by workers outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.runtime import refusals
from engine.runtime.machinery import Machinery
from engine.runtime.messages import Messages
from engine.runtime.occurrences import Place
from engine.runtime.step import Step
from engine.store import externals, instances, rights
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.values import Value, loads
from engine.views import Actor

RIGHT = "send_any"


@dataclass(frozen=True, slots=True)
class ExternalTask:
    """One step to be done outside; `locked_until` when a worker has it."""

    id: int
    instance_id: int
    business_key: str
    process_id: str
    element_id: str
    topic: str
    inputs: Mapping[str, Value]
    worker: str
    locked_until: datetime | None


class Externals:
    """The verbs of workers; they need the right to send anything."""

    def __init__(self, machinery: Machinery, messages: Messages) -> None:
        self._machinery = machinery
        self._messages = messages

    def list(self, actor: Actor, topic: str = "") -> tuple[ExternalTask, ...]:
        """What waits to be done outside, oldest first."""

        def read(connection: Connection) -> tuple[ExternalTask, ...]:
            self._worker(connection, actor)
            return tuple(_view(row) for row in externals.waiting(connection, topic, None, 1000))

        return self._machinery.read(read)

    def lock(self, topic: str, worker: str, seconds: int, actor: Actor, limit: int = 10) -> tuple[ExternalTask, ...]:
        """Take free ones of a topic for a while; who does not complete them in time loses them."""
        if not 0 < seconds <= 86_400:
            raise Invalid("A lock lasts from 1 second to a day; %(seconds)d were asked for.", seconds=seconds)

        def work(connection: Connection) -> tuple[ExternalTask, ...]:
            self._worker(connection, actor)
            now = self._machinery.clock.now()
            ids = [row.id for row in externals.waiting(connection, topic, now, limit)]
            taken = externals.lock(connection, ids, worker, now, now + timedelta(seconds=seconds))
            return tuple(_view(row) for row in externals.some(connection, taken))

        return self._machinery.write(work)

    def complete(self, external_id: int, worker: str, values: Mapping[str, Value], actor: Actor) -> None:
        """The step is done; `values` are its result. Conflict when another worker has it."""

        def done(step: Step, row: Any) -> None:
            step.execution.complete(row.token, dict(values))

        self._finish(external_id, worker, actor, "external-completed", dict(values), done)

    def fail(self, external_id: int, worker: str, code: str, text: str, actor: Actor) -> None:
        """The step ended in a BPMN error, for its error boundary to catch; without one it is an incident."""

        def done(step: Step, row: Any) -> None:
            step.execution.fail(row.token, code, text)

        self._finish(external_id, worker, actor, "external-failed", {"code": code, "text": text}, done)

    def _finish(
        self, external_id: int, worker: str, actor: Actor, kind: str, values: dict[str, Value], done: Any
    ) -> None:
        def work(connection: Connection) -> bool:
            acting = self._worker(connection, actor)
            row: Any = next(iter(externals.some(connection, [external_id])), None)
            stored = instances.load(connection, row.instance_id) if row is not None else None
            if row is None or stored is None:
                raise NotFound("The external task %(id)d is done, or was never there.", id=external_id)
            if row.worker not in ("", worker):
                raise Conflict(
                    "The worker %(who)s has this task until %(when)s.", who=row.worker, when=row.locked_until
                )
            refusals.require_active(stored)
            step = Step(self._machinery, connection, stored, acting)
            step.event(kind, Place(row.process_id, row.element_id, row.token), values=values, worker=worker)
            done(step, row)
            step.save()
            return step.posted

        if self._machinery.write(work):
            self._messages.deliver()

    def _worker(self, connection: Connection, actor: Actor) -> Acting:
        acting = rights.who(connection, actor.user_id, self._machinery.clock.now())
        if not acting.system and acting.capacity_with(RIGHT) is None:
            raise Forbidden("External tasks need the right %(right)s.", right=RIGHT)
        return acting


def _held(row: Any) -> Conflict:
    return Conflict("The worker %(who)s has this task until %(when)s.", who=row.worker, when=row.locked_until)


def _view(row: Any) -> ExternalTask:
    inputs = loads(row.inputs) if row.inputs else {}
    return ExternalTask(
        row.id, row.instance_id, row.business_key, row.process_id, row.element_id, row.topic,
        inputs if isinstance(inputs, dict) else {}, row.worker, row.locked_until,
    )  # fmt: skip
