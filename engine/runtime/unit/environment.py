"""What the core asks of its surroundings, answered from a practice and an open connection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from engine import connectors
from engine.calendar import WorkingCalendar, WorkingCalendars
from engine.connectors import http
from engine.decisions import evaluate
from engine.errors import ModelError
from engine.expressions import FUNCTIONS, Function
from engine.runtime.core import ConnectorResult, DecisionOutcome, Program
from engine.runtime.deployed import readings
from engine.runtime.deployed.practice import DeployedProcess, Practice
from engine.runtime.unit.occurrences import Place
from engine.runtime.unit.reading import PracticeReader
from engine.store import deployments
from engine.store.connect import Connection
from engine.store.instances import Stored
from engine.values import Value

if TYPE_CHECKING:
    from engine.runtime.unit.machinery import Machinery


class Surrounding:
    """The context of expressions: time, calendars and what the practice and the database answer."""

    def __init__(self, environment: PracticeEnvironment, at: datetime) -> None:
        self._environment = environment
        self._at = at

    def now(self) -> datetime:
        """The moment of this step (or of the due time a schedule is evaluated from)."""
        return self._at

    def zone(self) -> ZoneInfo:
        """The zone of the practice's default calendar."""
        return self._environment.zone

    @property
    def functions(self) -> Mapping[str, Function]:
        """Everything declared."""
        return FUNCTIONS

    def calendar(self, name: str = "") -> WorkingCalendar:
        """A working calendar of the practice, with the exceptions entered by people."""
        return self._environment.calendars.get(name)

    @property
    def reader(self) -> PracticeReader:
        """Queries on the open connection."""
        return self._environment.reader

    def has_item(self, list_id: str, key: str) -> bool:
        """Whether a reference list has an active item with this key."""
        return self.reader.has_item(list_id, key)

    def has_person(self, user_id: str, group: str = "") -> bool:
        """Whether there is an active person with this id (in this group)."""
        return self.reader.has_person(user_id, group)

    def has_record(self, record_type: str, business_key: str) -> bool:
        """Whether there is a record of this type with this key."""
        return self.reader.has_record(record_type, business_key)

    def stored_file(self, given: str | Mapping[str, Value]) -> Mapping[str, Value] | None:
        """The file value of an upload that this person may use."""
        return self.reader.stored_file(given)


