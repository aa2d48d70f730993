"""Guesses at somebody's password or code, counted in the database: each before the secret is compared.

So attempts made at the same moment, on any number of machines, are never more than those made one by one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.identity import Failures, SignInRefused, attempt, is_locked, taken_back
from engine.store import people
from engine.store.connect import Connection


def begin(connection: Connection, user_id: str, now: datetime) -> None:
    """Count one attempt at a name, whoever has it or nobody. Raises SignInRefused while it is locked."""
    counted = _counted(people.failures(connection, user_id, now))
    if is_locked(counted, now):
        raise SignInRefused(
            "Too many wrong passwords. Wait until %(until)s, or ask for a new password.", until=counted.locked_until
        )
    _keep(connection, user_id, attempt(counted, now))


def was_right(connection: Connection, user_id: str) -> None:
    """All that was asked is right: nothing is counted any more."""
    people.clear_failures(connection, user_id)


def was_half_right(connection: Connection, user_id: str, now: datetime) -> None:
    """The password was right and a code is asked: this attempt does not count, those before it do."""
    _keep(connection, user_id, taken_back(_counted(people.failures(connection, user_id, now))))


def _counted(row: Any) -> Failures:
    return Failures(row.failures, row.last_at, row.locked_until)


def _keep(connection: Connection, user_id: str, counted: Failures) -> None:
    people.count_failures(
        connection,
        user_id,
        {"failures": counted.count, "last_at": counted.last_at, "locked_until": counted.locked_until},
    )
