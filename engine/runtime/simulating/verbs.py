"""Simulating a set against the instances that are over: the latest first, bounded in number and in time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from types import SimpleNamespace
from typing import Any

from engine.errors import Invalid
from engine.runtime.deployed.practice import DeployedProcess, Practice
from engine.runtime.deployments.changes import changes_between
from engine.runtime.deployments.checking import check
from engine.runtime.deployments.deployments import Report
from engine.runtime.simulating.comparing import Where, departs
from engine.runtime.simulating.recorded import Unreplayable, recorded
from engine.runtime.unit.administration import acting_as, require
from engine.runtime.unit.machinery import Machinery
from engine.store import history, simulating
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.values import Value
from engine.views import Actor
from engine.views.simulation import Departure, NotReplayed, ProcessSimulation

RIGHT = "deploy"
_SOME_KEYS = 5


@dataclass
class _Found:
    same: int = 0
    looked: int = 0
    departures: dict[Where, list[str]] = field(default_factory=dict)
    not_replayed: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)


class Simulations:
    """What another set would have made of what is over. Needs the right to deploy; nothing is written."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def histories(
        self, files: Mapping[str, bytes], actor: Actor, most: int = 300, seconds: float = 60
    ) -> tuple[ProcessSimulation, ...]:
        """Replay by a set the finished instances of every process that it changes: at most `most` of each, the latest
        first, for at most so many seconds in all. Raises Invalid when the set has errors, Forbidden."""
        report = Report(check(files).findings, ())
        if not report.deployable:
            raise Invalid("The practice has errors: mend them first, then simulate it.")
        until = monotonic() + seconds

        def read(connection: Connection) -> tuple[ProcessSimulation, ...]:
            acting = acting_as(self._machinery, connection, actor)
            require(acting, RIGHT)
            deployed = self._machinery.library.latest(connection)
            if deployed is None:
                return ()
            other = self._parsed(files)
            return tuple(
                self._process(connection, acting, other, process, most, until)
                for process in other.processes.values()
                if process.id in _affected(deployed, other)
            )

        return self._machinery.read(read)

    def _parsed(self, files: Mapping[str, bytes]) -> Practice:
        """The set as if it were deployed, under numbers of its own."""
        digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        definitions = check(files).definitions.values()
        rows: list[Any] = [
            SimpleNamespace(id=-number, version=0, process_id=each.id, digest=each.digest)
            for number, each in enumerate(definitions, 1)
        ]
        return self._machinery.library.parse(0, digests, files, rows)

    def _process(
        self, connection: Connection, acting: Acting, other: Practice, process: DeployedProcess, most: int, until: float
    ) -> ProcessSimulation:
        rows, total = simulating.finished(connection, acting, process.id, most)
        found = _Found()
        for row in rows:
            if monotonic() > until:
                break
            found.looked += 1
            try:
                where = self._instance(connection, other, process.id, row)
            except Unreplayable as why:
                key = (why.code, why.element_id, why.text)
                found.not_replayed.setdefault(key, []).append(row.business_key)
            else:
                if where is None:
                    found.same += 1
                else:
                    found.departures.setdefault(where, []).append(row.business_key)
        return _told(found, process, other, total)

    def _instance(self, connection: Connection, other: Practice, process_id: str, row: Any) -> Where | None:
        own = self._machinery.library.practice(row.deployment_id)
        events = history.of_instances(connection, [row.id])
        ids = {each.definition_id for each in events}
        told = recorded(events, history.process_ids(connection, ids))
        names: dict[str, Value] = {"business_key": row.business_key, "number": row.number, "starter": row.started_by,
                                   "started_at": row.started_at}  # fmt: skip
        return departs(self._machinery, connection, own, other, process_id, told, names)


def _affected(deployed: Practice, other: Practice) -> set[str]:
    """The processes whose way another set can change: changed themselves, or by a decision or process they ask."""
    changed = [each for each in changes_between(deployed, other) if each.kind != "removed"]
    if any(each.what == "file" and "/" not in each.file for each in changed):  # settings, calendar, groups
        return set(other.processes)
    found = {each.id for each in changed if each.what == "process"}
    tables = {each.id for each in changed if each.what == "decision"}
    for process in other.processes.values():
        asked = {each.node.decision.ref for each in process.elements.values() if each.node.decision is not None}
        if asked & tables or any("${" in ref for ref in asked):
            found.add(process.id)
    while True:
        more = {each.id for each in other.processes.values() if each.called & found} - found
        if not more:
            return found
        found |= more


def _told(found: _Found, process: DeployedProcess, other: Practice, total: int) -> ProcessSimulation:
    departures = [
        Departure(process_id, element_id, _name(other, process_id, element_id), len(keys), tuple(keys[:_SOME_KEYS]))
        for (process_id, element_id), keys in found.departures.items()
    ]
    not_replayed = [
        NotReplayed(code, element_id, text, len(keys), tuple(keys[:_SOME_KEYS]))
        for (code, element_id, text), keys in found.not_replayed.items()
    ]
    return ProcessSimulation(
        process_id=process.id,
        name=process.name,
        finished=total,
        same=found.same,
        departures=tuple(sorted(departures, key=lambda each: -each.instances)),
        not_replayed=tuple(sorted(not_replayed, key=lambda each: -each.instances)),
        left=total - found.looked,
    )


def _name(practice: Practice, process_id: str, element_id: str) -> str:
    process = practice.processes.get(process_id)
    element = process.elements.get(element_id) if process is not None else None
    return element.name if element is not None else element_id
