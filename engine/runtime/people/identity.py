"""Programs that sign in, by password or by token; and one's own password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.errors import Invalid, NotFound
from engine.identity import Remembered, SignInRefused, check_password, hash_password, new_token, token_digest
from engine.runtime.people import attempts
from engine.runtime.people.passwords import active_person, keep_anew, prove, put_password
from engine.runtime.unit.administration import acting_as, require_for, tell
from engine.runtime.unit.machinery import Machinery
from engine.store import people, sign_in
from engine.store.connect import Connection
from engine.values import Value
from engine.views import Actor, Person

_USED_AGAIN = timedelta(minutes=1)
_LONGEST_TOKEN_NAME = 100


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token of a program, without the token itself."""

    id: int
    name: str
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


class Identity:
    """Who is it, when a program asks? And one's own password. People sign in by `sessions`."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery
        self._remembered = Remembered()

    def authenticate(self, user_id: str, password: str) -> Person:
        """The person with this name and password. Raises SignInRefused, the same for an unknown name.

        A password alone is not enough for who has a second factor or must change it first: they use a token. One that
        was right is not compared again for a minute, unless it was changed.
        """
        with self._remembered.turn(user_id):
            known = self._machinery.read(lambda connection: self._known(connection, user_id, password))
            return known or self._prove(user_id, password)

    def _known(self, connection: Connection, user_id: str, password: str) -> Person | None:
        """Who it is, if his password was right a moment ago and is enough still."""
        account, now = people.account(connection, user_id), self._machinery.clock.now()
        if account is None or not self._remembered.knows(user_id, password, account.password_hash, now):
            return None
        locked = people.locked_until(connection, user_id)
        if _asks_more(connection, account) or (locked is not None and now < locked):
            return None
        return active_person(connection, user_id)

    def _prove(self, user_id: str, password: str) -> Person:
        proved = prove(self._machinery, user_id, password)
        now = self._machinery.clock.now()

        def work(connection: Connection) -> Person | None:
            account = people.account(connection, user_id)
            if account is None or _asks_more(connection, account):
                attempts.was_half_right(connection, user_id, now)
                return None
            attempts.was_right(connection, user_id)
            keep_anew(connection, proved)
            return active_person(connection, user_id)

        person = self._machinery.write(work)
        if person is None:
            raise SignInRefused("A password alone does not open this account. Sign in on the pages and make a token.")
        self._remembered.keep(user_id, password, proved.again or proved.kept, now)
        return person

    def change_password(self, actor: Actor, old: str, new: str, session_id: int = 0) -> None:
        """Change one's own password; the old one is asked. All other sessions end but the one given.

        Raises SignInRefused when the old one is wrong (that counts as a failed sign-in), Invalid when the new one
        may not be taken.
        """
        name = self._machinery.read(lambda connection: active_person(connection, actor.user_id)).name
        check_password(new, actor.user_id, name)
        if new == old:
            raise Invalid("The new password is the old one. Take another one.")
        prove(self._machinery, actor.user_id, old)
        kept = hash_password(new)

        def work(connection: Connection) -> None:
            acting = acting_as(self._machinery, connection, actor)
            put_password(self._machinery, connection, actor.user_id, kept, must_change=False, but=session_id)
            tell(self._machinery, connection, "password-set", acting, actor.user_id, {}, own=True)

        self._machinery.write(work)

    # --- tokens of programs ---------------------------------------------------------------------------------

    def create_token(self, name: str, actor: Actor, user_id: str = "", expires: datetime | None = None) -> str:
        """A new token that acts as oneself (or, with the right to administer, as somebody else). It is shown once."""
        now, text = self._machinery.clock.now(), new_token()
        if not 0 < len(name.strip()) <= _LONGEST_TOKEN_NAME or not name.isprintable():
            raise Invalid("A token needs a name of at most 100 characters that says what it is for.")
        if expires is not None and expires <= now:
            raise Invalid("The token would have expired already. Choose a later day.")

        def work(connection: Connection) -> None:
            acting = acting_as(self._machinery, connection, actor)
            whose = user_id or actor.user_id
            own = require_for(acting, whose)
            if people.account(connection, whose) is None:
                raise NotFound("There is no person %(id)s.", id=whose)
            row = {"user_id": whose, "digest": token_digest(text), "name": name.strip(), "created_at": now}
            people.add_token(connection, {**row, "expires_at": expires})
            told: dict[str, Value] = {"name": name, "expires": expires}
            tell(self._machinery, connection, "token-created", acting, whose, told, own)

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
            told: dict[str, Value] = {"id": str(token_id)}
            tell(self._machinery, connection, "token-removed", acting, actor.user_id, told, own=True)

        self._machinery.write(work)

    def authenticate_token(self, text: str) -> Person:
        """The person a token acts as. Raises SignInRefused when it is unknown or expired, or the person has left."""
        digest, now = token_digest(text), self._machinery.clock.now()

        def ask(connection: Connection) -> tuple[Person, int]:
            row = people.token(connection, digest)
            if row is None or not row.active or (row.expires_at is not None and row.expires_at <= now):
                raise SignInRefused("The token is unknown or has expired. Make a new one.")
            fresh = row.used_at is not None and now - row.used_at < _USED_AGAIN
            return active_person(connection, row.user_id), 0 if fresh else row.id

        person, token_id = self._machinery.read(ask)
        if token_id:
            self._machinery.write(lambda connection: people.use_token(connection, token_id, now))
        return person


def _asks_more(connection: Connection, account: Any) -> bool:
    """Whether a password alone does not open this account."""
    factor = sign_in.factor(connection, account.id)
    return account.must_change or (factor is not None and factor.confirmed_at is not None)
