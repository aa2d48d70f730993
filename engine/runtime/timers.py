"""Timers: due ones fire in order, each in its own transaction; firing one twice does nothing the second time."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from engine.runtime import effects, starting
from engine.runtime.core import next_start
from engine.runtime.environment import PracticeEnvironment
from engine.runtime.holding import resume_instance
from engine.runtime.machinery import Machinery
from engine.runtime.messages import Messages
from engine.runtime.occurrences import Place
from engine.runtime.starting import Beginning
from engine.runtime.step import Step
from engine.store import instances, rights, timers, waits
from engine.store.connect import Connection

_BATCH = 200


class Timers:
    """Whoever wakes only calls `fire_due`; the rows are the truth."""

    def __init__(self, machinery: Machinery, messages: Messages) -> None:
        self._machinery = machinery
        self._messages = messages

    def fire_due(self, limit: int = _BATCH) -> int:
        """Fire at most `limit` of the timers that are due, the earliest first; how many fired."""
        now = self._machinery.clock.now()
        found = self._machinery.read(lambda connection: timers.due(connection, now, limit))
        return sum(self.fire(timer_id) for timer_id in found)

    def next_due(self) -> datetime | None:
        """When the next timer is due; None when none waits."""
        return self._machinery.read(timers.next_due)

    def fire(self, timer_id: int) -> bool:
        """Fire one timer if it is (still) due. Idempotent."""

        def work(connection: Connection) -> tuple[bool, bool]:
            row = timers.take(connection, timer_id, self._machinery.clock.now())
            if row is None:
                return False, False
            if row.kind == "start":
                return True, self._start(connection, row)
            return True, self._fire(connection, row)

        fired, posted = self._machinery.write(work)
        if posted:
            self._messages.deliver()
        return fired

    def recompute(self) -> int:
        """The calendar has changed: compute the open timers of working time again; how many instances that were."""
        rows = self._machinery.read(timers.working)
        by_instance: dict[int, list[int]] = {}
        for row in rows:
            by_instance.setdefault(row.instance_id, []).append(row.token)
        for instance_id, tokens in by_instance.items():
            self._machinery.write(partial(self._recompute, instance_id=instance_id, tokens=tokens))
        return len(by_instance)

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

    def _recompute(self, connection: Connection, instance_id: int, tokens: list[int]) -> None:
        stored = instances.load(connection, instance_id)
        if stored is None or stored.state != "active":
            return
        step = Step(self._machinery, connection, stored, rights.who(connection, rights.SYSTEM, self._now()))
        for token in tokens:
            step.execution.recompute_timer(token)
        step.event("calendar-changed", None)
        step.save()

    def _now(self) -> datetime:
        return self._machinery.clock.now()
