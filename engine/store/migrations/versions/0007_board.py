"""Kept figures of the board, and unread notices found without those that were read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.schema.types import Id, Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "figure_value",
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("deployment_id", Id, nullable=False),
        sa.Column("counted_at", Moment(timezone=True), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.Column("high", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("figure", "dimension", "member", "month", name=op.f("pk_figure_value")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_notification_receiver_unread",
        "notification_receiver",
        ["notification_id"],
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_index(
        "ix_process_instance_suspended",
        "process_instance",
        ["suspended_at"],
        sqlite_where=sa.text("suspended_at IS NOT NULL"),
        postgresql_where=sa.text("suspended_at IS NOT NULL"),
    )
