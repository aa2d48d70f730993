"""The outbox: what instances have thrown is delivered after commit, once, each row in its receiver's transaction."""

from __future__ import annotations

from functools import partial
from typing import Any

import structlog

from engine.errors import Unavailable
from engine.runtime.messages.delivering import Delivery
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.step import Step
from engine.store import instances, messages, rights
from engine.store.connect import Connection

_BATCH = 500
_AT_ONCE = 500
"""A signal may go to thousands: whoever sends it does not wait for all of them, the next look does the rest."""
_log = structlog.get_logger(__name__)


class Outbox:
    """Delivers, and ends the time to live of what nobody caught."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def deliver(self, share: int | None = None) -> int:
        """Deliver what instances have thrown (of one share, see `shares_waiting`), until nothing new is left or very
        many were tried; how many rows were settled.

        Called right after a commit and again by every tick; each row is settled once, whoever delivers it. It raises
        nothing: what was accepted stays accepted, and a message that cannot be delivered now is tried again later.
        """
        done = 0
        tried: set[int] = set()
        try:
            while new := [each for each in self._waiting(share) if each not in tried][: _AT_ONCE - len(tried)]:
                tried.update(new)
                done += sum(self._tried(each) for each in new)
        except Exception as error:
            _log.error("messages cannot be delivered now", error=repr(error))
        return done

    def deliver_one(self, message_id: int) -> bool:
        """Deliver one message if nobody has yet or is just doing it; whether it was settled here. Idempotent."""

        def work(connection: Connection) -> bool:
            row = messages.take(connection, message_id)
            if row is None:
                return False
            Delivery(self._machinery, connection, row).deliver()
            return True

        self._machinery.fault("before-delivery")
        return self._machinery.write(work)

    def shares_waiting(self) -> tuple[int, ...]:
        """In which shares messages wait: workers deliver one share each, so that they do not meet."""
        return tuple(self._machinery.read(messages.shares_waiting))

    def _waiting(self, share: int | None) -> list[int]:
        """The ids of all that waits now, read in turns."""
        found: list[int] = []
        while True:
            find = partial(messages.waiting, limit=_BATCH, after=found[-1] if found else 0, share=share)
            more = self._machinery.read(find)
            found += more
            if len(more) < _BATCH:
                return found

    def _tried(self, message_id: int) -> bool:
        try:
            return self.deliver_one(message_id)
        except Unavailable:
            raise  # nor can the others be
        except Exception as error:
            _log.error("a message cannot be delivered", message=message_id, error=repr(error))
            return False

    def expire(self) -> int:
        """End the time to live of kept messages that is over; the history of who might have caught them tells."""
        now = self._machinery.clock.now()
        found = self._machinery.read(lambda connection: messages.kept_and_over(connection, now, _BATCH))

        def work(connection: Connection, row: Any) -> bool:
            if not messages.expire_one(connection, row.id, now):
                return False
            stored = instances.load(connection, row.receiver_id) if row.receiver_id else None
            if stored is not None:
                step = Step(self._machinery, connection, stored, rights.who(connection, rights.SYSTEM, now))
                step.event("message-expired", None, name=row.name, correlation=row.correlation)
                step.save()
            return True

        return sum(self._machinery.write(partial(work, row=row)) for row in found)
