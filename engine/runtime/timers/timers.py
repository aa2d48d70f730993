"""Timers: due ones fire in order, each in its own transaction; firing one twice does nothing the second time."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import structlog

from engine.errors import Unavailable
from engine.runtime.core import next_start
from engine.runtime.lifecycle import starting
from engine.runtime.lifecycle.holding import resume_instance
from engine.runtime.lifecycle.starting import Beginning
from engine.runtime.messages.messages import Messages
from engine.runtime.timers.recomputing import Recomputing
from engine.runtime.unit import effects
from engine.runtime.unit.environment import PracticeEnvironment
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.occurrences import Place
from engine.runtime.unit.step import Step
from engine.store import instances, rights, timers, waits
from engine.store.connect import Connection
from engine.store.timers import Due

_BATCH = 200
_log = structlog.get_logger(__name__)


class Timers:
    """Whoever wakes only calls `fire_due` or `fire`; the rows are the truth."""

    def __init__(self, machinery: Machinery, messages: Messages) -> None:
        self._machinery = machinery
        self._messages = messages
        self.recomputing = Recomputing(machinery)

    def fire_due(self, share: int | None = None) -> int:
        """Fire the timers that are due (of one share, see `shares_due`), the earliest first; how many were fired.

        One that cannot be fired stays, and is tried again by the next call: it must not keep the others from firing.
        """
        now = self._machinery.clock.now()
        done, last = 0, None
        while True:
            find = partial(timers.due, now=now, limit=_BATCH, after=last, share=share)
            found = self._machinery.read(find)
            done += sum(self._tried(each) for each in found)
            if len(found) < _BATCH:
                return done
            last = found[-1]

    def shares_due(self) -> tuple[int, ...]:
        """In which shares something is due: workers fire one share each, so that they do not meet."""
        now = self._machinery.clock.now()
        return tuple(self._machinery.read(lambda connection: timers.shares_due(connection, now)))

    def next_due(self) -> datetime | None:
        """When the next timer is due; None when none waits."""
        return self._machinery.read(timers.next_due)

    def fire(self, timer_id: int) -> bool:
        """Fire one timer if it is (still) due, after the earlier ones of its instance; whether it was fired here.

        Idempotent. Several may do it at once: an instance's timers fire in order of their due time all the same.
        """
        taken: Any = None

        def work(connection: Connection) -> bool:
            nonlocal taken
            taken = timers.take(connection, timer_id, self._now())
            if taken is None:
                return False
            return self._start(connection, taken) if taken.kind == "start" else self._fire(connection, taken)

        def still(connection: Connection) -> bool:
            return timers.is_due(connection, timer_id, self._now())

        while True:
            if self._machinery.write(work):
                self._messages.deliver()
            if taken is not None and taken.id == timer_id:
                return True
            if taken is None and not self._machinery.read(still):
                return False

    def _tried(self, due: Due) -> bool:
        try:
            return self.recomputing.work_off(due.id) if due.kind == timers.CALENDAR else self.fire(due.id)
        except Unavailable:
            raise  # nor can the others be
        except Exception as error:
            _log.error("a timer cannot be fired", timer=due.id, error=repr(error))
            return False

    def _fire(self, connection: Connection, row: Any) -> bool:
        stored = instances.load(connection, row.instance_id)
        if stored is None or stored.ended:
            return False
        step = Step(self._machinery, connection, stored, rights.who(connection, rights.SYSTEM, self._now()))
        if row.kind == "resume":
            if stored.state == "suspended":
                resume_instance(step)
        elif row.kind == "reminder":
            self._remind(step, row)
        else:
            place = Place(row.process_id, row.element_id, row.token)
            step.event("timer", place, due=row.due_at)
            if step.execution.fire(row.token):
                step.save()
        return step.posted

    def _start(self, connection: Connection, row: Any) -> bool:
        """A start event of the latest deployment; its next round is put in place of the one that fired."""
        practice = self._machinery.library.latest(connection)
        process = practice.processes.get(row.process_id) if practice is not None else None
        if practice is None or process is None or process.row_id != row.definition_id:
            return False
        acting = rights.who(connection, rights.SYSTEM, self._now())
        node = starting.start_event(process, row.element_id)
        what = Beginning(process, node, {}, kind="timer", data={"due": row.due_at})
        step = starting.begin(self._machinery, connection, practice, what, acting, "")
        environment = PracticeEnvironment(self._machinery, connection, practice, self._now())
        due: datetime | None = row.due_at
        rounds = row.rounds
        while due is not None and due <= self._now():  # rounds that were missed fire once, together
            rounds += 1
            due = next_start(process.program, row.element_id, environment, due, rounds)
        if due is not None:
            kept = ("definition_id", "kind", "process_id", "element_id", "anchor")
            timers.put(connection, [{**{name: getattr(row, name) for name in kept}, "due_at": due, "rounds": rounds}])
        return step.posted

    def _remind(self, step: Step, row: Any) -> None:
        """A task's followUpDate: a reminder to who has it, or to whom it is offered."""
        found = waits.task_at(step.connection, step.stored.id, row.token)
        if found is None:
            return
        to = (found.assignee,) if found.assignee else tuple(waits.offered(step.connection, found.id))
        title = step.stored.title or step.stored.business_key
        effects.notice(step, to, "reminder", found.name, title, False, found.element_id)
        step.event("reminded", Place(found.process_id, found.element_id, found.token), to=list(to)).task_id = found.id
        step.save()

    def _now(self) -> datetime:
        return self._machinery.clock.now()
