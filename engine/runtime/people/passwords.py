"""Comparing and changing passwords. They are compared outside of any transaction: that takes a tenth of a second."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.identity import SignInRefused, hash_password, is_outdated, is_password
from engine.runtime.people import attempts
from engine.runtime.unit.machinery import Machinery
from engine.store import people, sign_in
from engine.store.connect import Connection
from engine.views import Person

USER_ID = re.compile(r"[\w.@-]{1,64}")


@dataclass(frozen=True, slots=True)
class Proved:
    """Somebody's password was right: it fits the digest `kept`. `again` is its digest when it should be kept anew, else
    empty."""

    user_id: str
    kept: str
    again: str


def prove(machinery: Machinery, user_id: str, password: str) -> Proved:
    """The password of this name is right. Raises SignInRefused, the same for an unknown name.

    The attempt counts as failed; who asked takes that back when he has all he wants (`attempts`).
    """
    if not USER_ID.fullmatch(user_id):
        raise wrong()
    kept, active = machinery.write(lambda connection: _begin(machinery, connection, user_id))
    if not is_password(password, kept) or not active:
        raise wrong()
    return Proved(user_id, kept, hash_password(password) if is_outdated(kept) else "")


def keep_anew(connection: Connection, proved: Proved) -> None:
    """Keep the digest with the parameters of today."""
    if proved.again:
        people.change(connection, proved.user_id, {"password_hash": proved.again})


def put_password(
    machinery: Machinery, connection: Connection, user_id: str, kept: str, *, must_change: bool, but: int = 0
) -> None:
    """Keep a new digest: a lock-out ends, and so do all sessions that the old one opened, `but` one."""
    row = {"password_hash": kept, "password_changed_at": machinery.clock.now(), "must_change": must_change}
    people.change(connection, user_id, row)
    people.clear_failures(connection, user_id)
    sign_in.end_sessions(connection, user_id, but=but)


def active_person(connection: Connection, user_id: str) -> Person:
    """The person of an account that may still sign in. Raises SignInRefused."""
    row = people.account(connection, user_id)
    if row is None or not row.active:
        raise wrong()
    groups = people.groups_of(connection, [user_id]).get(user_id, ())
    return Person(row.id, row.name, groups, row.active, row.language)


def wrong() -> SignInRefused:
    """The one answer to everything that is not right."""
    return SignInRefused("User name or password is wrong.")


def _begin(machinery: Machinery, connection: Connection, user_id: str) -> tuple[str, bool]:
    attempts.begin(connection, user_id, machinery.clock.now())
    account = people.account(connection, user_id)
    return (account.password_hash, account.active) if account is not None else ("", False)
