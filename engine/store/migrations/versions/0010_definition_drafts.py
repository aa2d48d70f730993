"""Drafts of diagrams and tables that people edit in the browser."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.schema.types import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "definition_draft",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("begun", sa.Text(), server_default="", nullable=False),
        sa.Column("saved_at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "file", name=op.f("pk_definition_draft")),
    )
