"""Calls of the HTTP connector: the token waits at its step until the answer is applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.connectors import http
from engine.connectors.calling import CallFailed
from engine.errors import Conflict, GendanError
from engine.runtime.jobs.jobs import Hold, Outcome, settled
from engine.runtime.unit import refusals
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.occurrences import Place
from engine.runtime.unit.step import Step
from engine.store import instances, jobs, rights
from engine.store.connect import Connection
from engine.values import Value, dumps, loads
from engine.views import Actor


class HttpCalls:
    """The effect of jobs of kind `http`."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def take(self, connection: Connection, job_id: int, hold: Hold) -> Sequence[Any]:
        """Lock the one call."""
        row = jobs.take(connection, job_id, hold.worker, hold.now, hold.until)
        return () if row is None else (row,)

    def do(self, rows: Sequence[Any]) -> Outcome:
        """Call, unless the answer came while the instance was on hold."""
        row = rows[0]
        if row.result:
            return Outcome(True, loads(row.result))
        try:
            answer = http.answered(_inputs(row), row.key, self._machinery.settings.outside, self._machinery.call)
        except http.Refused as refused:
            return Outcome(False, refused.code, refused.reason, lasting=True)
        except CallFailed as failed:
            return Outcome(False, None, failed.reason, failed.lasting)
        except GendanError as error:  # the settings have changed since the step
            return Outcome(False, None, str(error), lasting=True)
        return Outcome(True, answer)

    def apply(self, connection: Connection, rows: Sequence[Any], outcome: Outcome) -> bool:
        """The step goes on with the answer, ends in its error, or is an incident when nothing helps any more."""
        row, now = rows[0], self._machinery.clock.now()
        stored = instances.load(connection, row.instance_id)
        if stored is None:
            return False
        if stored.state == "suspended":  # nothing moves in it: the answer waits, a failure is tried again
            result = dumps(outcome.value) if outcome.done else ""
            jobs.finish(connection, rows, result=result, due_at=now, tries=row.tries - 1, reason=outcome.reason)
            return False
        if not settled(connection, rows, outcome, now):
            return False
        if not outcome.done and not outcome.ends(row.tries):
            return False
        step = Step(self._machinery, connection, stored, rights.who(connection, rights.SYSTEM, now))
        place = Place(row.process_id, row.element_id, row.token)
        if outcome.done:
            step.event("external-completed", place, job=row.label, values=_summary(outcome.value))
            step.execution.answer(row.token, outcome.value)
        elif outcome.value:
            step.event("external-failed", place, job=row.label, code=outcome.value, text=outcome.reason)
            step.execution.fail(row.token, str(outcome.value), outcome.reason)
        else:
            step.execution.report(row.token, "job", f"{row.label}: {outcome.reason}")
        step.save()
        return step.posted

    def again(self, connection: Connection, row: Any, actor: Actor) -> bool:
        """A waiting call is due at once; one that failed for good goes through its incident, as retrying that does."""
        now = self._machinery.clock.now()
        if row.state == "waiting":
            if not jobs.again(connection, row.id, now):
                raise Conflict("The job %(id)d is being run. Look again in a moment.", id=row.id)
            return False
        stored = instances.load(connection, row.instance_id)
        if stored is None:
            return False
        refusals.require_active(stored)
        step = Step(self._machinery, connection, stored, rights.who(connection, actor.user_id, now))
        step.event("retried", Place(row.process_id, row.element_id, row.token))
        step.execution.retry(row.token)
        step.save()
        return step.posted


def _inputs(row: Any) -> Mapping[str, Value]:
    found = loads(row.payload)
    return found if isinstance(found, dict) else {}


def _summary(value: Value) -> Value:
    """What history says of an answer: its status. The body is where the diagram keeps it."""
    return {"status": value["status"]} if isinstance(value, dict) else {}
