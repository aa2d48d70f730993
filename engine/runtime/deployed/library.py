"""Deployed sets by id, parsed once a process and kept; programs are shared by content."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from engine.calendar import WorkingCalendars
from engine.decisions import Decision
from engine.runtime.deployed import readings
from engine.runtime.deployed.practice import DeployedProcess, Practice
from engine.runtime.deployed.traits import call_stages, read_elements, read_traits
from engine.store import deployments, lookups
from engine.store.connect import Connection, Database
from engine.views import CalendarException


class NotLoaded(Exception):
    """A transaction met a deployment that this process has not parsed yet."""

    def __init__(self, deployment_id: int) -> None:
        self.deployment_id = deployment_id
        super().__init__(f"deployment {deployment_id} is not loaded")


class Library:
    """The parsed deployments of this process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._practices: dict[int, Practice] = {}
        self._calendars: dict[int, tuple[tuple[CalendarException, ...], WorkingCalendars]] = {}
        self._lock = threading.Lock()

    def practice(self, deployment_id: int) -> Practice:
        """The practice of a deployment; NotLoaded when it must be parsed first, outside the transaction."""
        found = self._practices.get(deployment_id)
        if found is None:
            raise NotLoaded(deployment_id)
        return found

    def latest(self, connection: Connection) -> Practice | None:
        """The practice deployed last; None before the first deployment."""
        deployment_id = deployments.current_id(connection)
        return None if deployment_id is None else self.practice(deployment_id)

    def load(self, deployment_id: int) -> Practice:
        """Parse a deployment and keep it."""
        with self._lock:
            if deployment_id not in self._practices:
                with self._database.reading() as connection:
                    digests = deployments.digests(connection, deployment_id)
                    files = deployments.files(connection, deployment_id)
                    rows = deployments.process_rows(connection, deployment_id)
                self._practices[deployment_id] = self.parse(deployment_id, digests, files, rows)
            return self._practices[deployment_id]

    def calendars(self, connection: Connection, practice: Practice) -> WorkingCalendars:
        """Working time of a practice with the exceptions people have entered; kept until one of them changes."""
        exceptions = tuple(CalendarException(*row) for row in lookups.calendar_exceptions(connection))
        kept = self._calendars.get(practice.deployment_id)
        if kept is None or kept[0] != exceptions:
            kept = (exceptions, WorkingCalendars(practice.surroundings.calendars, exceptions))
            self._calendars[practice.deployment_id] = kept
        return kept[1]

    def keep(self, practice: Practice) -> None:
        """Keep what was parsed by deploying it, once that is committed."""
        self._practices[practice.deployment_id] = practice

    def parse(
        self, deployment_id: int, digests: Mapping[str, str], files: Mapping[str, bytes], rows: Sequence[Any]
    ) -> Practice:
        """A deployment from its files and the rows of its process versions; nothing is kept but programs."""
        numbers = {(row.process_id, row.digest): (row.id, row.version) for row in rows}
        surroundings, _ = readings.surroundings(files)
        definitions = {
            process.id: process
            for name, content in files.items()
            if name.endswith(".bpmn")
            for process in readings.diagram(content, name)[0].processes
            if process.executable
        }
        stages = call_stages(definitions)
        processes = {}
        for process_id, definition in definitions.items():
            row_id, version = numbers[process_id, definition.digest]
            processes[process_id] = DeployedProcess(
                row_id=row_id,
                version=version,
                definition=definition,
                program=readings.program(definition),
                traits=read_traits(definition),
                elements=read_elements(definition, surroundings.clauses, stages.get(process_id, "")),
            )
        return Practice(deployment_id, digests, surroundings, processes, _decisions(files))


def _decisions(files: Mapping[str, bytes]) -> Mapping[str, Decision]:
    found: dict[str, Decision] = {}
    for name, content in files.items():
        if name.endswith(".dmn"):
            found.update(readings.tables(content, name)[0].decisions)
    return found
