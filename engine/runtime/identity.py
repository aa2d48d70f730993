"""Signing in: by password with lock-out counted in the database, by token for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.errors import Invalid, NotFound
from engine.identity import (
    Failures,
    SignInRefused,
    attempt,
    hash_password,
    is_locked,
    is_outdated,
    is_password,
    new_token,
    token_digest,
)
from engine.runtime.administration import ADMINISTER, acting_as, require, tell
from engine.runtime.machinery import Machinery
from engine.store import people
from engine.store.connect import Connection
from engine.views import Actor, Person

_LONGEST_NAME = 64
_FORGET = timedelta(days=1)
_USED_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token of a program, without the token itself."""

    id: int
    name: str
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


class Identity:
    """Who is it? Passwords are compared outside of any transaction: that takes a tenth of a second."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def authenticate(self, user_id: str, password: str) -> Person:
        """The person with this name and password. Raises SignInRefused, the same for an unknown name.

        An attempt counts as failed before the password is compared, and is taken back when it was right.
        """
        if not user_id or len(user_id) > _LONGEST_NAME:
            raise _wrong()
        kept, active = self._machinery.write(lambda connection: self._begin(connection, user_id))
        if not is_password(password, kept) or not active:
            raise _wrong()
        again = hash_password(password) if is_outdated(kept) else ""
        return self._machinery.write(lambda connection: self._succeed(connection, user_id, again))

    def _begin(self, connection: Connection, user_id: str) -> tuple[str, bool]:
        now = self._machinery.clock.now()
        row = people.failures(connection, user_id)
        counted = Failures(row.failures, row.last_at, row.locked_until) if row is not None else Failures()
        if is_locked(counted, now):
            raise SignInRefused(
                "Too many wrong passwords. Wait until %(until)s, or ask for a new password.", until=counted.locked_until
            )
        after = attempt(counted, now)
        people.count_failures(
            connection,
            {"user_id": user_id, "failures": after.count, "last_at": now, "locked_until": after.locked_until},
            now - _FORGET,
        )
        account = people.account(connection, user_id)
        return (account.password_hash, account.active) if account is not None else ("", False)

    def _succeed(self, connection: Connection, user_id: str, again: str) -> Person:
        people.clear_failures(connection, user_id)
        if again:
            people.change(connection, user_id, {"password_hash": again})
        return self._person(connection, user_id)

    def _person(self, connection: Connection, user_id: str) -> Person:
        row = people.account(connection, user_id)
        if row is None or not row.active:
            raise _wrong()
        groups = people.groups_of(connection, [user_id]).get(user_id, ())
        return Person(row.id, row.name, groups, row.active, row.language)

    # --- tokens of programs ---------------------------------------------------------------------------------

    def create_token(self, name: str, actor: Actor, user_id: str = "", expires: datetime | None = None) -> str:
        """A new token that acts as oneself (or, with the right to administer, as somebody else). It is shown once."""
        now, text = self._machinery.clock.now(), new_token()
        if expires is not None and expires <= now:
            raise Invalid("The token would have expired already. Choose a later day.")

        def work(connection: Connection) -> None:
            acting = acting_as(self._machinery, connection, actor)
            whose = user_id or actor.user_id
            if whose != actor.user_id or not acting.known:
                require(acting, ADMINISTER)
            if people.account(connection, whose) is None:
                raise NotFound("There is no person %(id)s.", id=whose)
            row = {"user_id": whose, "digest": token_digest(text), "name": name, "created_at": now}
            people.add_token(connection, {**row, "expires_at": expires})
            tell(self._machinery, connection, "token-created", acting, whose, {"name": name, "expires": expires})

        self._machinery.write(work)
        return text

    def tokens(self, actor: Actor) -> Sequence[TokenView]:
        """One's own tokens, newest first."""

        def work(connection: Connection) -> Sequence[TokenView]:
            return tuple(
                TokenView(row.id, row.name, row.created_at, row.expires_at, row.used_at)
                for row in people.tokens_of(connection, actor.user_id)
            )

        return self._machinery.read(work)

    def remove_token(self, token_id: int, actor: Actor) -> None:
        """Take one of one's own tokens away; it stops working at once. Raises NotFound."""

        def work(connection: Connection) -> None:
            if not people.remove_token(connection, token_id, actor.user_id):
                raise NotFound("There is no token %(id)d of yours.", id=token_id)
            acting = acting_as(self._machinery, connection, actor)
            tell(self._machinery, connection, "token-removed", acting, actor.user_id, {"id": str(token_id)})

        self._machinery.write(work)

    def authenticate_token(self, text: str) -> Person:
        """The person a token acts as. Raises SignInRefused when it is unknown or expired, or the person has left."""
        digest, now = token_digest(text), self._machinery.clock.now()

        def ask(connection: Connection) -> tuple[Person, int]:
            row = people.token(connection, digest)
            if row is None or not row.active or (row.expires_at is not None and row.expires_at <= now):
                raise SignInRefused("The token is unknown or has expired. Make a new one.")
            fresh = row.used_at is not None and now - row.used_at < _USED_AGAIN
            return self._person(connection, row.user_id), 0 if fresh else row.id

        person, token_id = self._machinery.read(ask)
        if token_id:
            self._machinery.write(lambda connection: people.use_token(connection, token_id, now))
        return person


def _wrong() -> SignInRefused:
    return SignInRefused("User name or password is wrong.")
