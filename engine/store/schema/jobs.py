"""Tables of effects outside the database, and of where people are pushed to."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, text

from engine.store.schema.running import metadata
from engine.store.schema.types import Id, Moment


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


def some(name: str, *columns: str, where: str) -> Index:
    """An index of some rows only."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


push_address = Table(
    "push_address",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("url", Text, nullable=False),  # holds the secret of a robot: it never leaves for a page, a log or history
    Column("target", Text, nullable=False),  # keyed digest of the url: the same robot of several people is one target
    _text("shown"),  # what people see of it
    Column("created_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

job = Table(
    "job",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),  # push, http
    Column("key", Text, nullable=False, unique=True),  # what the other side knows the effect by, however often it comes
    _text("state", "waiting"),  # waiting, done, failed (for good)
    _text("label"),  # what people see of the effect
    _text("payload"),  # canonical JSON of what is to be done; no secrets
    _text("result"),  # canonical JSON of the answer until it is applied
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("tried_at", Moment),
    Column("ended_at", Moment),
    _text("worker"),  # one run of one process
    Column("locked_until", Moment),
    _text("reason"),  # why the last try failed
    # of a step that waits for it:
    Column("instance_id", ForeignKey("process_instance.id", ondelete="CASCADE")),
    Column("token", Integer, nullable=False, server_default="0"),
    _text("process_id"),
    _text("element_id"),
    # of a push:
    Column("notification_id", ForeignKey("notification.id", ondelete="CASCADE")),
    _text("user_id"),
    Column("address_id", ForeignKey("push_address.id", ondelete="SET NULL")),
    _text("target"),
    _text("batch"),  # what left together as one message; set while and after it is sent
    # An index of those few that are asked for: the done ones, by far the most, stand in none of the first two.
    some("ix_job_due", "due_at", where="state = 'waiting'"),
    some("ix_job_failed", "id", where="state = 'failed'"),
    some("ix_job_instance", "instance_id", "token", where="instance_id IS NOT NULL"),
    some("ix_job_notification", "notification_id", where="notification_id IS NOT NULL"),
    some("ix_job_target", "target", "tried_at", where="target <> ''"),
    sqlite_autoincrement=True,
)
