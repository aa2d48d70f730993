"""Statements on single open tasks: who has them, until when, drafts; and the rows that lists show."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, literal, select, update

from engine.store.connect import Connection
from engine.store.dialects import upsert
from engine.store.record_tables import draft
from engine.store.tables import task, task_candidate


def change(connection: Connection, task_id: int, values: Mapping[str, Any], assignee: str | None = None) -> bool:
    """Write columns of a task (if it still has this assignee); False when it is not there or not so any more."""
    query = update(task).where(task.c.id == task_id)
    if assignee is not None:
        query = query.where(task.c.assignee == assignee)
    return connection.execute(query.values(**values)).rowcount == 1


def candidates(connection: Connection, task_ids: Collection[int]) -> dict[int, list[str]]:
    """Task → the subjects it is offered to."""
    found: dict[int, list[str]] = {}
    rows = connection.execute(
        select(task_candidate.c.task_id, task_candidate.c.subject)
        .where(task_candidate.c.task_id.in_(sorted(task_ids)), task_candidate.c.kind == "candidate")
        .order_by(task_candidate.c.task_id, task_candidate.c.subject)
    )
    for task_id, subject in rows:
        found.setdefault(task_id, []).append(subject)
    return found


def by_id(*task_ids: int) -> ColumnElement[bool]:
    """These tasks."""
    return task.c.id.in_(task_ids)


def of_instances(instance_ids: Collection[int]) -> ColumnElement[bool]:
    """The tasks of these instances."""
    return task.c.instance_id.in_(sorted(instance_ids)) if instance_ids else literal(False)


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
