"""What history adds up to by element and day, for the heat map."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.schema.types import Id, Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "heat_instance",
        sa.Column("instance_id", Id, autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("visits", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name=op.f("fk_heat_instance_instance_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_heat_instance")),
    )
    op.create_index(
        "ix_heat_instance_open",
        "heat_instance",
        ["instance_id"],
        sqlite_where=sa.text("open"),
        postgresql_where=sa.text("open"),
    )
    op.create_table(
        "heat_count",
        *_place(),
        *(_number(name) for name in ("came", "done", "cancelled", "elapsed", "working", "waiting")),
        sa.PrimaryKeyConstraint("definition_id", "period", "element_id", name=op.f("pk_heat_count")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "heat_span",
        *_place(),
        sa.Column("bucket", sa.Integer(), autoincrement=False, nullable=False),
        _number("number"),
        sa.PrimaryKeyConstraint("definition_id", "period", "element_id", "bucket", name=op.f("pk_heat_span")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "heat_round",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("highest", Id, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heat_round")),
    )


def _place() -> tuple[sa.Column[int], sa.Column[str], sa.Column[str]]:
    return (
        sa.Column("definition_id", Id, autoincrement=False, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
    )


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)
