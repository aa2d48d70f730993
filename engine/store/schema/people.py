"""Tables of people, what they may, and of the data lists and calendars they keep."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text

from engine.store.schema.running import metadata
from engine.store.schema.types import Id, Moment


def _text(name: str, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


user = Table(
    "user",
    metadata,
    Column("id", Text, primary_key=True),
    _text("name"),
    _text("password_hash"),
    Column("active", Boolean, nullable=False, server_default="1"),
    _text("language", "zh"),
    _text("email"),
    Column("created_at", Moment, nullable=False),
    Column("password_changed_at", Moment),
    Column("must_change", Boolean, nullable=False, server_default="0"),  # somebody else knows the password
)

group = Table(
    "group",
    metadata,
    Column("id", Text, primary_key=True),
    _text("zh"),
    _text("en"),
    _text("rights", "[]"),  # canonical JSON list, from the latest deployment's groups.yaml
    Column("second_factor", Boolean, nullable=False, server_default="0"),  # its members must have one
)

membership = Table(
    "membership",
    metadata,
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    Column("group_id", Text, primary_key=True),  # a group may be deployed after its members are known
    Index("ix_membership_group", "group_id", "user_id"),
)

substitution = Table(
    "substitution",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("principal", ForeignKey("user.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("deputy", ForeignKey("user.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment),  # exclusive; open when NULL
    _text("scope_kind", "all"),  # all, record, group
    _text("scope_key"),
    _text("created_by"),
    Column("created_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column("user_id", Text, primary_key=True),  # as typed: unknown names are counted too
    Column("failures", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("locked_until", Moment),
)

api_token = Table(
    "api_token",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("digest", Text, nullable=False, unique=True),  # SHA-256 of the token; the token itself is never kept
    _text("name"),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("used_at", Moment),
    sqlite_autoincrement=True,
)

reference_list = Table(
    "reference_list",
    metadata,
    Column("id", Text, primary_key=True),
    _text("zh"),
    _text("en"),
    _text("columns", "[]"),  # canonical JSON of the columns, from the latest deployment
)

reference_item = Table(
    "reference_item",
    metadata,
    Column("list_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    _text("label"),
    _text("content"),  # canonical JSON object of the columns
    _text("search"),  # lower-case text that a search looks in
    Column("active", Boolean, nullable=False, server_default="1"),
    Column("updated_at", Moment, nullable=False),
    _text("updated_by"),
    Index("ix_reference_item_label", "list_id", "active", "label"),
)

calendar_exception = Table(
    "calendar_exception",
    metadata,
    Column("calendar", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    _text("periods"),  # empty: a day off; else the hours worked, "08:00-12:00,13:30-17:30"
    _text("note"),
    _text("created_by"),
    Column("created_at", Moment, nullable=False),
)
