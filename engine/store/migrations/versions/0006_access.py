"""What visibility and attachments need."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "access_review",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_review")),
        sqlite_autoincrement=True,
    )
    op.add_column("attachment", sa.Column("scan", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_attachment_pending", "attachment", ["submitted", "created_at"], unique=False)
    op.create_index("ix_attachment_scan", "attachment", ["scan"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_attachment_scan", table_name="attachment")
    op.drop_index("ix_attachment_pending", table_name="attachment")
    op.drop_column("attachment", "scan")
    op.drop_table("access_review")
