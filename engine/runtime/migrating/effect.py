"""The job of a migration: it goes on where the last runner stopped, instance by instance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import structlog

from engine.errors import Conflict, GendanError, Unavailable
from engine.runtime.jobs.jobs import Hold, Outcome
from engine.runtime.migrating.moving import Goal, Stays, go, go_back
from engine.runtime.unit.machinery import Machinery
from engine.store import instance_migrations as rows
from engine.store import jobs, rights
from engine.store.connect import Connection
from engine.store.rights import SYSTEM
from engine.values import Value, loads
from engine.views import Actor

_AT_ONCE = 100
"""So many instances go while the job is held; then it is due again, so that no lock lapses under way."""
_log = structlog.get_logger(__name__)


class MigrationJobs:
    """The effect of jobs of kind `migration`."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def take(self, connection: Connection, job_id: int, hold: Hold) -> Sequence[Any]:
        """Lock it."""
        row = jobs.take(connection, job_id, hold.worker, hold.now, hold.until)
        return () if row is None else (row,)

    def do(self, given: Sequence[Any]) -> Outcome:
        """Let some of them go; whether messages wait to be delivered then."""
        migration_id = _migration(given[0])
        row = self._machinery.read(partial(rows.get, migration_id=migration_id))
        found = self._machinery.read(partial(rows.to_do, migration_id=migration_id, limit=_AT_ONCE))
        if row is None:
            return Outcome(True, False)
        posted = [self._tried(row, each.instance_id, each.state) for each in found]
        return Outcome(True, any(posted))

    def apply(self, connection: Connection, given: Sequence[Any], outcome: Outcome) -> bool:
        """Done, or due again while some are left."""
        now = self._machinery.clock.now()
        if rows.to_do(connection, _migration(given[0]), 1):
            jobs.finish(connection, given, due_at=now, tries=0)
        else:
            jobs.finish(connection, given, state="done", ended_at=now, payload="", reason="")
        return bool(outcome.value)

    def again(self, connection: Connection, row: Any, actor: Actor) -> bool:  # noqa: ARG002
        """Go on at once."""
        if not jobs.again(connection, row.id, self._machinery.clock.now()):
            raise Conflict("The job %(id)d is being run. Look again in a moment.", id=row.id)
        return False

    def _tried(self, row: Any, instance_id: int, state: str) -> bool:
        one = self._one if state == "waiting" else self._one_back
        try:
            return self._machinery.write(partial(one, row=row, instance_id=instance_id))
        except Unavailable:
            raise
        except Stays as stays:
            return self._failed(row.id, instance_id, state, code=stays.code, element_id=stays.element_id)
        except GendanError as error:
            return self._failed(row.id, instance_id, state, code="error", text=str(error))
        except Exception as error:  # it must not keep the others from going
            _log.exception("an instance could not be migrated", instance=instance_id)
            return self._failed(row.id, instance_id, state, code="error", text=type(error).__name__)

    def _failed(self, migration_id: int, instance_id: int, state: str, **why: str) -> bool:
        values = {"state": "failed" if state == "waiting" else "kept", **why}
        self._machinery.write(lambda connection: rows.settle(connection, migration_id, instance_id, state, **values))
        return False

    def _one(self, connection: Connection, row: Any, instance_id: int) -> bool:
        acting = rights.who(connection, row.created_by or SYSTEM, self._machinery.clock.now())
        goal = Goal(row.deployment_id, row.to_id, _names(row), self._told(connection, row, row.reason))
        step, kept = go(self._machinery, connection, instance_id, row.from_id, goal, acting)
        rows.settle(connection, row.id, instance_id, "waiting", state="done", **kept)
        return step.posted

    def _one_back(self, connection: Connection, row: Any, instance_id: int) -> bool:
        acting = rights.who(connection, row.undone_by or SYSTEM, self._machinery.clock.now())
        item = rows.item_of(connection, row.id, instance_id)
        assert item is not None
        told = self._told(connection, row, row.undo_reason)
        goal = Goal(item.before_deployment_id, row.from_id, {}, {**told, "from": told["to"], "to": told["from"]})
        step = go_back(self._machinery, connection, instance_id, item, goal, acting)
        rows.settle(connection, row.id, instance_id, "undo", state="undone", before=None)
        return step.posted

    def _told(self, connection: Connection, row: Any, reason: str) -> Mapping[str, Value]:
        versions = rows.definitions(connection, [row.from_id, row.to_id])
        return {"from": str(versions[row.from_id]), "to": str(versions[row.to_id]), "reason": reason,
                "migration": str(row.id)}  # fmt: skip


def _migration(row: Any) -> int:
    payload = loads(row.payload)
    return int(str(payload["migration"])) if isinstance(payload, dict) else 0


def _names(row: Any) -> Mapping[str, str]:
    found = loads(row.names)
    return {key: str(value) for key, value in found.items()} if isinstance(found, dict) else {}
