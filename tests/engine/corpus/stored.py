"""A diagram on a database, through the verbs of the engine: each step a transaction of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from engine.engine import SYSTEM
from engine.store import messages
from engine.store.connect import Connection
from engine.store.schema.running import process_instance
from engine.values import dumps
from engine.views import Actor, Way
from tests.engine.core.story import values as typed
from tests.engine.corpus.diagram import Diagram
from tests.engine.runtime.office import GROUPS, RECORDS, Office

_PLAIN = ("task", "external")


class StoredPlayer:
    """All instances that come of the steps; the first is the one that is looked at closely."""

    def __init__(self, diagram: Diagram, office: Office) -> None:
        self._office = office
        self._engine = office.engine
        self._diagram = diagram
        files = {
            f"{diagram.name}.bpmn": diagram.content,
            "groups.yaml": GROUPS.encode(),
            "records.yaml": RECORDS.encode(),
        }
        self._before = self._engine.machinery.read(_newest)
        self._engine.deployments.deploy(files, SYSTEM)

    def close(self) -> None:
        """Nothing is left that could meet the next diagram."""
        for instance in self._instances():
            if self._row(instance).state == "active":
                self._engine.instances.cancel(instance, "over", SYSTEM)

    def start(self, process: str, values: Mapping[str, Any]) -> None:
        self._engine.instances.start(process, values, SYSTEM)

    def start_at(self, element: str) -> None:
        self._engine.instances.start(self._diagram.process, {}, SYSTEM, element_id=element)

    def complete(self, element: str, values: Mapping[str, Any]) -> None:
        tasks = [task for task in self._office.tasks() if task.element_id == element]
        if tasks:
            self._engine.tasks.complete(min(task.id for task in tasks), values, Actor("ann"))
        else:
            self._engine.externals.complete(self._external(element), "w", typed(values), SYSTEM)

    def error(self, element: str, code: str) -> None:
        self._engine.externals.fail(self._external(element), "w", code, "", SYSTEM)

    def _external(self, element: str) -> int:
        """The external task of an element, whose topic has the same name, taken by the worker `w`."""
        found = self._engine.externals.lock(element, "w", 60, SYSTEM, limit=1)
        assert found, f"{element} does not wait: {self.open}"
        return found[0].id

    def message(self, name: str, payload: Mapping[str, Any]) -> None:
        given = dict(payload)
        instances = self._instances()
        key = given.pop("key", None)
        if key is None:
            key = self._row(instances[0]).business_key if instances else ""
        self._engine.messages.correlate(name, key, str(given.pop("correlation", "")), typed(given), SYSTEM)

    def signal(self, name: str, payload: Mapping[str, Any]) -> None:
        now = self._office.clock.now()
        row = {
            "kind": "signal", "name": name, "business_key": "", "correlation": "", "payload": dumps(typed(payload)),
            "state": "new", "created_at": now, "expires_at": now + timedelta(days=1),
        }  # fmt: skip
        self._engine.machinery.write(lambda connection: messages.put(connection, [row]))
        self._engine.messages.deliver()

    def wait(self, time: timedelta) -> None:
        self._office.wait(seconds=time.total_seconds())

    def set(self, values: Mapping[str, Any]) -> None:
        self._engine.instances.correct(self._instances()[0], typed(values), "so it is", SYSTEM)

    @property
    def open(self) -> list[str]:
        found = [token for way in self._ways() for token in way.tokens]
        names = [
            token.element_id if token.kind in _PLAIN else f"{token.kind}:{token.element_id}"
            for token in found
            for _ in range(token.count)
        ]
        return sorted(names)

    @property
    def state(self) -> str:
        states = {self._row(each).state for each in self._instances()}
        return "open" if "active" in states else " ".join(sorted(states))

    @property
    def ends(self) -> str:
        names = [self._row(each).end_id for each in self._instances()]
        return " ".join(names)

    @property
    def flows(self) -> Counter[str]:
        return sum((Counter(way.flows) for way in self._ways()), Counter[str]())

    @property
    def trace(self) -> None:
        return None

    def value(self, name: str) -> Any:
        return self._engine.instances.variables(self._instances()[0], SYSTEM)[name]

    def _ways(self) -> list[Way]:
        return [way for each in self._instances() for way in self._engine.instances.way(each, SYSTEM)]

    def _instances(self) -> list[int]:
        query = select(process_instance.c.id).where(process_instance.c.id > self._before)
        return sorted(self._engine.machinery.read(lambda connection: connection.scalars(query).all()))

    def _row(self, instance: int) -> Any:
        query = select(process_instance).where(process_instance.c.id == instance)
        return self._engine.machinery.read(lambda connection: connection.execute(query).one())


def _newest(connection: Connection) -> int:
    return connection.scalar(select(func.max(process_instance.c.id))) or 0
