"""The whole schema: importing this module fills `metadata` with every table."""

from __future__ import annotations

from engine.store.schema import (
    board,
    editing,
    heat,
    jobs,
    keeping,
    migrations,
    people,
    records,
    sign_in,
)
from engine.store.schema.running import metadata

__all__ = [
    "board",
    "editing",
    "heat",
    "jobs",
    "keeping",
    "metadata",
    "migrations",
    "people",
    "records",
    "sign_in",
]
