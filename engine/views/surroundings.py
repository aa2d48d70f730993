"""What the practice keeps beside its diagrams: reference lists and the working calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.values import Value


@dataclass(frozen=True, slots=True)
class ReferenceItem:
    """An item of a reference list."""

    list_id: str
    key: str
    label: str
    values: Mapping[str, Value]
    active: bool


@dataclass(frozen=True, slots=True)
class CalendarException:
    """One exception: a day off, or a day worked with its own hours (`periods`: "08:00-12:00,13:30-17:30")."""

    calendar: str
    day: date
    periods: str
    note: str
