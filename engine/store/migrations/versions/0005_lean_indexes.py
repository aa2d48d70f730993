"""Indexes as few and as small as the questions need: each that a completion touches is a page more to a commit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEPT_BY_KEY = ("history_event", "instance_access", "record_field", "task_candidate")


def upgrade() -> None:
    """Bring the schema forward."""
    op.drop_index("ix_history_event_task_id", "history_event")
    op.drop_index("ix_task_assignee", "task")
    if op.get_bind().dialect.name == "sqlite":
        for name in _KEPT_BY_KEY:
            _keep_by_key(name)
    else:
        op.drop_constraint("uq_history_event_submission", "history_event")
    _partial("uq_history_event_submission", "history_event", ["submission"], "submission IS NOT NULL", unique=True)
    _partial("ix_history_event_task_id", "history_event", ["task_id"], "task_id IS NOT NULL")
    _partial("ix_task_assignee", "task", ["assignee", "due_at"], "assignee <> ''")


def _keep_by_key(name: str) -> None:
    """SQLite keeps a table in the order of its key then, instead of a table and an index over it."""
    with op.batch_alter_table(name, recreate="always", table_kwargs={"sqlite_with_rowid": False}) as table:
        if name == "history_event":
            table.drop_constraint("uq_history_event_submission", type_="unique")


def _partial(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    wanted = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=wanted, postgresql_where=wanted)
