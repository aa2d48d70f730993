"""Waiting for work: who asks for external tasks when there are none is told as soon as there are."""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition
from time import perf_counter
from typing import TypeVar

from engine.runtime.unit.acted import Acted

Found = TypeVar("Found")
_LOOK = 1.0
"""Seconds after which one looks anyhow: another process may have opened something, or a lock has run out."""


class Arrivals:
    """Told of what is committed in this process."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._count = 0

    def told(self, what: Acted, _seconds: float) -> None:
        """Wake who waits, if there is something for him."""
        if what.outside:
            self.wake()

    def wake(self) -> None:
        """There is something new."""
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait_for(self, look: Callable[[], tuple[Found, ...]], seconds: float) -> tuple[Found, ...]:
        """What `look` finds, as soon as it finds something; nothing after so many seconds."""
        until = perf_counter() + seconds
        while True:
            seen = self._count
            found = look()
            left = until - perf_counter()
            if found or left <= 0:
                return found
            with self._changed:
                self._changed.wait_for(lambda seen=seen: self._count != seen, min(left, _LOOK))  # type: ignore[misc]
