"""External tasks: steps whose topic no connector has, done by workers outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from engine.errors import Conflict, Invalid, NotFound
from engine.runtime.messages.messages import Messages
from engine.runtime.tasks.arrivals import Arrivals
from engine.runtime.unit import refusals
from engine.runtime.unit.administration import acting_as
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.occurrences import Place
from engine.runtime.unit.step import Step
from engine.store import externals, instances
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.values import Value, loads
from engine.views import Actor, ExternalFilter, ExternalTask, Failure, Fetch, Fetched, Topic

SEND = externals.SEND
INCIDENT = "external"
_LONGEST = timedelta(days=366)
_MOST = 1000
_EVERY = ExternalFilter()


class Externals:
    """The verbs of workers. A worker may do what names him or a group of his as `senders`, or anything with the right
    to send anything. Every verb raises NotFound to who may neither work on a task nor know its instance."""

    def __init__(self, machinery: Machinery, messages: Messages) -> None:
        self._machinery = machinery
        self._messages = messages
        self._arrivals = Arrivals()
        machinery.observers.append(self._arrivals.told)

    # --- asking ---------------------------------------------------------------------------------------------------

    def find(
        self, wanted: ExternalFilter, actor: Actor, first: int = 0, limit: int = _MOST
    ) -> tuple[ExternalTask, ...]:
        """A part of what waits to be done outside, oldest first unless ordered otherwise."""

        def read(connection: Connection) -> tuple[ExternalTask, ...]:
            acting, now = acting_as(self._machinery, connection, actor), self._machinery.clock.now()
            return tuple(map(self._view, externals.listed(connection, acting, wanted, now, first, limit)))

        return self._machinery.read(read)

    def count(self, wanted: ExternalFilter, actor: Actor) -> int:
        """How many those are."""

        def read(connection: Connection) -> int:
            acting = acting_as(self._machinery, connection, actor)
            return externals.count(connection, acting, wanted, self._machinery.clock.now())

        return self._machinery.read(read)

    def topics(self, wanted: ExternalFilter, actor: Actor) -> tuple[str, ...]:
        """The topics of those."""

        def read(connection: Connection) -> tuple[str, ...]:
            acting = acting_as(self._machinery, connection, actor)
            return tuple(externals.topics(connection, acting, wanted, self._machinery.clock.now()))

        return self._machinery.read(read)

    def get(self, external_id: int, actor: Actor) -> ExternalTask:
        """One of them."""
        return self._machinery.read(lambda connection: self._view(self._one(connection, external_id, actor)))

    def details(self, external_id: int, actor: Actor) -> str:
        """What the worker said at length about the last try that failed."""
        found: str = self._machinery.read(lambda connection: self._one(connection, external_id, actor).error_details)
        return found

    # --- having ---------------------------------------------------------------------------------------------------

    def lock(self, topic: str, worker: str, seconds: int, actor: Actor, limit: int = 10) -> tuple[ExternalTask, ...]:
        """Take free ones of a topic for a while; who does not complete them in time loses them."""
        wanted = Fetch(worker, limit, (Topic(topic, timedelta(seconds=seconds), ()),))
        return tuple(each.task for each in self.fetch(wanted, actor))

    def fetch(self, wanted: Fetch, actor: Actor, wait: float = 0) -> tuple[Fetched, ...]:
        """Take what is asked for and free; when there is nothing, wait so many seconds for it."""
        for topic in wanted.topics:
            _require_span(topic.lock)
        _require_worker(wanted.worker)
        if not wanted.topics or wanted.limit < 1:
            return ()
        return self._arrivals.wait_for(lambda: self._fetch(wanted, actor), wait)

    def _fetch(self, wanted: Fetch, actor: Actor) -> tuple[Fetched, ...]:
        def look(connection: Connection) -> bool:
            acting = acting_as(self._machinery, connection, actor)
            return externals.waits(connection, acting, wanted, self._machinery.clock.now())

        def take(connection: Connection) -> dict[int, Topic]:
            acting = acting_as(self._machinery, connection, actor)
            return externals.lock(connection, acting, wanted, self._machinery.clock.now())

        if not self._machinery.read(look):  # so that who waits does not take a turn at writing each time
            return ()
        taken = self._machinery.write(take)
        return self._machinery.read(lambda connection: self._fetched(connection, taken, wanted.worker, actor))

    def _fetched(
        self, connection: Connection, taken: Mapping[int, Topic], worker: str, actor: Actor
    ) -> tuple[Fetched, ...]:
        """What was taken with its variables, without what was withdrawn meanwhile."""
        acting = acting_as(self._machinery, connection, actor)
        rows = {row.id: row for row in externals.some(connection, taken, acting) if row.worker == worker}
        more = {row.instance_id for key, row in rows.items() if row.seen and not _has(_inputs(row), taken[key].names)}
        steps = {
            key: Step(self._machinery, connection, stored, acting)
            for key, stored in instances.load_some(connection, more).items()
        }
        return tuple(
            Fetched(self._view(rows[key]), _variables(rows[key], topic.names, steps.get(rows[key].instance_id)))
            for key, topic in taken.items()
            if key in rows
        )

    def extend(self, external_id: int, worker: str, lock: timedelta, actor: Actor) -> None:
        """Keep a task for so long from now on. Raises Conflict when the lock has run out or another has it."""
        _require_span(lock)

        def work(connection: Connection) -> None:
            row = self._held(connection, external_id, worker, acting_as(self._machinery, connection, actor))
            now = self._machinery.clock.now()
            if row.locked_until is None or row.locked_until <= now:
                raise Conflict("The lock of %(worker)s on this task has run out.", worker=worker)
            externals.change(connection, external_id, {"locked_until": now + lock})

        self._machinery.write(work)

    def seize(self, external_id: int, worker: str, lock: timedelta, actor: Actor) -> None:
        """Take this very task for so long. Raises Conflict when another has it."""
        _require_span(lock)
        _require_worker(worker)

        def work(connection: Connection) -> None:
            acting, now = acting_as(self._machinery, connection, actor), self._machinery.clock.now()
            row = _require_works(externals.hold(connection, external_id, acting), external_id)
            if row.worker != worker and row.locked_until is not None and row.locked_until > now:
                raise _with_another(row, worker)
            externals.change(connection, external_id, {"worker": worker, "locked_until": now + lock})

        self._machinery.write(work)

    def unlock(self, external_id: int, actor: Actor) -> None:
        """Let others have a task."""

        def work(connection: Connection) -> None:
            acting = acting_as(self._machinery, connection, actor)
            _require_works(externals.hold(connection, external_id, acting), external_id)
            externals.change(connection, external_id, {"worker": "", "locked_until": None})

        self._machinery.write(work)
        self._arrivals.wake()

    # --- what came of it ------------------------------------------------------------------------------------------

    def complete(
        self,
        external_id: int,
        worker: str,
        values: Mapping[str, Value],
        actor: Actor,
        local: Mapping[str, Value] | None = None,
    ) -> None:
        """The step is done; `values` are its result, `local` what only its output parameters read besides. Conflict
        when another worker has it."""

        def done(step: Step, row: Any) -> None:
            node = step.element_at(row.process_id, row.element_id, row.token).node
            mapped = bool(node.outputs or node.result_variable)
            result = {**(local or {}), **values} if mapped else dict(values)
            step.event("external-completed", _place(row), values=result, worker=worker)
            step.execution.complete(row.token, result)

        self._work(external_id, worker, actor, done)

    def fail(
        self,
        external_id: int,
        worker: str,
        code: str,
        text: str,
        actor: Actor,
        values: Mapping[str, Value] | None = None,
    ) -> None:
        """The step ended in a BPMN error, for its error boundary to catch; without one it is an incident."""

        def done(step: Step, row: Any) -> None:
            brought = dict(values or {})
            step.event("external-failed", _place(row), code=code, text=text, values=brought, worker=worker)
            step.execution.fail(row.token, code, text, brought)

        self._work(external_id, worker, actor, done)

    def failed(self, external_id: int, worker: str, failure: Failure, actor: Actor) -> None:
        """A try failed. Others may have the task after the pause; without tries left it is an incident."""
        if failure.retries < 0 or failure.pause < timedelta():
            raise Invalid("Tries that are left and the pause before the next are not below 0.")

        def done(step: Step, row: Any) -> None:
            step.event("external-tried", _place(row), text=failure.text, left=str(failure.retries), worker=worker)
            if failure.retries == 0:
                step.execution.report(row.token, INCIDENT, failure.text or "The worker gave no reason.")
            externals.change(
                step.connection,
                row.id,
                {
                    "retries": failure.retries,
                    "error": failure.text,
                    "error_details": failure.details,
                    "locked_until": step.now + min(failure.pause, _LONGEST),
                },
            )

        self._work(external_id, worker, actor, done)

    def set_retries(self, external_ids: tuple[int, ...], retries: int, actor: Actor) -> None:
        """Give tasks other numbers of tries; more than 0 takes their incidents away. Needs to be a worker of the
        task's, or the right to retry."""
        if retries < 0:
            raise Invalid("Tries that are left are not below 0.")
        for external_id in external_ids:
            self._instance(external_id, actor, lambda step, row: self._set_retries(step, row, retries))
        self._arrivals.wake()

    @staticmethod
    def _set_retries(step: Step, row: Any, retries: int) -> None:
        if retries and row.retries == 0:
            step.event("retried", _place(row))
            step.execution.settle(row.token)
        if not retries and row.retries != 0:
            step.event("external-tried", _place(row), left="0")
            step.execution.report(row.token, INCIDENT, row.error or "No tries were left to it.")
        externals.change(step.connection, row.id, {"retries": retries})

    def set_priority(self, external_id: int, priority: int, actor: Actor) -> None:
        """Give a task another priority; needs the same."""
        self._instance(
            external_id,
            actor,
            lambda step, row: externals.change(step.connection, row.id, {"priority": priority}),
        )

    # --- how ------------------------------------------------------------------------------------------------------

    def _work(self, external_id: int, worker: str, actor: Actor, done: Callable[[Step, Any], None]) -> None:
        """One unit of work of who has the task."""

        def work(connection: Connection) -> bool:
            acting = acting_as(self._machinery, connection, actor)
            row = self._held(connection, external_id, worker, acting)
            return self._step(connection, row, acting, done)

        if self._machinery.write(work):
            self._messages.deliver()

    def _instance(self, external_id: int, actor: Actor, change: Callable[[Step, Any], None]) -> None:
        """One of who may look after it."""

        def work(connection: Connection) -> bool:
            acting = acting_as(self._machinery, connection, actor)
            row = externals.hold(connection, external_id, acting)
            if row is None or not (row.works or row.seen):
                raise _gone(external_id)
            if not row.works:
                stored = instances.load(connection, row.instance_id)
                assert stored is not None
                refusals.require_right(acting, "retry", stored)
            return self._step(connection, row, acting, change)

        if self._machinery.write(work):
            self._messages.deliver()

    def _step(self, connection: Connection, row: Any, acting: Acting, change: Callable[[Step, Any], None]) -> bool:
        stored = instances.load(connection, row.instance_id)
        if stored is None:
            raise _gone(row.id)
        refusals.require_active(stored)
        step = Step(self._machinery, connection, stored, acting)
        change(step, row)
        if step.journal.events:
            step.save()
        return step.posted

    def _held(self, connection: Connection, external_id: int, worker: str, acting: Acting) -> Any:
        """The row of a task that this worker had last. Raises Conflict when that was another."""
        row = _require_works(externals.hold(connection, external_id, acting), external_id)
        if row.worker != worker:
            raise _with_another(row, worker)
        return row

    def _one(self, connection: Connection, external_id: int, actor: Actor) -> Any:
        acting = acting_as(self._machinery, connection, actor)
        row = next(iter(externals.some(connection, [external_id], acting)), None)
        if row is None or not (row.works or row.seen):
            raise _gone(external_id)
        return row

    def _view(self, row: Any) -> ExternalTask:
        process = self._machinery.library.practice(row.deployment_id).processes[row.process_id]
        return ExternalTask(
            id=row.id,
            instance_id=row.instance_id,
            token=row.token,
            business_key=row.business_key,
            instance_process_id=row.instance_process_id,
            process_id=row.process_id,
            definition_id=process.row_id,
            version=process.version,
            element_id=row.element_id,
            topic=row.topic,
            inputs=_inputs(row),
            priority=row.priority,
            created_at=row.created_at,
            worker=row.worker,
            locked_until=row.locked_until,
            retries=row.retries,
            error=row.error,
            suspended=row.state == "suspended",
            properties=element.node.properties if (element := process.elements.get(row.element_id)) else {},
        )


