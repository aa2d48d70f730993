"""What retention and seals keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.store.schema.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "seal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", engine.store.schema.types.Moment(timezone=True), nullable=False),
        sa.Column("chains", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_seal")),
    )
    op.create_table(
        "sealed_head",
        sa.Column("instance_id", engine.store.schema.types.Id, autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seal", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "seq", name=op.f("pk_sealed_head")),
    )
    op.create_table(
        "record_hold",
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("placed_at", engine.store.schema.types.Moment(timezone=True), nullable=False),
        sa.Column("placed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("business_key", name=op.f("pk_record_hold")),
    )
    op.create_table(
        "record_removal",
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("removed_at", engine.store.schema.types.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("business_key", name=op.f("pk_record_removal")),
    )
