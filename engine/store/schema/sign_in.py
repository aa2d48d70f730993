"""Tables of who is signed in and of second factors; accounts and wrong passwords stand in `people`."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from engine.store.schema.running import metadata
from engine.store.schema.types import Id, Moment

session = Table(
    "session",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("digest", Text, nullable=False, unique=True),  # SHA-256 of the secret that the cookie carries
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),  # written at most once a minute
    Column("awaits_code", Boolean, nullable=False),  # the password was right, the second factor is asked
    Column("method", Text, nullable=False),  # password, provider
    Column("agent", Text, nullable=False, server_default=""),
    Column("address", Text, nullable=False, server_default=""),  # the network only, not the machine
    Index("ix_session_seen_at", "seen_at"),
    sqlite_autoincrement=True,
)

second_factor = Table(
    "second_factor",
    metadata,
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    Column("secret", Text, nullable=False),  # encrypted with a key outside the database
    Column("created_at", Moment, nullable=False),
    Column("confirmed_at", Moment),  # NULL: shown, but no code of it was given yet
    Column("last_step", Integer, nullable=False, server_default="0"),  # the last 30 seconds whose code was used
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", Text, primary_key=True),  # HMAC with a key outside the database
)