def _require_span(lock: timedelta) -> None:
    if not timedelta() < lock <= _LONGEST:
        raise Invalid("A lock lasts up to a year; %(seconds)s seconds were asked for.", seconds=lock.total_seconds())


def _require_worker(worker: str) -> None:
    if not worker:
        raise Invalid("Say which worker asks: what it is called.")


def _with_another(row: Any, worker: str) -> Conflict:
    if not row.worker:
        return Conflict(
            "The external task %(id)d is not with the worker %(worker)s: its lock is over.", id=row.id, worker=worker
        )
    return Conflict(
        "The external task %(id)d is not with the worker %(worker)s, but with %(who)s.",
        id=row.id, worker=worker, who=row.worker,
    )  # fmt: skip


def _place(row: Any) -> Place:
    return Place(row.process_id, row.element_id, row.token)


def _require_works(row: Any | None, external_id: int) -> Any:
    if row is None or not (row.works or row.seen):
        raise _gone(external_id)
    if not row.works:
        raise refusals.not_a_worker(row.topic)
    return row


def _gone(external_id: int) -> NotFound:
    return NotFound("The external task %(id)d is done, or was never there, or is not yours.", id=external_id)


def _has(found: Mapping[str, Value], names: tuple[str, ...] | None) -> bool:
    """Whether these are all that is asked for."""
    return names is not None and found.keys() >= set(names)


def _variables(row: Any, names: tuple[str, ...] | None, step: Step | None) -> dict[str, Value]:
    """What a worker sees: the inputs, and all that is visible there if he may correct it."""
    found = _inputs(row)
    if step is not None and refusals.has_right(step.acting, "correct", step.stored, step.process.traits.correctors):
        found = {**step.execution.variables(row.token), **found}
    return {name: value for name, value in found.items() if names is None or name in names}


def _inputs(row: Any) -> dict[str, Value]:
    found = loads(row.inputs) if row.inputs else {}
    return found if isinstance(found, dict) else {}
