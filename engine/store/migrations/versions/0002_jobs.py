"""Jobs and pushes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.schema.types import Id, Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "push_address",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        _text("shown"),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_push_address_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_address")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_push_address_user_id"), "push_address", ["user_id"])
    _job()
    op.add_column("notification_receiver", sa.Column("again_at", Moment(timezone=True), nullable=True))
    _index("ix_notification_receiver_again", "notification_receiver", ["again_at"], "again_at IS NOT NULL")


def _job() -> None:
    op.create_table(
        "job",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        _text("state", "waiting"),
        _text("label"),
        _text("payload"),
        _text("result"),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.Column("due_at", Moment(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tried_at", Moment(timezone=True), nullable=True),
        sa.Column("ended_at", Moment(timezone=True), nullable=True),
        _text("worker"),
        sa.Column("locked_until", Moment(timezone=True), nullable=True),
        _text("reason"),
        sa.Column("instance_id", Id, nullable=True),
        sa.Column("token", sa.Integer(), server_default="0", nullable=False),
        _text("process_id"),
        _text("element_id"),
        sa.Column("notification_id", Id, nullable=True),
        _text("user_id"),
        sa.Column("address_id", Id, nullable=True),
        _text("target"),
        _text("batch"),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_job_instance_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["notification_id"], ["notification.id"], name=op.f("fk_job_notification_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["address_id"], ["push_address.id"], name=op.f("fk_job_address_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
        sqlite_autoincrement=True,
    )
    _index("ix_job_due", "job", ["due_at"], "state = 'waiting'")
    _index("ix_job_failed", "job", ["id"], "state = 'failed'")
    _index("ix_job_instance", "job", ["instance_id", "token"], "instance_id IS NOT NULL")
    _index("ix_job_notification", "job", ["notification_id"], "notification_id IS NOT NULL")
    _index("ix_job_target", "job", ["target", "tried_at"], "target <> ''")


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
