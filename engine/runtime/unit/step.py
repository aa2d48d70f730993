"""The unit of work: one transaction over one instance.

Restore → verbs of the execution → run → rows → history → snapshot against the version. Nothing here parses, hashes
passwords or talks to anybody; the caller commits (`Machinery.write`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from engine.errors import Conflict, GendanError
from engine.expressions import Compiled
from engine.runtime.core import Execution
from engine.runtime.deployed.practice import DeployedProcess, Practice
from engine.runtime.deployed.traits import Element, subjects
from engine.runtime.unit import nobody
from engine.runtime.unit.acted import acted
from engine.runtime.unit.effects import apply_effects
from engine.runtime.unit.environment import StepEnvironment
from engine.runtime.unit.events import Event, Journal
from engine.runtime.unit.gathering import Changes, Gatherer
from engine.runtime.unit.machinery import LostRace, Machinery
from engine.runtime.unit.occurrences import Place
from engine.runtime.unit.publishing import publish
from engine.runtime.unit.rows import write_changes
from engine.store import files, history, instances, messages, waits
from engine.store.connect import Connection
from engine.store.instances import Stored
from engine.store.rights import SYSTEM, Acting
from engine.values import Value, digests_in


class Step:
    """One unit of work over a stored instance. `acting` acts, as or for `on_behalf_of` (empty: for himself).

    `led_by` is whose action led to a step in which nobody acts: what one instance sends is taken by another.
    """

    def __init__(
        self,
        machinery: Machinery,
        connection: Connection,
        stored: Stored,
        acting: Acting,
        on_behalf_of: str = "",
        led_by: str = "",
    ) -> None:
        self.machinery = machinery
        self.connection = connection
        self.stored = stored
        self.acting = acting
        self.now: datetime = machinery.clock.now()
        self.actor = "" if acting.user_id == SYSTEM else acting.user_id
        self.led_by = self.actor or led_by
        self.on_behalf_of = "" if on_behalf_of == acting.user_id else on_behalf_of
        self.practice: Practice = machinery.library.practice(stored.deployment_id)
        self.process: DeployedProcess = self.practice.processes[stored.process_id]
        self.environment = StepEnvironment(machinery, connection, self.practice, stored, self.now, self.actor)
        self.journal = Journal()
        self.gatherer = Gatherer(self.journal, self.environment.process)
        self.columns: dict[str, Any] = {}
        self.opened: dict[int, int] = {}
        self.holders: dict[int, tuple[str, bool]] = {}
        """Task that this step opened → name of the assignee, and whether anybody active can do it."""
        self.posted = False
        """Whether messages wait to be delivered once this is committed."""
        self._rebound = False
        self._execution: Execution | None = None

    @property
    def execution(self) -> Execution:
        """The instance in memory, restored when first asked for."""
        if self._execution is None:
            if not self.stored.snapshot:
                raise Conflict(
                    "The contents of %(key)s were removed: it was over for as long as its kind is kept.",
                    key=self.stored.business_key,
                )
            self._execution = Execution.restore(self.stored.snapshot, self.environment)
        return self._execution

    def process_at(self, process_id: str, token: int) -> DeployedProcess:
        """The process that a token stands in, in the version in which it runs it; one that is called may be another
        than that of the practice."""
        begun = self._execution is not None or self.stored.snapshot
        return self.environment.process(process_id, self.execution.version_at(token) if begun else "")

    def element_at(self, process_id: str, element_id: str, token: int) -> Element:
        """What the process says of the element that a token waits at."""
        return self.process_at(process_id, token).elements[element_id]

    def begin(self, execution: Execution) -> None:
        """A new instance instead of a restored one."""
        self._execution = execution

    def rebind(self, execution: Execution) -> None:
        """The instance as it goes on by another version: what describes and publishes it is written anew."""
        self._execution, self._rebound = execution, True

    @property
    def new(self) -> bool:
        """Whether the instance starts with this step."""
        return self.stored.history_count == 0

    @cached_property
    def variables(self) -> Mapping[str, Value]:
        """What the instance's own scope sees after the run."""
        return self.execution.variables()

    def event(self, kind: str, place: Place | None = None, **data: Value) -> Event:
        """Tell history what the person (or a timer, a message) does; what follows from it at the place joins it."""
        if place is None:
            event = self.journal.add(Event(kind, self.process.row_id))
        else:
            event = self.journal.begin(place, self.process_at(place.process_id, place.token).row_id, kind)
        event.actor, event.on_behalf_of = self.actor, self.on_behalf_of
        event.data.update({name: value for name, value in data.items() if value not in (None, "", {}, [])})
        return event

    def save(self) -> None:
        """Run to rest and write everything. Raises LostRace when the instance was written meanwhile."""
        if self._execution is not None:
            self._run()
            self.columns["snapshot"] = self.execution.snapshot()
        rows, count, head = self.journal.chained(
            self.machinery.settings.history_key,
            self.stored.id,
            self.now,
            self.stored.history_count,
            self.stored.history_head,
        )
        columns = {**self.columns, "history_count": count, "history_head": head}
        if not instances.save(self.connection, self.stored.id, self.stored.version, columns):
            raise LostRace
        history.append(self.connection, rows)
        if self.journal.events:
            self.machinery.act(acted(self.journal.events, self.stored.id, self.stored.business_key))
        self.machinery.fault("before-commit")

    def submit_files(self, values: Mapping[str, Value], element_name: str) -> None:
        """What was uploaded for a form belongs to the instance once the form is submitted."""
        digests = set().union(*(digests_in(value) for value in values.values()))
        if digests:
            files.submit_attachments(
                self.connection, digests, self.actor, self.stored.id, self.stored.business_key, element_name
            )

    def _run(self) -> None:
        self.execution.run()
        self.gatherer.take(self.execution.drain())
        changes = self.gatherer.changes
        self.opened = write_changes(self, changes)
        changed = self.variables if self._rebound else changes.variables
        anew = self._describe(frozenset(changed))
        self._report_nobody(anew or self._rebound)
        publish(self, changes.published, changed)
        apply_effects(self, changes.effects)
        self._post(changes)
        if changes.ended is not None:
            self._end(changes.ended.state, changes.ended.ends)

    def _post(self, changes: Changes) -> None:
        """What was thrown leaves after commit; what was kept for this instance is delivered now that it waits."""
        names = {each.name for each in changes.subscriptions.values()}
        released = names and not self.new and messages.release(self.connection, self.stored.business_key, names)
        self.posted = self.posted or bool(changes.messages or released)

    def _report_nobody(self, anew: bool) -> None:
        """A task that no active person can do is an incident at its element at once; `anew`: all are looked at."""
        tasks = waits.open_tokens(self.connection, self.stored.id) if anew else self.opened
        self.holders = nobody.look(self, tasks, known=anew)
        found = self.execution.drain()
        if found:
            gatherer = Gatherer(self.journal, self.environment.process)
            gatherer.take(found)
            write_changes(self, gatherer.changes)

    def _describe(self, changed: frozenset[str]) -> bool:
        """Title, owner and readers follow the variables they are computed from; whether others are excluded now than
        when tasks were opened before."""
        traits = self.process.traits
        if not self.new and not (changed & traits.watched):
            return False
        if traits.title is not None:
            title = str(self._value(traits.title) or "")
            if title != self.stored.title:
                self.columns["title"] = title
        owner = self._value(traits.owner) if traits.owner is not None else self.stored.started_by
        owner = str(owner or self.stored.started_by)
        if owner != self.stored.owner:
            self.columns["owner"] = owner
        kinds = {
            "owner": (f"user:{owner}",) if owner else (),
            "reader": subjects(self._value(traits.readers)) if traits.readers is not None else (),
            "excluded": subjects(self._value(traits.excluded)) if traits.excluded is not None else (),
        }
        instances.replace_access(self.connection, self.stored.id, kinds)
        return not self.new and traits.excluded is not None and bool(changed & traits.excluded.names)

    def _value(self, expression: Compiled) -> Value:
        """Not strict: what describes the instance may name what is not known yet."""
        try:
            return expression.evaluate(self.variables, self.environment.context(), strict=False)
        except GendanError:
            return None

    def _end(self, state: str, ends: tuple[str, ...]) -> None:
        """The instance is over; `ends` are the ids of the end events it reached."""
        end_id = ends[-1] if ends else ""
        name = self.process.elements[end_id].name if end_id in self.process.elements else ""
        self.columns |= {"state": state, "ended_at": self.now, "end_id": end_id, "end_name": name}
        if not self.new:
            waits.remove_everything(self.connection, self.stored.id)
            for message in messages.expire_for(self.connection, self.stored.id, self.now):
                self.event("message-expired", None, name=message.name, correlation=message.correlation)
        self.event("ended", None, state=state, end=end_id, name=name)
