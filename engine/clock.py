"""The only place that reads the time of the machine."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the present moment as an aware datetime in UTC."""

    def now(self) -> datetime:
        """The present moment."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """What the machine says."""
        return datetime.now(UTC)


class MovedClock:
    """A clock that stands until it is moved: tests, scenarios and the demonstration use it."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Where it was moved to last."""
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Set the clock; it may be set back, as real clocks sometimes are."""
        self._now = moment.astimezone(UTC)
