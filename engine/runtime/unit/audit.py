"""The chain of administration: deployments, people, rights, substitutions, calendar, lists."""

from __future__ import annotations

from collections.abc import Mapping

from engine.runtime.unit import chain
from engine.runtime.unit.machinery import Machinery
from engine.store import history
from engine.store.connect import Connection
from engine.values import Value, dumps


def record(
    machinery: Machinery, connection: Connection, kind: str, actor: str, subject: str, data: Mapping[str, Value]
) -> None:
    """Append a row in the open transaction. `subject` is what it is about: a user id, a list, a deployment."""
    count, head = history.audit_head(connection)
    now, text = machinery.clock.now(), dumps(dict(data))
    link = chain.link(
        machinery.settings.history_key, head, now, fields(count + 1, kind, actor, subject), chain.digest(text)
    )
    history.append_audit(
        connection,
        {"seq": count + 1, "at": now, "kind": kind, "actor": actor, "subject": subject, "data": text, "hash": link},
    )


def fields(seq: int, kind: str, actor: str, subject: str) -> tuple[object, ...]:
    """What of a row its hash vouches for, beside moment and data."""
    return ("audit", seq, kind, actor, subject)
