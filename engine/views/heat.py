"""The heat map of a process, and the replay of one instance, as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class HeatAsked:
    """Of which version (None: all together) and which days, both included (None: a year back, up to today)."""

    version: int | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class HeatRow:
    """An element. `median` and `high` (90th percentile) are by the clock on the wall and right within 4.8 %; `working`
    and `waiting` are totals on the working calendar: `waiting` while nobody had it in hand, `working` while somebody
    had. `share` is its part of all waiting."""

    element_id: str
    name: str
    kind: str
    came: int
    done: int
    cancelled: int
    median: timedelta | None
    high: timedelta | None
    waiting: timedelta
    working: timedelta
    share: float

    @property
    def open(self) -> int:
        """Come to and neither left nor cancelled, as far as the chosen days tell."""
        return max(0, self.came - self.done - self.cancelled)


@dataclass(frozen=True, slots=True)
class HeatView:
    """What a process did in a span of time. `version` is the one that is drawn, `versions` are all, newest first;
    `flows` tells how often each was taken. `counted_at` is up to when history is counted (None: just now, from what
    this person may see; then of the latest thousand instances at most)."""

    process_id: str
    name: str
    version: int
    versions: tuple[int, ...]
    first: date
    last: date
    rows: tuple[HeatRow, ...]
    flows: Mapping[str, int]
    counted_at: datetime | None
    confidential: bool

    @property
    def bottlenecks(self) -> tuple[HeatRow, ...]:
        """Where most waiting is, the heaviest first; nothing that took no time."""
        waited = [row for row in self.rows if row.waiting]
        return tuple(sorted(waited, key=lambda row: (-row.waiting, row.element_id)))[:5]
