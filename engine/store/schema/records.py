"""Tables of records and of what people add to them: published fields, numbers, notices, comments, files."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, text

from engine.store.schema.running import metadata
from engine.store.schema.types import Id, Moment


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default="0")


record = Table(
    "record",
    metadata,
    Column("business_key", Text, primary_key=True),
    Column("record_type", Text, nullable=False),
    Column("instance_id", ForeignKey("process_instance.id"), nullable=False, index=True),
    _text("title"),
    _text("status"),
    _text("held_status"),  # the status before a hold, to be shown again after it
    _text("search"),  # lower-case words of key, title and published fields
    Column("started_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Index("ix_record_type", "record_type", "status"),
    Index("ix_record_started", "started_at", "business_key"),
)

record_field = Table(
    "record_field",
    metadata,
    Column("instance_id", ForeignKey("process_instance.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("business_key", Text, nullable=False),
    Column("value", Text, nullable=False),  # canonical text
    Column("plain", Text, nullable=False),  # what is compared, sorted and searched
    Index("ix_record_field_plain", "name", "plain"),
    Index("ix_record_field_key", "business_key"),
    sqlite_with_rowid=False,
)

sequence = Table(
    "sequence",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Integer, nullable=False),
)

notification = Table(
    "notification",
    metadata,
    _id(),
    Column("created_at", Moment, nullable=False),
    Column("kind", Text, nullable=False),  # report, notice, reminder
    _text("subject"),
    _text("text"),
    _text("business_key"),
    Column("instance_id", ForeignKey("process_instance.id", ondelete="CASCADE"), index=True),
    _text("element_id"),
    _text("sender"),  # user id; empty for the engine
    _flag("receipt"),
    Index("ix_notification_sender", "sender", "id"),
    sqlite_autoincrement=True,
)

notification_receiver = Table(
    "notification_receiver",
    metadata,
    Column("notification_id", ForeignKey("notification.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("read_at", Moment),
    Column("again_at", Moment),  # when it is pushed again, if it is not read by then
    Index("ix_notification_receiver_user", "user_id", "notification_id"),
    Index(
        "ix_notification_receiver_again",
        "again_at",
        sqlite_where=text("again_at IS NOT NULL"),
        postgresql_where=text("again_at IS NOT NULL"),
    ),
    Index(
        "ix_notification_receiver_unread",
        "notification_id",
        sqlite_where=text("read_at IS NULL"),
        postgresql_where=text("read_at IS NULL"),
    ),
)

comment = Table(
    "comment",
    metadata,
    _id(),
    Column("instance_id", ForeignKey("process_instance.id", ondelete="CASCADE"), nullable=False),
    Column("business_key", Text, nullable=False, index=True),
    Column("task_id", Id),  # the task may be over: no foreign key
    _text("task_name"),
    Column("created_at", Moment, nullable=False),
    Column("user_id", Text, nullable=False),
    _text("text"),
    Index("ix_comment_instance", "instance_id"),
    sqlite_autoincrement=True,
)

attachment = Table(
    "attachment",
    metadata,
    _id(),
    Column("digest", Text, nullable=False, index=True),  # SHA-256 of the bytes, the file's name in the store
    _text("name"),
    _text("type"),
    Column("size", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("instance_id", ForeignKey("process_instance.id", ondelete="CASCADE"), index=True),
    Column("business_key", Text, nullable=False, index=True),
    Column("task_id", Id),
    _text("element_name"),
    _flag("submitted"),  # until then it belongs to its uploader and task
    _text("scan"),  # empty: may be read; held: no scanner has seen it yet; infected: never
    Index("ix_attachment_pending", "submitted", "created_at"),
    Index("ix_attachment_scan", "scan"),
    sqlite_autoincrement=True,
)

draft = Table(
    "draft",
    metadata,
    Column("task_id", ForeignKey("task.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Text, primary_key=True),
    _text("content"),
    Column("saved_at", Moment, nullable=False),
)
