"""Too many wrong passwords or codes lock a name for a while. Pure: what was counted in, what is counted now out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(minutes=15)
"""A failure is forgotten when none follows for so long."""


@dataclass(frozen=True, slots=True)
class Failures:
    """What is counted of one name as typed (names nobody has are counted like others)."""

    count: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None


def is_locked(counted: Failures, now: datetime) -> bool:
    """Whether an attempt is refused without looking at the password."""
    return counted.locked_until is not None and now < counted.locked_until


def attempt(counted: Failures, now: datetime) -> Failures:
    """What is counted when an attempt begins: it counts as failed until it succeeds, so that attempts made at the
    same moment cannot be more than those made one by one."""
    fresh = counted.last_at is None or now - counted.last_at > FORGOTTEN_AFTER or counted.locked_until is not None
    count = 1 if fresh else counted.count + 1
    return Failures(count, now, now + LOCKED_FOR if count >= MOST_FAILURES else None)


def taken_back(counted: Failures) -> Failures:
    """What is counted when an attempt was right, but only half of what is asked: the failures before it remain."""
    count = max(counted.count - 1, 0)
    return Failures(count, counted.last_at, None if count < MOST_FAILURES else counted.locked_until)
