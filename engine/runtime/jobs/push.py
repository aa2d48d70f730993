"""Pushes: what people were told in the product, repeated where they look. A notice never waits for its push.

What goes to one target within the window of the settings leaves as one message; so does what has gathered while a
target could not be reached or had its fill of messages for the minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from engine import push
from engine.errors import Conflict
from engine.push import Message, Note, SendFailed
from engine.runtime.jobs.jobs import Hold, Outcome, settled
from engine.runtime.unit.machinery import Machinery
from engine.store import jobs, pushes
from engine.store.connect import Connection
from engine.views import Actor

_MINUTE = timedelta(minutes=1)


class Pushes:
    """The effect of jobs of kind `push`."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def take(self, connection: Connection, job_id: int, hold: Hold) -> Sequence[Any]:
        """Lock everything that leaves with this push; nothing while its target must not be sent to."""
        row = pushes.waiting(connection, job_id, hold.now)
        if row is None:
            return ()
        given = {"worker": hold.worker, "now": hold.now, "until": hold.until}
        if row.batch:
            taken = pushes.take_batch(connection, row.target, row.batch, given)
        else:
            later = self._not_before(connection, row.target, hold.now)
            if later is not None:
                pushes.postpone(connection, job_id, hold.now, later)
                return ()
            taken = pushes.take_target(connection, row.target, given)
        if all(each.id != job_id for each in taken):  # another runner was faster
            pushes.release(connection, taken)
            return ()
        return sorted(taken, key=lambda each: each.id)

    def _not_before(self, connection: Connection, target: str, now: datetime) -> datetime | None:
        """Until when a target is left alone: it failed, or has got its messages of this minute."""
        failing = pushes.failing_until(connection, target, now)
        if failing is not None:
            return failing
        sent, first = pushes.sent_since(connection, target, now - _MINUTE)
        return first + _MINUTE if first is not None and sent >= self._machinery.settings.outside.push_rate else None

    def do(self, rows: Sequence[Any]) -> Outcome:
        """Send one message of all of them."""
        url, message = self._machinery.read(lambda connection: _message(connection, rows))
        if message is None:
            return Outcome(False, reason="There is nobody any more who may be told.", lasting=True)
        try:
            self._machinery.send_push(url, message, rows[0].batch, self._machinery.settings.outside)
        except SendFailed as failed:
            return Outcome(False, reason=failed.reason, lasting=failed.lasting)
        return Outcome(True)

    def apply(self, connection: Connection, rows: Sequence[Any], outcome: Outcome) -> bool:
        """Note whether it arrived."""
        settled(connection, rows, outcome, self._machinery.clock.now())
        return False

    def again(self, connection: Connection, row: Any, actor: Actor) -> bool:  # noqa: ARG002
        """Try at once, with all that waits for the same target."""
        now = self._machinery.clock.now()
        if not jobs.again(connection, row.id, now):
            raise Conflict("The job %(id)d is being run. Look again in a moment.", id=row.id)
        pushes.hurry(connection, row.target, now)
        return False


def _message(connection: Connection, rows: Sequence[Any]) -> tuple[str, Message | None]:
    found, url, language = pushes.notes(connection, rows)
    notes = [Note(each.subject, each.text, each.business_key) for each in found]
    return url, push.composed(notes, language) if notes and url else None
