"""Running instances that go on by another version of their process."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.schema.types import Id, Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _to(name: str, table: str, target: str) -> sa.ForeignKeyConstraint:
    cascade = None if target in ("deployment", "process_definition") else "CASCADE"
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}"), ondelete=cascade)


def upgrade() -> None:
    """Bring the schema forward."""
    table = "instance_migration"
    op.create_table(
        table,
        sa.Column("id", Id, autoincrement=True, nullable=False),
        _text("process_id"),
        sa.Column("from_id", Id, nullable=False),
        sa.Column("to_id", Id, nullable=False),
        sa.Column("deployment_id", Id, nullable=False),
        _text("names"),
        _text("reason"),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        _text("created_by"),
        sa.Column("undone_at", Moment(timezone=True)),
        _text("undone_by"),
        _text("undo_reason"),
        _to("from_id", table, "process_definition"),
        _to("to_id", table, "process_definition"),
        _to("deployment_id", table, "deployment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance_migration")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_instance_migration_process", table, ["process_id", "id"])
    table = "instance_migration_item"
    op.create_table(
        table,
        sa.Column("migration_id", Id, nullable=False),
        sa.Column("instance_id", Id, nullable=False),
        _text("state", "waiting"),
        _text("code"),
        _text("element_id"),
        _text("text"),
        sa.Column("before_deployment_id", Id),
        sa.Column("before", sa.LargeBinary()),
        _text("after"),
        _to("migration_id", table, "instance_migration"),
        _to("instance_id", table, "process_instance"),
        _to("before_deployment_id", table, "deployment"),
        sa.PrimaryKeyConstraint("migration_id", "instance_id", name=op.f("pk_instance_migration_item")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_instance_migration_item_state", table, ["migration_id", "state"])
    op.create_index("ix_instance_migration_item_instance", table, ["instance_id"])
