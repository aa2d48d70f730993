"""Alembic's entry: runs on the connection that `engine.store.migrate` gives it."""

from __future__ import annotations

from alembic import context

from engine.store.schema.whole import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, compare_type=True)
context.run_migrations()
