"""Statements on drafts of diagrams and tables, and on what is deployed under a file's name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from engine.store.connect import Connection
from engine.store.dialects import upsert
from engine.store.schema.editing import definition_draft as draft
from engine.store.schema.running import deployment, deployment_resource, resource


def save(connection: Connection, user_id: str, file: str, content: bytes, begun: str, at: datetime) -> None:
    """Keep somebody's draft of a file in place of the one before."""
    row = {"user_id": user_id, "file": file, "content": content, "begun": begun, "saved_at": at}
    upsert(connection, draft, [row])


def load(connection: Connection, user_id: str, file: str) -> Any | None:
    """Content, digest it began from and moment of somebody's draft."""
    query = select(draft.c.content, draft.c.begun, draft.c.saved_at)
    return connection.execute(query.where(draft.c.user_id == user_id, draft.c.file == file)).first()


def drop(connection: Connection, user_id: str, file: str) -> bool:
    """Forget a draft; False when there is none."""
    mine = (draft.c.user_id == user_id) & (draft.c.file == file)
    return connection.execute(delete(draft).where(mine)).rowcount == 1


def drop_before(connection: Connection, moment: datetime) -> int:
    """Forget the drafts that were saved last before a moment; how many."""
    return connection.execute(delete(draft).where(draft.c.saved_at < moment)).rowcount


def drafts(connection: Connection, user_id: str) -> Sequence[Any]:
    """File, digest it began from, moment and the digest that is deployed now (None: no such file), newest first."""
    latest = select(func.max(deployment.c.id)).scalar_subquery()
    held = (deployment_resource.c.name == draft.c.file) & (deployment_resource.c.deployment_id == latest)
    query = select(draft.c.file, draft.c.begun, draft.c.saved_at, deployment_resource.c.digest)
    query = query.select_from(draft).outerjoin(deployment_resource, held).where(draft.c.user_id == user_id)
    return connection.execute(query.order_by(draft.c.saved_at.desc(), draft.c.file)).all()


def count(connection: Connection, user_id: str) -> int:
    """How many drafts somebody keeps."""
    query = select(func.count()).select_from(draft).where(draft.c.user_id == user_id)
    return int(connection.execute(query).scalar_one())


def deployed(connection: Connection, file: str) -> Any | None:
    """Content and digest of a file of the latest deployment, with who deployed this content first, when and why."""
    latest = select(func.max(deployment.c.id)).scalar_subquery()
    held = (
        select(deployment_resource.c.digest)
        .where(deployment_resource.c.deployment_id == latest, deployment_resource.c.name == file)
        .scalar_subquery()
    )
    first = (
        select(func.min(deployment_resource.c.deployment_id))
        .where(deployment_resource.c.name == file, deployment_resource.c.digest == held)
        .scalar_subquery()
    )
    query = (
        select(resource, deployment.c.created_at, deployment.c.created_by, deployment.c.note)
        .select_from(resource)
        .join(deployment, deployment.c.id == first)
        .where(resource.c.digest == held)
    )
    return connection.execute(query).first()
