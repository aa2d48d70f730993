"""External tasks know who may do them, how urgent they are, and what became of the tries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("external_task", sa.Column("senders", sa.Text(), server_default="", nullable=False))
    op.add_column("external_task", sa.Column("priority", sa.Integer(), server_default="0", nullable=False))
    op.add_column("external_task", sa.Column("retries", sa.Integer(), nullable=True))
    op.add_column("external_task", sa.Column("error", sa.Text(), server_default="", nullable=False))
    op.add_column("external_task", sa.Column("error_details", sa.Text(), server_default="", nullable=False))
