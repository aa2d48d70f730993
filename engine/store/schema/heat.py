"""What history adds up to, by element and day, so that a heat map never reads history; no row names a person.

A `period` is a day (2026-11-05) or its whole month (2026-11): each visit is added to both, so that any span of time is
a few rows an element. Times are whole seconds.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, Table, Text, text
from sqlalchemy.schema import Index

from engine.store.schema.running import metadata
from engine.store.schema.types import Id, Moment

_OPEN = text("open")


def _place() -> tuple[Column[int], Column[str], Column[str]]:
    """Of a version of a process: when, and where (the id of a flow node or of a sequence flow)."""
    return (
        Column("definition_id", Id, primary_key=True, autoincrement=False),
        Column("period", Text, primary_key=True),
        Column("element_id", Text, primary_key=True),
    )


def _number(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default="0")


heat_instance = Table(
    "heat_instance",
    metadata,
    Column("instance_id", ForeignKey("process_instance.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),  # the last row of its history that is counted
    Column("open", Boolean, nullable=False),  # whether more may come
    Column("visits", Text, nullable=False),  # canonical JSON: what has been entered and not left
    Index("ix_heat_instance_open", "instance_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
)

heat_count = Table(
    "heat_count",
    metadata,
    *_place(),
    _number("came"),  # of a flow: how often it was taken
    _number("done"),
    _number("cancelled"),
    _number("elapsed"),  # of those that are done, by the clock on the wall …
    _number("working"),  # … and on the working calendar
    _number("waiting"),  # the part of `working` in which nobody had it in hand
    sqlite_with_rowid=False,
)

heat_span = Table(
    "heat_span",
    metadata,
    *_place(),
    Column("bucket", Integer, primary_key=True, autoincrement=False),  # engine.runtime.heat.spans
    _number("number"),
    sqlite_with_rowid=False,
)

heat_round = Table(
    "heat_round",
    metadata,
    Column("name", Text, primary_key=True),  # `last`
    Column("at", Moment, nullable=False),  # history is counted up to here
    Column("highest", Id, nullable=False),  # the newest instance that was met
)
