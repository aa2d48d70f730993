"""Who may start what by hand, on its own or for a record: as the diagrams say (`starters`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from engine.definitions.model import Node
from engine.errors import Forbidden, GendanError, NotFound
from engine.expressions import compile_text
from engine.runtime.deployed import keys
from engine.runtime.deployed.practice import DeployedProcess, Practice
from engine.runtime.deployed.traits import split, subjects
from engine.runtime.lifecycle import starting
from engine.runtime.unit.environment import PracticeEnvironment
from engine.runtime.unit.machinery import Machinery
from engine.store import instances, records
from engine.store.connect import Connection
from engine.store.rights import SYSTEM, Acting
from engine.values import Value, loads
from engine.views import Startable


class Starts:
    """The start events of the practice deployed last, for one person and (with `key`) for one record."""

    def __init__(self, machinery: Machinery, connection: Connection, acting: Acting, key: str = "") -> None:
        found = machinery.library.latest(connection)
        if found is None:
            raise NotFound("Nothing is deployed yet. Deploy the practice first: gendan deploy processes/")
        self.practice: Practice = found
        self.key = key
        self._connection = connection
        self._acting = acting
        actor = "" if acting.user_id == SYSTEM else acting.user_id
        self.environment = PracticeEnvironment(machinery, connection, found, machinery.clock.now(), actor, key)
        self._record = records.get(connection, key) if key else None
        self._owner = instances.load(connection, self._record.instance_id) if self._record is not None else None

    def all(self) -> tuple[Startable, ...]:
        """Everything the person may start here."""
        found = []
        for process in self.practice.processes.values():
            for node in process.starts if self._belongs(process) else ():
                if starting.is_plain(node) and self._may(process, node):
                    label = node.properties.get("label") or process.name
                    text = node.documentation or process.definition.documentation
                    linked = bool(process.traits.linked_to)
                    found.append(Startable(process.id, process.name, node.id, label, text, linked))
        return tuple(found)

    def find(self, process_id: str, element_id: str) -> tuple[DeployedProcess, Node]:
        """The process and its start event. Raises NotFound."""
        process = self.practice.processes.get(process_id)
        if process is None:
            raise NotFound("There is no process %(id)s.", id=process_id)
        return process, starting.start_event(process, element_id)

    def require(self, process: DeployedProcess, node: Node) -> str:
        """The principal in whose capacity the person may start it. Raises Forbidden; NotFound for a hidden record."""
        if self._acting.system:
            return ""
        if self.key and self._record is None and not process.traits.linked_to:
            keys.require_free(self.practice, process, self.key)
        elif self.key and not self._visible:
            raise NotFound("There is no record %(key)s, or it is not yours to see.", key=self.key)
        named = self._starters(split(node.properties.get("starters", "")) or process.traits.starters)
        found = self._acting.capacity_in(named, self.key, process.traits.confidential)
        if found is None:
            raise Forbidden("You may not start “%(process)s”.", process=process.name, right="start")
        return found.principal

    @cached_property
    def _visible(self) -> bool:
        """Whether the person may know the record, and hear from it what fills the form; asked for every process that
        could join it."""
        if self._owner is None or instances.may_hear(self._connection, self._owner.id, self._acting) is None:
            return False
        return bool(instances.of_record(self._connection, self.key, self._acting))

    def _starters(self, entries: tuple[str, ...]) -> tuple[str, ...]:
        named: list[str] = []
        for entry in entries:
            if "${" in entry:
                person = entry.removeprefix("user:")
                named += subjects(compile_text(person).evaluate(self.names, self.environment.context(), strict=False))
            else:
                named.append(entry)
        return tuple(named)

    def _may(self, process: DeployedProcess, node: Node) -> bool:
        try:
            self.require(process, node)
        except GendanError:
            return False
        return True

    def _belongs(self, process: DeployedProcess) -> bool:
        linked = process.traits.linked_to
        if self._record is None:
            return not linked and not self.key
        return self._record.record_type in linked or (self._owner is not None and self._owner.process_id in linked)

    @cached_property
    def names(self) -> Mapping[str, Value]:
        """What the form and the rights of a linked start may speak of: the published fields of its record."""
        if self._record is None:
            return {}
        published = records.fields_of(self._connection, [self._record.instance_id]).get(self._record.instance_id, {})
        return {
            **{name: loads(text) for name, text in published.items()},
            "business_key": self.key,
            "number": "",
            "starter": self._owner.started_by if self._owner is not None else "",
            "started_at": self._record.started_at,
        }
