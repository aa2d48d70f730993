"""Deploying: the whole practice as one set, checked as a set, all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.definitions.findings import Finding, Level
from engine.errors import Conflict, DeploymentRefused
from engine.runtime.deployed.practice import Practice
from engine.runtime.deployments import schedules
from engine.runtime.deployments.changes import Change, changes
from engine.runtime.deployments.checking import Checked, check, read
from engine.runtime.deployments.definitions import Definitions
from engine.runtime.deployments.surroundings import settle_surroundings
from engine.runtime.unit import audit
from engine.store import deployments, editing
from engine.store.connect import Connection
from engine.store.dialects import lock_table
from engine.store.rights import SYSTEM
from engine.store.schema.running import deployment
from engine.values import Value
from engine.views import Actor

_TRIES = 50


@dataclass(frozen=True, slots=True)
class Report:
    """What a check of a set found, and what deploying it would change."""

    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]

    @property
    def deployable(self) -> bool:
        """Whether nothing stands against deploying it."""
        return not any(finding.level is Level.ERROR for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Deployment:
    """What was deployed. `id` is the deployment that holds now (the last one when nothing changed)."""

    id: int
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]


class _Overtaken(Exception):
    """Somebody deployed since the set was read."""


class Deployments(Definitions):
    """Check, deploy, and look at what is deployed."""

    def validate(self, files: Mapping[str, bytes]) -> Report:
        """All findings at once, and what would change; nothing is stored. Names are paths within the practice."""
        checked = check(files, self._machinery.clock.now())
        return Report(checked.findings, self._changes(checked))

    def deploy(self, files: Mapping[str, bytes], actor: Actor, note: str = "") -> Deployment:
        """Deploy a set. Raises DeploymentRefused with all findings, Forbidden without the right to deploy."""
        return self._deploy(files, actor, note)

    def _deploy(self, files: Mapping[str, bytes], actor: Actor, note: str, over: int | None = None) -> Deployment:
        """Deploy a set; with `over` only when that deployment is still the latest, else _Overtaken."""
        self._require(actor)
        same = self.holding(files)
        if same is not None:
            return Deployment(same, (), ())
        checked = check(files, self._machinery.clock.now())
        report = Report(checked.findings, self._changes(checked))
        if not report.deployable:
            errors = [finding for finding in report.findings if finding.level is Level.ERROR]
            raise DeploymentRefused(
                "The practice has %(count)d errors, and nothing was deployed. First: %(first)s",
                report.findings,
                count=len(errors),
                first=errors[0],
            )
        current = self._machinery.read(deployments.current_id)
        if not report.changes and current is not None:
            return Deployment(current, (), report.findings)

        def store(connection: Connection) -> Practice:
            if over is not None:
                lock_table(connection, deployment)
                if deployments.current_id(connection) != over:
                    raise _Overtaken
            return self._store(connection, files, checked, report, actor, note)

        practice = self._machinery.write(store)
        self._machinery.library.keep(practice)
        return Deployment(practice.deployment_id, report.changes, report.findings)

    def replace(
        self, files: Mapping[str, bytes], actor: Actor, note: str = "", begun: Mapping[str, str] = MappingProxyType({})
    ) -> Deployment:
        """Deploy the last set with these files replaced or added, as a modeler does; checked as a set.

        What others deploy meanwhile stays: then the newest set is taken. `begun` names the digests that edited files
        were deployed with when the edit began (empty: not at all); Conflict when one is another by now. A modeler knows
        a file's name and not its folder: a name that only one file has is that file.
        """
        for _ in range(_TRIES):
            latest, held = self._machinery.read(_latest)
            self._require_begun(begun, held)
            placed = {name if name in begun else _place(name, held): content for name, content in files.items()}
            try:
                return self._deploy({**held, **placed}, actor, note, latest)
            except _Overtaken:
                continue
        raise Conflict("Others deploy faster than this could be written. Try again.")

    def with_replaced(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """The last set with these files replaced or added, as `replace` would deploy it."""
        held = self.files()
        return {**held, **{_place(name, held): content for name, content in files.items()}}

    def _require_begun(self, begun: Mapping[str, str], held: Mapping[str, bytes]) -> None:
        for name, digest in begun.items():
            if digest != (hashlib.sha256(held[name]).hexdigest() if name in held else ""):
                raise self._deployed_anew(name)

    def _deployed_anew(self, name: str) -> Conflict:
        found = self._machinery.read(lambda connection: editing.deployed(connection, name))
        if found is None:
            return Conflict("%(file)s is not deployed any more.", file=name)
        text = "%(by)s deployed %(file)s anew since you began, at %(at)s."
        return Conflict(text, file=name, by=found.created_by or SYSTEM, at=found.created_at)

    def files(self) -> dict[str, bytes]:
        """The files of the latest deployment."""
        return self._machinery.read(_latest)[1]

    def remove(self, deployment_id: int, actor: Actor) -> None:
        """Take an old deployment away that nothing needs. Raises Conflict for the last one, for one that instances were
        started from, and for one that alone holds a version of a process or a decision: history names those."""
        self._require(actor)
        self.deployed_one(deployment_id)

        def work(connection: Connection) -> None:
            if deployment_id == deployments.current_id(connection):
                raise Conflict("The deployment %(id)d is the one that holds now.", id=deployment_id)
            if deployments.is_used(connection, deployment_id):
                raise Conflict("Instances were started from the deployment %(id)d: it stays.", id=deployment_id)
            if deployments.brought_first(connection, deployment_id):
                raise Conflict("The deployment %(id)d alone holds a version that was deployed.", id=deployment_id)
            deployments.remove(connection, deployment_id)
            by = "" if actor.user_id == SYSTEM else actor.user_id
            audit.record(self._machinery, connection, "deployment-removed", by, str(deployment_id), {})

        self._machinery.write(work)

    def holding(self, files: Mapping[str, bytes]) -> int | None:
        """The latest deployment when it is of exactly these files: they were checked when it was made."""
        digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}

        def same(connection: Connection) -> int | None:
            latest = deployments.current_id(connection)
            known = {} if latest is None else deployments.digests(connection, latest)
            return latest if known == digests else None

        return self._machinery.read(same)

    def _changes(self, checked: Checked) -> tuple[Change, ...]:
        return changes(read(self.files()), checked)

    def _store(
        self,
        connection: Connection,
        files: Mapping[str, bytes],
        checked: Checked,
        report: Report,
        actor: Actor,
        note: str,
    ) -> Practice:
        now = self._machinery.clock.now()
        by = "" if actor.user_id == SYSTEM else actor.user_id
        contents = {name: (checked.digests[name], content) for name, content in files.items()}
        made = deployments.insert_deployment(connection, now, by, note, contents)
        deployments.add_process_versions(connection, now, checked.processes)
        deployments.add_decision_versions(connection, now, checked.decisions)
        told: list[Value] = [f"{change.kind} {change.what} {change.id}" for change in report.changes]
        audit.record(self._machinery, connection, "deployed", by, str(made), {"note": note, "changes": told})
        rows = deployments.process_rows(connection, made)
        practice = self._machinery.library.parse(made, checked.digests, files, rows)
        settle_surroundings(self._machinery, connection, practice.surroundings)
        schedules.set_start_timers(self._machinery, connection, practice)
        return practice


def _place(name: str, known: Mapping[str, bytes]) -> str:
    """Where a file that was given by its name belongs in the practice."""
    same = [each for each in known if each.rpartition("/")[2] == name]
    return same[0] if name not in known and len(same) == 1 else name


def _latest(connection: Connection) -> tuple[int | None, dict[str, bytes]]:
    latest = deployments.current_id(connection)
    return latest, {} if latest is None else deployments.files(connection, latest)
