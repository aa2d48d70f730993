"""What is stuck: an error in a step, a task that nobody can do. Everything before it is saved; retrying goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import NotFound
from engine.runtime.instances import repair
from engine.runtime.messages.messages import Messages
from engine.runtime.unit import refusals
from engine.runtime.unit.administration import acting_as
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.occurrences import Place
from engine.runtime.unit.step import Step
from engine.store import instances, waits
from engine.store.connect import Connection
from engine.values import Value
from engine.views import Actor, IncidentRow, Repair

_ALL = 1_000_000


class Incidents:
    """Look at incidents and retry them; needs the right to retry."""

    def __init__(self, machinery: Machinery, messages: Messages) -> None:
        self._machinery = machinery
        self._messages = messages

    def list(self, actor: Actor, after: int = 0, limit: int = _ALL) -> tuple[IncidentRow, ...]:
        """The open incidents of everything this person may know, oldest first; those after an id."""

        def read(connection: Connection) -> tuple[IncidentRow, ...]:
            acting = acting_as(self._machinery, connection, actor)
            rows = waits.visible_incidents(connection, acting, after, limit)
            return tuple(self._row(row) for row in rows)

        return self._machinery.read(read)

    def get(self, incident_id: int, actor: Actor) -> Repair:
        """One incident with what this person can do about it. Raises NotFound."""

        def read(connection: Connection) -> Repair:
            acting = acting_as(self._machinery, connection, actor)
            row = waits.visible_incident(connection, acting, incident_id)
            stored = instances.load(connection, row.instance_id, acting) if row is not None else None
            if row is None or stored is None:
                raise _resolved(incident_id)
            step = Step(self._machinery, connection, stored, acting)
            return repair.of_incident(step, self._row(row))

        return self._machinery.read(read)

    def _row(self, row: Any) -> IncidentRow:
        practice = self._machinery.library.practice(row.deployment_id)
        process = practice.processes[row.instance_process_id]
        at = practice.processes.get(row.process_id, process)
        element = at.elements.get(row.element_id)
        return IncidentRow(
            id=row.id,
            instance_id=row.instance_id,
            business_key=row.business_key,
            title=row.title,
            process_id=row.process_id,
            process_name=at.name,
            element_id=row.element_id,
            element_name=element.name if element is not None else row.element_id,
            code=row.code,
            text=row.text,
            at=row.created_at,
            tries=row.tries,
        )

    def retry(
        self, incident_id: int, actor: Actor, corrections: Mapping[str, Value] | None = None, reason: str = ""
    ) -> None:
        """Let the step run again, after correcting variables of the instance if need be; both are recorded."""

        def work(connection: Connection) -> bool:
            acting = acting_as(self._machinery, connection, actor)
            row = waits.incident_row(connection, incident_id)
            stored = instances.load(connection, row.instance_id, acting) if row is not None else None
            if row is None or stored is None:
                raise _resolved(incident_id)
            principal = refusals.require_right(acting, "retry", stored)
            refusals.require_active(stored)
            step = Step(self._machinery, connection, stored, acting, principal)
            place = Place(row.process_id, row.element_id, row.token)
            before = step.execution.variables() if corrections else {}
            old = {name: before.get(name) for name in corrections or ()}
            step.event("retried", place, corrections=dict(corrections or {}), before=old, reason=reason.strip())
            if corrections:
                refusals.require_right(acting, "correct", stored, step.process.traits.correctors)
                step.execution.set_variables(dict(corrections))
            step.execution.retry(row.token)
            step.save()
            return step.posted

        if self._machinery.write(work):
            self._messages.deliver()


def _resolved(incident_id: int) -> NotFound:
    return NotFound("The incident %(id)d is resolved, or was never there.", id=incident_id)
