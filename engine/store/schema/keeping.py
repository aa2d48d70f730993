"""Tables of keeping: what seals vouch for, which records must be kept, whose contents retention has removed."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, Table, Text

from engine.store.schema.running import metadata
from engine.store.schema.types import Id, Moment

seal = Table(
    "seal",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # 1, 2, … without gaps
    Column("at", Moment, nullable=False),
    Column("chains", Integer, nullable=False),  # how many chains had grown since the seal before
    Column("digest", Text, nullable=False),  # SHA-256 over the seal before and those chains, hexadecimal
)

sealed_head = Table(
    "sealed_head",
    metadata,
    # No foreign key: it must tell that an instance is gone. 0 is the chain of administration.
    Column("instance_id", Id, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("seal", Integer, nullable=False),
    Column("digest", LargeBinary, nullable=False),  # over the content of all rows up to this one
)

record_hold = Table(
    "record_hold",
    metadata,
    Column("business_key", Text, primary_key=True),
    Column("placed_at", Moment, nullable=False),
    Column("placed_by", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
)

record_removal = Table(
    "record_removal",
    metadata,
    Column("business_key", Text, primary_key=True),
    Column("removed_at", Moment, nullable=False),
)
