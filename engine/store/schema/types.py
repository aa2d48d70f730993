"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer
from sqlalchemy.types import TypeDecorator

# A day inside what Python can hold, so that every moment can be told in every zone.
_FIRST = datetime(1, 1, 2, tzinfo=UTC)
_LAST = datetime(9999, 12, 30, tzinfo=UTC)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC; SQLite keeps its text without the zone.

    The text is written and read here: SQLAlchemy's way takes three times as long, and a completion does it a dozen
    times.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """Refuse naive datetimes: they would be stored as whatever the machine's zone is."""
        return _written if dialect.name == "sqlite" else _in_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:  # noqa: ARG002
        """Give the moment back in UTC."""
        return _read if dialect.name == "sqlite" else _in_utc


def _in_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a naive datetime cannot be stored")
    try:
        return min(max(value.astimezone(UTC), _FIRST), _LAST)
    except OverflowError:
        return _FIRST if value.year == 1 else _LAST


def _written(value: datetime | None) -> str | None:
    moment = _in_utc(value)
    return None if moment is None else moment.replace(tzinfo=None).isoformat(" ", "microseconds")


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


Id = BigInteger().with_variant(Integer, "sqlite")
"""Row ids: 64 bits on both (SQLite numbers rows only in a column declared INTEGER)."""
