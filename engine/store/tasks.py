"""Statements on single open tasks: who has them, until when, drafts; and the rows that lists show."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update

from engine.store.connect import Connection
from engine.store.dialects import upsert
from engine.store.prepared import Listed
from engine.store.schema.records import draft
from engine.store.schema.running import task, task_candidate


def change(connection: Connection, task_id: int, values: Mapping[str, Any], assignee: str | None = None) -> bool:
    """Write columns of a task (if it still has this assignee); False when it is not there or not so any more."""
    query = update(task).where(task.c.id == task_id)
    if assignee is not None:
        query = query.where(task.c.assignee == assignee)
    return connection.execute(query.values(**values)).rowcount == 1


_CANDIDATES = Listed(
    lambda among: (
        select(task_candidate.c.task_id, task_candidate.c.subject)
        .where(among(task_candidate.c.task_id), task_candidate.c.kind == "candidate")
        .order_by(task_candidate.c.task_id, task_candidate.c.subject)
    )
)


def candidates(connection: Connection, task_ids: Collection[int]) -> dict[int, list[str]]:
    """Task → the subjects it is offered to."""
    found: dict[int, list[str]] = {}
    for task_id, subject in _CANDIDATES.found(connection, task_ids):
        found.setdefault(task_id, []).append(subject)
    return found


def save_draft(connection: Connection, task_id: int, user_id: str, content: str, at: datetime) -> None:
    """Keep what somebody has typed so far."""
    upsert(connection, draft, [{"task_id": task_id, "user_id": user_id, "content": content, "saved_at": at}])


def load_draft(connection: Connection, task_id: int, user_id: str) -> str | None:
    """What somebody has typed so far, as canonical text."""
    return connection.execute(
        select(draft.c.content).where(draft.c.task_id == task_id, draft.c.user_id == user_id)
    ).scalar()


def drop_draft(connection: Connection, task_id: int, user_id: str) -> None:
    """Forget it."""
    connection.execute(delete(draft).where(draft.c.task_id == task_id, draft.c.user_id == user_id))


def in_process(process_id: str) -> ColumnElement[bool]:
    """Tasks of elements that stand in this process."""
    return task.c.process_id == process_id
