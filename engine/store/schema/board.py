"""Figures of the board as they were counted last, so that nobody waits while a whole history is counted."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from engine.store.schema.running import metadata
from engine.store.schema.types import Id, Moment


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


figure_value = Table(
    "figure_value",
    metadata,
    _key("figure"),
    _key("dimension"),  # empty: all together
    _key("member"),
    _key("month"),  # 2026-11; empty: the whole period
    Column("deployment_id", Id, nullable=False),  # whose board.yaml was read
    Column("counted_at", Moment, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("value", Text, nullable=False, server_default=""),  # a decimal number; empty when there is none
    Column("high", Text, nullable=False, server_default=""),  # the 90th percentile of a median
    sqlite_with_rowid=False,
)
