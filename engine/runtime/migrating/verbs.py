"""What people do with migrations: plan, begin, look how far, take back. All need the right to migrate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.errors import Conflict, Invalid, NotFound
from engine.runtime.deployed.practice import DeployedProcess, Practice
from engine.runtime.migrating.moving import RIGHT
from engine.runtime.migrating.planning import plan
from engine.runtime.unit import audit
from engine.runtime.unit.administration import acting_as, require
from engine.runtime.unit.machinery import Machinery
from engine.store import deployments
from engine.store import instance_migrations as rows
from engine.store.connect import Connection
from engine.store.rights import SYSTEM, Acting
from engine.values import dumps, loads
from engine.views import Actor, MigrationFailure, MigrationPlan, MigrationRow

JOB = "migration"
_MOST_LISTED = 50
_MOST_FAILURES = 200


class Migrations:
    """Migrations of running instances between versions of their process. The work itself is a job."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def plan(
        self, process_id: str, before: int, after: int, actor: Actor, names: Mapping[str, str] | None = None
    ) -> MigrationPlan:
        """What of the open instances of version `before` could go to `after`, and why others could not.

        `names` maps elements of the old version to what they are called in the new one, where that is not the same.
        Counts what the person may migrate. Raises NotFound, Forbidden, Invalid for names that are not there.
        """

        def read(connection: Connection) -> MigrationPlan:
            acting = self._allowed(connection, actor)
            old, practice = self._versions(connection, process_id, before, after, names or {})
            return plan(self._machinery, connection, acting, old, practice, names or {})

        return self._machinery.read(read)

    def begin(
        self,
        process_id: str,
        before: int,
        after: int,
        reason: str,
        actor: Actor,
        names: Mapping[str, str] | None = None,
    ) -> int:
        """Let all open instances of a version that the person may migrate go to another; the id of the migration.

        They go one by one when its job runs, each in its own transaction; one that cannot stays, and why is noted.
        """
        _require_reason(reason)

        def work(connection: Connection) -> int:
            acting = self._allowed(connection, actor)
            old, practice = self._versions(connection, process_id, before, after, names or {})
            by = "" if acting.user_id == SYSTEM else acting.user_id
            now = self._machinery.clock.now()
            values = {
                "process_id": process_id,
                "from_id": old.row_id,
                "to_id": practice.processes[process_id].row_id,
                "deployment_id": practice.deployment_id,
                "names": dumps(dict(names or {})),
                "reason": reason.strip(),
                "created_at": now,
                "created_by": by,
            }
            made, number = rows.add(connection, acting, values)
            if not number:
                raise Conflict(
                    "No open instance runs version %(version)s of %(process)s.", version=before, process=process_id
                )
            self._queue(connection, made, f"{process_id} {before} → {after}", f"migration-{made}")
            told = {"from": before, "to": after, "instances": number, "reason": reason.strip()}
            audit.record(self._machinery, connection, "migration", by, process_id, _plain(told))
            return made

        return self._machinery.write(work)

    def undo(self, migration_id: int, reason: str, actor: Actor) -> int:
        """Let those that have not moved since be again what they were; how many are looked at. Raises Conflict while
        the migration still runs, or when there is nothing to take back."""
        _require_reason(reason)

        def work(connection: Connection) -> int:
            acting = self._allowed(connection, actor)
            row = _get(connection, migration_id)
            by = "" if acting.user_id == SYSTEM else acting.user_id
            if rows.to_do(connection, migration_id, 1):
                raise Conflict("Migration %(id)d is still going on. Wait until it is done.", id=migration_id)
            now = self._machinery.clock.now()
            number = rows.take_back(connection, migration_id, now, by, reason.strip())
            if not number:
                raise Conflict("Nothing of migration %(id)d can be taken back.", id=migration_id)
            versions = rows.definitions(connection, [row.from_id, row.to_id])
            label = f"{row.process_id} {versions[row.to_id]} → {versions[row.from_id]}"
            self._queue(connection, migration_id, label, f"migration-{migration_id}-back-{now.isoformat()}")
            told = {"migration": migration_id, "instances": number, "reason": reason.strip()}
            audit.record(self._machinery, connection, "migration-undone", by, row.process_id, _plain(told))
            return number

        return self._machinery.write(work)

    def carry_on(self, migration_id: int, run: Callable[[int], bool]) -> bool:
        """Run the job of a migration once with `run`, for who wants to wait for it; False when there is nothing left
        to do, or another one does it."""

        def waiting(connection: Connection) -> int | None:
            return rows.job_of(connection, JOB, f"migration-{migration_id}")

        job_id = self._machinery.read(waiting)
        return job_id is not None and run(job_id)

    def list(self, process_id: str, actor: Actor) -> tuple[MigrationRow, ...]:
        """The last migrations of a process, newest first."""

        def read(connection: Connection) -> tuple[MigrationRow, ...]:
            self._allowed(connection, actor)
            found = rows.listed(connection, process_id, _MOST_LISTED)
            versions = rows.definitions(connection, {id for row in found for id in (row.from_id, row.to_id)})
            counts = rows.counts(connection, [row.id for row in found])
            return tuple(_view(row, versions, counts[row.id], ()) for row in found)

        return self._machinery.read(read)

    def get(self, migration_id: int, actor: Actor) -> MigrationRow:
        """One migration, with the instances that did not go, as far as the person may know them."""

        def read(connection: Connection) -> MigrationRow:
            acting = self._allowed(connection, actor)
            row = _get(connection, migration_id)
            versions = rows.definitions(connection, [row.from_id, row.to_id])
            failed = rows.failures(connection, migration_id, acting, _MOST_FAILURES)
            counts = rows.counts(connection, [migration_id])[migration_id]
            return _view(row, versions, counts, tuple(map(_failure, failed)))

        return self._machinery.read(read)

    def _allowed(self, connection: Connection, actor: Actor) -> Acting:
        acting = acting_as(self._machinery, connection, actor)
        require(acting, RIGHT)
        return acting

    def _versions(
        self, connection: Connection, process_id: str, before: int, after: int, names: Mapping[str, str]
    ) -> tuple[DeployedProcess, Practice]:
        """The old version, and the last set that holds the new one."""
        old = self._practice(connection, process_id, before).processes[process_id]
        practice = self._practice(connection, process_id, after)
        new = practice.processes[process_id]
        for element_id, named in names.items():
            if element_id not in old.elements:
                raise Invalid("Version %(version)s has no element %(id)s.", version=before, id=element_id)
            if named not in new.elements:
                raise Invalid("Version %(version)s has no element %(id)s.", version=after, id=named)
        if len(set(names.values())) < len(names):
            raise Invalid("Two elements cannot become the same one.")
        return old, practice

    def _practice(self, connection: Connection, process_id: str, version: int) -> Practice:
        row = rows.definition(connection, process_id, version)
        held = deployments.deployment_with(connection, process_id, row.digest) if row is not None else None
        if held is None:
            raise NotFound("There is no version %(version)s of process %(id)s.", version=version, id=process_id)
        return self._machinery.library.practice(held)

    def _queue(self, connection: Connection, migration_id: int, label: str, key: str) -> None:
        now = self._machinery.clock.now()
        payload = dumps({"migration": str(migration_id)})
        values = {"kind": JOB, "key": key, "label": label, "payload": payload, "created_at": now, "due_at": now}
        rows.add_job(connection, values)


def _get(connection: Connection, migration_id: int) -> Any:
    row = rows.get(connection, migration_id)
    if row is None:
        raise NotFound("There is no migration %(id)d.", id=migration_id)
    return row


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid("Give a reason: it is kept in the history.")


def _plain(told: Mapping[str, object]) -> dict[str, Any]:
    return {name: str(value) for name, value in told.items()}


def _view(
    row: Any, versions: Mapping[int, int], counts: Mapping[str, int], failures: tuple[MigrationFailure, ...]
) -> MigrationRow:
    names = loads(row.names)
    return MigrationRow(
        id=row.id,
        process_id=row.process_id,
        before=versions[row.from_id],
        after=versions[row.to_id],
        names={key: str(value) for key, value in names.items()} if isinstance(names, dict) else {},
        reason=row.reason,
        created_at=row.created_at,
        created_by=row.created_by,
        undone_at=row.undone_at,
        undone_by=row.undone_by,
        undo_reason=row.undo_reason,
        counts=counts,
        failures=failures,
    )


def _failure(row: Any) -> MigrationFailure:
    return MigrationFailure(row.instance_id, row.business_key, row.state, row.code, row.element_id, row.text)
