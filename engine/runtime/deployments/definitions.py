"""Looking at what is deployed: versions, sources, and what a process is and has to do with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.decisions import DecisionOutcome, evaluate
from engine.definitions.differences import Difference, differences
from engine.definitions.model import Kind
from engine.errors import Forbidden, NotFound
from engine.runtime.deployed.practice import DeployedProcess, Practice
from engine.runtime.deployments.changes import Change, changes_between
from engine.runtime.deployments.checking import findings_of
from engine.runtime.unit.asking import Asking
from engine.runtime.unit.machinery import Machinery
from engine.store import deployments, rights
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.values import Value
from engine.views import (
    Actor,
    DefinitionRow,
    DeploymentFilter,
    DeploymentRow,
    ElementAbout,
    ProcessAbout,
    ResourceRow,
    Token,
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two versions of a process: in its diagram, and in the rest of their sets."""

    elements: tuple[Difference, ...]
    others: tuple[Change, ...]


class Definitions:
    """What is deployed is no secret among colleagues; what runs on it is counted as far as the actor may know it."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def current(self) -> Practice:
        """The practice deployed last. Raises NotFound before the first deployment."""
        found = self._machinery.read(self._machinery.library.latest)
        if found is None:
            raise NotFound("Nothing is deployed yet. Deploy the practice first: gendan deploy processes/")
        return found

    def list(self, actor: Actor | None = None) -> tuple[DefinitionRow, ...]:
        """Every version of every process, by process, newest first."""
        return self._rows("", actor)

    def definitions(self) -> tuple[DefinitionRow, ...]:
        """The same without counting what runs on them."""
        return self._rows("", None, counted=False)

    def versions(self, process_id: str, actor: Actor | None = None) -> tuple[DefinitionRow, ...]:
        """The versions of one process, newest first. Raises NotFound."""
        rows = self._rows(process_id, actor)
        if not rows:
            raise NotFound("There is no process %(id)s.", id=process_id)
        return rows

    def decisions(self, actor: Actor | None = None) -> tuple[DefinitionRow, ...]:  # noqa: ARG002
        """The decisions of the practice deployed last; `process_id` is the id of the decision."""

        def read(connection: Connection) -> tuple[DefinitionRow, ...]:
            last = deployments.latest(connection)
            if last is None:
                return ()
            by, note = last.created_by, last.note
            return tuple(
                DefinitionRow(row.decision_id, row.name, row.file, row.version, row.digest, row.created_at, by, note,
                              0, 0, True, row.id, last.id)
                for row in deployments.decision_versions(connection, last.id)
            )  # fmt: skip

        return self._machinery.read(read)

    def decide(self, decision_id: str, names: Mapping[str, Value], actor: Actor) -> DecisionOutcome:
        """What a decision of the practice deployed last answers to these names; nothing is stored.

        Raises NotFound, and what evaluating raises (`engine.decisions.evaluate`).
        """
        asked = Asking(self._machinery)
        decision = self.current().decisions.get(decision_id)
        if decision is None or not self._machinery.read(lambda connection: self._acting(connection, actor)).known:
            raise NotFound("There is no decision %(id)s.", id=decision_id)
        return evaluate(decision, names, asked)

    def decision_source(self, decision_id: str) -> bytes:
        """The file of a decision of the practice deployed last. Raises NotFound."""
        digest = next((row.digest for row in self.decisions() if row.process_id == decision_id), "")
        found = self._machinery.read(lambda connection: deployments.resource_of(connection, digest))
        if found is None:
            raise NotFound("There is no decision %(id)s.", id=decision_id)
        return found

    # --- deployments themselves ---------------------------------------------------------------------------------

    def deployed(self, wanted: DeploymentFilter, limit: int, first: int = 0) -> tuple[DeploymentRow, ...]:
        """A part of the deployments; newest first, unless another order is wanted."""
        rows = self._machinery.read(lambda connection: deployments.deployed(connection, wanted, limit, first))
        return tuple(map(_deployed, rows))

    def deployed_count(self, wanted: DeploymentFilter) -> int:
        """How many there are."""
        return self._machinery.read(lambda connection: deployments.deployed_count(connection, wanted))

    def deployed_one(self, deployment_id: int) -> DeploymentRow:
        """One deployment. Raises NotFound."""
        row = self._machinery.read(lambda connection: deployments.deployed_one(connection, deployment_id))
        if row is None:
            raise NotFound("There is no deployment %(id)d.", id=deployment_id)
        return _deployed(row)

    def resources(self, deployment_id: int) -> tuple[ResourceRow, ...]:
        """The files of a deployment by name. Raises NotFound."""
        self.deployed_one(deployment_id)
        found = self._machinery.read(lambda connection: deployments.digests(connection, deployment_id))
        return tuple(ResourceRow(name, digest) for name, digest in found.items())

    def content(self, deployment_id: int, name: str, actor: Actor) -> bytes:
        """A file of a deployment. Diagrams and tables are no secret; the others, such as the first items of lists, need
        the right to deploy. Raises NotFound, Forbidden."""
        found = next((each for each in self.resources(deployment_id) if each.name == name), None)
        if found is None:
            raise NotFound("The deployment %(id)d has no file %(name)s.", id=deployment_id, name=name)
        if not name.endswith((".bpmn", ".dmn")):
            self._require(actor)
        content = self._machinery.read(lambda connection: deployments.resource_of(connection, found.digest))
        assert content is not None
        return content

    def source(self, process_id: str, version: int, actor: Actor | None = None) -> bytes:  # noqa: ARG002
        """The diagram file of a version, byte for byte as deployed. Raises NotFound."""
        found = self._machinery.read(lambda connection: deployments.content_of(connection, process_id, version))
        if found is None:
            raise NotFound("There is no version %(version)d of process %(id)s.", version=version, id=process_id)
        return found

    def compare(
        self,
        process_id: str,
        before: int,
        after: int,
        actor: Actor | None = None,  # noqa: ARG002
    ) -> Comparison:
        """What is different between two versions of a process, and between the last sets that held each of them.
        Raises NotFound."""

        def read(connection: Connection) -> tuple[Practice, Practice]:
            return (
                self._practice_with(connection, process_id, before),
                self._practice_with(connection, process_id, after),
            )

        old, new = self._machinery.read(read)
        itself = differences(old.processes[process_id].definition, new.processes[process_id].definition)
        others = tuple(each for each in changes_between(old, new) if (each.what, each.id) != ("process", process_id))
        return Comparison(itself, others)

    def about(self, process_id: str, actor: Actor | None = None, version: int | None = None) -> ProcessAbout:
        """What one version of a process (the latest without one) is and has to do with. Raises NotFound."""

        def read(connection: Connection) -> tuple[DeployedProcess, Practice, dict[str, int], dict[str, int]]:
            practice = self._practice_with(connection, process_id, version)
            process, acting = practice.processes[process_id], self._acting(connection, actor)
            tasks = [key for key, each in process.elements.items() if each.node.kind is Kind.USER_TASK]
            waiting = deployments.waiting_at(connection, acting, process_id, tasks, deployments.TASKS)
            stuck = deployments.waiting_at(connection, acting, process_id, process.elements, deployments.INCIDENTS)
            return process, practice, waiting, stuck

        process, practice, waiting, stuck = self._machinery.read(read)
        content = {process.definition.file: self.source(process_id, process.version)}
        return _about(process, practice, waiting, stuck, content)

    def _require(self, actor: Actor) -> None:
        acting = self._machinery.read(lambda connection: self._acting(connection, actor))
        if not acting.system and acting.capacity_with("deploy") is None:
            raise Forbidden("Deploying needs the right %(right)s.", right="deploy")

    def _practice_with(self, connection: Connection, process_id: str, version: int | None) -> Practice:
        latest = self._machinery.library.latest(connection)
        held = latest.processes.get(process_id) if latest is not None else None
        if latest is not None and held is not None and version in (None, held.version):
            return latest
        for row in deployments.versions(connection, process_id):
            if version in (None, row.version):
                found = deployments.deployment_with(connection, process_id, row.digest)
                if found is not None:
                    return self._machinery.library.practice(found)
        raise NotFound("There is no process %(id)s in this version.", id=process_id, version=version)

    def _acting(self, connection: Connection, actor: Actor | None) -> Acting:
        return rights.who(
            connection, actor.user_id if actor is not None else rights.SYSTEM, self._machinery.clock.now()
        )

    def _rows(self, process_id: str, actor: Actor | None, counted: bool = True) -> tuple[DefinitionRow, ...]:
        def rows(connection: Connection) -> tuple[DefinitionRow, ...]:
            found, acting = deployments.versions(connection, process_id), self._acting(connection, actor)
            ids = [row.id for row in found] if counted else []
            running = deployments.running(connection, acting, ids)
            stuck = deployments.stuck(connection, acting, ids)
            latest = self._machinery.library.latest(connection)
            held = {(each.id, each.version) for each in latest.processes.values()} if latest else set()
            return tuple(
                DefinitionRow(
                    process_id=row.process_id,
                    name=row.name,
                    file=row.file,
                    version=row.version,
                    digest=row.digest,
                    deployed_at=row.deployed_at,
                    deployed_by=row.deployed_by,
                    note=row.note,
                    running=running.get(row.id, 0),
                    incidents=stuck.get(row.id, 0),
                    latest=(row.process_id, row.version) in held,
                    id=row.id,
                    deployment_id=row.deployment_id,
                )
                for row in found
            )

        return self._machinery.read(rows)


def _deployed(row: Any) -> DeploymentRow:
    return DeploymentRow(row.id, row.created_at, row.created_by, row.note)


def _about(
    process: DeployedProcess,
    practice: Practice,
    waiting: Mapping[str, int],
    stuck: Mapping[str, int],
    content: Mapping[str, bytes],
) -> ProcessAbout:
    elements = {
        key: ElementAbout(each.name, each.node.documentation, each.clauses, waiting.get(key, 0))
        for key, each in process.elements.items()
    }
    tokens = [Token(process.id, key, "task", count, None, None) for key, count in waiting.items()]
    tokens += [Token(process.id, key, "incident", count, None, None) for key, count in stuck.items()]
    named = {each.id: each.name for each in practice.processes.values()}
    refs = dict.fromkeys(each.node.decision.ref for each in process.elements.values() if each.node.decision is not None)
    return ProcessAbout(
        documentation=process.definition.documentation,
        elements=elements,
        findings=findings_of(content),
        tokens=tuple(tokens),
        calls=tuple((each, named.get(each, each)) for each in sorted(process.called)),
        callers=tuple((each.id, each.name) for each in practice.processes.values() if process.id in each.called),
        decisions=tuple((ref, practice.decisions[ref].name if ref in practice.decisions else ref) for ref in refs),
        starts=tuple(each.name or each.id for each in process.starts if each.kind is Kind.START_EVENT),
    )