class PracticeEnvironment:
    """The surroundings without an instance: start events, start forms (of the record named `key`, when linked)."""

    def __init__(
        self,
        machinery: Machinery,
        connection: Connection,
        practice: Practice,
        now: datetime,
        actor: str = "",
        key: str = "",
    ) -> None:
        self._machinery = machinery
        self._connection = connection
        self._practice = practice
        self._latest: Practice | None = None
        self._calendars: WorkingCalendars | None = None
        self.now = now
        self.reader = PracticeReader(connection, practice, now, None, actor, key)

    def context(self, at: datetime | None = None) -> Surrounding:
        """What expressions may ask; with `at` its `now()` is that moment."""
        return Surrounding(self, at or self.now)

    @property
    def set(self) -> Practice:
        """The set whose processes and decisions these are."""
        return self._practice

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which dates and clock times are meant."""
        calendars = self._practice.surroundings.calendars
        return calendars.calendars[calendars.default].zone

    @property
    def calendars(self) -> WorkingCalendars:
        """Working time as deployed and corrected by people; read when first asked for."""
        if self._calendars is None:
            self._calendars = self._machinery.library.calendars(self._connection, self._practice)
        return self._calendars

    @property
    def latest(self) -> Practice:
        """The practice deployed last."""
        if self._latest is None:
            self._latest = self._machinery.library.latest(self._connection) or self._practice
        return self._latest

    def process(self, process_id: str) -> DeployedProcess:
        """A process of this practice. Raises ModelError when it has none of this id."""
        return _process(self._practice, process_id)

    def program(self, process_id: str, latest: bool, digest: str = "") -> Program:
        """The program a call activity calls; with `digest` that very version."""
        return self._resolve(process_id, latest, digest).program

    def versioned(self, process_id: str, version: int | None, tag: str) -> Program:
        """The program of a version number; without one the newest of a version tag."""
        return self._of_version(process_id, version, tag).program

    def _of_version(self, process_id: str, version: int | None, tag: str) -> DeployedProcess:
        for row in deployments.contents(self._connection, process_id, version):
            read, _ = readings.diagram(bytes(row.content), row.file)
            process = next((each for each in read.processes if each.id == process_id), None)
            if process is not None and (version is not None or process.version_tag == tag):
                return self._resolve(process_id, False, row.digest)
        raise ModelError(
            "There is no version %(version)s of process %(id)s. Deploy it, or call another.",
            id=process_id,
            version=tag if version is None else version,
        )

    def _resolve(self, process_id: str, latest: bool, digest: str) -> DeployedProcess:
        found = self._practice.processes.get(process_id)
        if found is not None and (digest == found.definition.digest if digest else not latest):
            return found
        if not digest:
            return _process(self.latest, process_id)
        deployment_id = deployments.deployment_with(self._connection, process_id, digest)
        if deployment_id is None:
            raise ModelError("Version %(digest)s of process %(id)s is not stored.", digest=digest[:12], id=process_id)
        return _process(self._machinery.library.practice(deployment_id), process_id)

    def decide(self, ref: str, latest: bool, names: Mapping[str, Value]) -> DecisionOutcome:
        """Evaluate a decision of the practice (or of the one deployed last)."""
        practice = self.latest if latest else self._practice
        if ref not in practice.decisions:
            raise ModelError("There is no decision %(ref)s in the practice. Deploy its table.", ref=ref)
        made = evaluate(practice.decisions[ref], names, self.context())
        return DecisionOutcome(rows=made.rows, rules=made.rules, digest=made.digest, inputs=made.inputs)

    def connect(self, topic: str, place: Place, inputs: Mapping[str, Value]) -> ConnectorResult | None:  # noqa: ARG002
        """No instance, no connectors."""
        raise ModelError("A connector (%(topic)s) needs an instance.", topic=topic)


class StepEnvironment(PracticeEnvironment):
    """The surroundings of one step of one instance."""

    def __init__(
        self,
        machinery: Machinery,
        connection: Connection,
        practice: Practice,
        stored: Stored,
        now: datetime,
        actor: str = "",
    ) -> None:
        super().__init__(machinery, connection, practice, now, actor)
        self._called: dict[str, dict[str, DeployedProcess]] = {}
        self.reader = PracticeReader(connection, practice, now, stored, actor)

    def process(self, process_id: str, digest: str = "") -> DeployedProcess:
        """A process this instance runs: the version it called (the last, when no digest tells which), else that of its
        practice."""
        own, called = self._practice.processes.get(process_id), self._called.get(process_id, {})
        if own is not None and own.definition.digest == digest:
            return own
        return called.get(digest) or next(reversed(called.values()), None) or super().process(process_id)

    def program(self, process_id: str, latest: bool, digest: str = "") -> Program:
        """The program a call activity calls; which version that was is remembered for the rows of history."""
        return self._remembered(self._resolve(process_id, latest, digest))

    def versioned(self, process_id: str, version: int | None, tag: str) -> Program:
        """The program of a version number or tag, remembered as any that is called."""
        return self._remembered(self._of_version(process_id, version, tag))

    def _remembered(self, found: DeployedProcess) -> Program:
        called = self._called.setdefault(found.id, {})
        called.pop(found.definition.digest, None)
        called[found.definition.digest] = found
        return found.program

    def connect(self, topic: str, place: Place, inputs: Mapping[str, Value]) -> ConnectorResult | None:  # noqa: ARG002
        """Run the connector of this topic; None when somebody outside does it, or a job, which can be made of it."""
        if connectors.outside(topic):
            http.request(inputs, "", self._machinery.settings.outside)
        return connectors.run(topic, inputs, self.reader)


def _process(practice: Practice, process_id: str) -> DeployedProcess:
    found = practice.processes.get(process_id)
    if found is None:
        raise ModelError("There is no process %(id)s in the practice. Deploy its diagram.", id=process_id)
    return found
