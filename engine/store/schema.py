"""The whole schema: importing this module fills `metadata` with every table."""

from __future__ import annotations

from engine.store import (
    board_tables,
    editing_tables,
    heat_tables,
    job_tables,
    keeping_tables,
    migration_tables,
    people_tables,
    record_tables,
    sign_in_tables,
)
from engine.store.tables import metadata

__all__ = [
    "board_tables",
    "editing_tables",
    "heat_tables",
    "job_tables",
    "keeping_tables",
    "metadata",
    "migration_tables",
    "people_tables",
    "record_tables",
    "sign_in_tables",
]
