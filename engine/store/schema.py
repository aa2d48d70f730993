"""The whole schema: importing this module fills `metadata` with every table."""

from __future__ import annotations

from engine.store import people_tables, record_tables, sign_in_tables
from engine.store.tables import metadata

__all__ = ["metadata", "people_tables", "record_tables", "sign_in_tables"]
