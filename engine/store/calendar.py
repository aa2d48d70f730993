"""Statements on the exceptions people enter into calendars."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete

from engine.store.connect import Connection
from engine.store.dialects import upsert
from engine.store.schema.people import calendar_exception


def put(connection: Connection, row: Mapping[str, Any]) -> None:
    """Enter an exception, in place of one for the same day."""
    upsert(connection, calendar_exception, [row])


def remove(connection: Connection, calendar: str, day: date) -> bool:
    """Take an exception away; whether there was one."""
    return bool(
        connection.execute(
            delete(calendar_exception).where(calendar_exception.c.calendar == calendar, calendar_exception.c.day == day)
        ).rowcount
    )
