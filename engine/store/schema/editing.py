"""What people edit in the browser before it is deployed."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, Table, Text

from engine.store.schema.running import metadata
from engine.store.schema.types import Moment

definition_draft = Table(
    "definition_draft",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("file", Text, primary_key=True),  # path within the practice
    Column("content", LargeBinary, nullable=False),
    Column("begun", Text, nullable=False, server_default=""),  # digest of the deployed file it began from; empty: new
    Column("saved_at", Moment, nullable=False),
)
