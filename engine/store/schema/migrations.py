"""Tables of migrations: running instances that go on by another version of their process."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, Text

from engine.store.schema.running import metadata
from engine.store.schema.types import Id, Moment


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


instance_migration = Table(
    "instance_migration",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    _text("process_id"),
    Column("from_id", ForeignKey("process_definition.id"), nullable=False),
    Column("to_id", ForeignKey("process_definition.id"), nullable=False),
    Column("deployment_id", ForeignKey("deployment.id"), nullable=False),  # whose set the instances belong to then
    _text("names"),  # canonical JSON: what elements are called now, where that is not the same
    _text("reason"),
    Column("created_at", Moment, nullable=False),
    _text("created_by"),
    Column("undone_at", Moment),  # when it was asked to be taken back, by whom and why
    _text("undone_by"),
    _text("undo_reason"),
    Index("ix_instance_migration_process", "process_id", "id"),
    sqlite_autoincrement=True,
)

instance_migration_item = Table(
    "instance_migration_item",
    metadata,
    Column("migration_id", ForeignKey("instance_migration.id", ondelete="CASCADE"), primary_key=True),
    Column("instance_id", ForeignKey("process_instance.id", ondelete="CASCADE"), primary_key=True),
    _text("state", "waiting"),  # waiting, done, failed; undo (waiting for that), undone, kept (it has moved since)
    _text("code"),  # why it failed or was kept
    _text("element_id"),
    _text("text"),
    Column("before_deployment_id", ForeignKey("deployment.id")),
    Column("before", LargeBinary),  # the snapshot it had, while it can be taken back
    _text("after"),  # SHA-256 of the snapshot it got, hexadecimal
    Index("ix_instance_migration_item_state", "migration_id", "state"),
    Index("ix_instance_migration_item_instance", "instance_id"),
    sqlite_with_rowid=False,
)
