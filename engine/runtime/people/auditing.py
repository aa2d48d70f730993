"""Reading the chain of administration: who changed people, rights, substitutions, lists, what is deployed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.runtime.unit.administration import ADMINISTER, acting_as, require
from engine.runtime.unit.machinery import Machinery
from engine.store import auditing, lookups
from engine.store.connect import Connection
from engine.values import Value, loads
from engine.views import Actor


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row of the chain. `subject` is what it is about: a user id, a list, a deployment; `data` what was changed.

    `actor` is `-` for the command line of the machine. `on_behalf_of` is whose right it was, empty when the actor's.
    """

    seq: int
    at: datetime
    kind: str
    actor: str
    actor_name: str
    on_behalf_of: str
    subject: str
    subject_name: str
    data: dict[str, Value]


class Audit:
    """What administration did. Needs the right to administer."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def list(self, actor: Actor, before: int = 0, limit: int = 50) -> tuple[AuditRow, ...]:
        """Rows from the newest on, or those before a number."""

        def work(connection: Connection) -> tuple[AuditRow, ...]:
            require(acting_as(self._machinery, connection, actor), ADMINISTER)
            rows = auditing.page(connection, before, limit)
            names = lookups.names(connection, [each for row in rows for each in (row.actor, row.subject)])
            return tuple(_row(row, names) for row in rows)

        return self._machinery.read(work)


def _row(row: Any, names: dict[str, str]) -> AuditRow:
    data = loads(row.data) if row.data else {}
    told = dict(data) if isinstance(data, dict) else {}
    behalf, subject = str(told.pop("on_behalf_of", "")), names.get(row.subject, "")
    return AuditRow(row.seq, row.at, row.kind, row.actor, names.get(row.actor, ""), behalf, row.subject, subject, told)
