"""Statements on attachments and comments."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, insert, or_, select, update

from engine.store.connect import Connection
from engine.store.record_tables import attachment, comment


def add_attachment(connection: Connection, values: Mapping[str, Any]) -> int:
    """A new attachment; its id."""
    made: int = connection.execute(insert(attachment).returning(attachment.c.id), dict(values)).scalar_one()
    return made


def get_attachment(connection: Connection, attachment_id: int) -> Row[Any] | None:
    """One attachment."""
    return connection.execute(select(attachment).where(attachment.c.id == attachment_id)).first()


def attachments_of(connection: Connection, instance_ids: Collection[int]) -> Sequence[Row[Any]]:
    """What was attached to these instances or submitted with their forms, newest first."""
    return connection.execute(
        select(attachment)
        .where(attachment.c.instance_id.in_(sorted(instance_ids)), attachment.c.submitted)
        .order_by(attachment.c.id.desc())
    ).all()


def submit_attachments(
    connection: Connection, digests: Collection[str], user_id: str, instance_id: int, business_key: str, element: str
) -> None:
    """The uploads of these digests by this person belong to the instance from now on."""
    connection.execute(
        update(attachment)
        .where(
            attachment.c.digest.in_(sorted(digests)),
            attachment.c.submitted.is_(False),
            or_(attachment.c.user_id == user_id, attachment.c.instance_id == instance_id),
        )
        .values(submitted=True, instance_id=instance_id, business_key=business_key, element_name=element)
    )


def add_comment(connection: Connection, values: Mapping[str, Any]) -> int:
    """A new comment; its id."""
    made: int = connection.execute(insert(comment).returning(comment.c.id), dict(values)).scalar_one()
    return made


def comments_of(connection: Connection, instance_ids: Collection[int]) -> Sequence[Row[Any]]:
    """The comments on these instances, oldest first."""
    return connection.execute(
        select(comment).where(comment.c.instance_id.in_(sorted(instance_ids))).order_by(comment.c.id)
    ).all()


def digests(connection: Connection) -> list[str]:
    """The digests of all files that a row names."""
    return list(connection.execute(select(attachment.c.digest).distinct()).scalars())
