"""Sessions: who is signed in, in how many browsers. They are rows, so that they can be listed and ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.errors import NotFound
from engine.identity import network, new_session_secret, short_agent, token_digest
from engine.runtime.people import attempts
from engine.runtime.people.passwords import active_person, keep_anew, prove
from engine.runtime.people.second_factor import SecondFactor, wrong_code
from engine.runtime.unit.administration import ADMINISTER, acting_as, require, require_for, tell
from engine.runtime.unit.machinery import Machinery
from engine.signed_in import Must, Opened, Session, SessionView, Visitor
from engine.store import people, sign_in
from engine.store.connect import Connection
from engine.values import Value
from engine.views import Actor, Person

_SEEN_AGAIN = timedelta(minutes=1)
_FORGET_FAILURES = timedelta(days=1)
_HALFWAY = timedelta(minutes=10)
"""How long one may look for the phone after the password."""
PASSWORD, PROVIDER = "password", "provider"


class Sessions:
    """A session's secret is known to its cookie alone; a new one is made whenever somebody proves more."""

    def __init__(self, machinery: Machinery, factors: SecondFactor) -> None:
        self._machinery = machinery
        self._factors = factors

    # --- at the door ----------------------------------------------------------------------------------------

    def sign_in(self, user_id: str, password: str, visitor: Visitor) -> Opened:
        """Begin a session by password; with a second factor it awaits a code. Raises SignInRefused."""
        proved = prove(self._machinery, user_id, password)

        def work(connection: Connection) -> Opened:
            person = active_person(connection, user_id)
            keep_anew(connection, proved)
            factor = sign_in.factor(connection, user_id)
            asks = factor is not None and factor.confirmed_at is not None
            if asks:
                attempts.was_half_right(connection, user_id, self._machinery.clock.now())
            else:
                attempts.was_right(connection, user_id)
            return self.open(connection, person, visitor, PASSWORD, asks)

        return self._machinery.write(work)

    def pass_code(self, secret: str, code: str, visitor: Visitor) -> Opened:
        """The second half: a code of the authenticator, or a recovery code. The session gets a new secret.

        Raises SignInRefused when the code is wrong, NotFound when there is no session that awaits one any more.
        """
        digest, now = token_digest(secret), self._machinery.clock.now()

        def work(connection: Connection) -> Opened | None:
            rows = sign_in.session_of(connection, digest, now - _HALFWAY, now - _HALFWAY)
            if not rows or not rows[0].awaits_code:
                raise NotFound("That took too long. Sign in again.")
            user_id = rows[0].user_id
            attempts.begin(connection, user_id, now)
            if not self._factors.accept(connection, user_id, code):
                return None
            attempts.was_right(connection, user_id)
            sign_in.end_session(connection, digest)
            return self.open(connection, active_person(connection, user_id), visitor, PASSWORD)

        opened = self._machinery.write(work)
        if opened is None:
            raise wrong_code()
        return opened

    def open(
        self, connection: Connection, person: Person, visitor: Visitor, method: str, awaits_code: bool = False
    ) -> Opened:
        """A new session in the open transaction, of somebody who has proved who he is."""
        secret, now = new_session_secret(), self._machinery.clock.now()
        row = {
            "digest": token_digest(secret),
            "user_id": person.id,
            "created_at": now,
            "seen_at": now,
            "awaits_code": awaits_code,
            "method": method,
            "agent": short_agent(visitor.agent),
            "address": network(visitor.address),
        }
        sign_in.add_session(connection, row, self._seen_after())
        people.forget_failures(connection, now - _FORGET_FAILURES)
        return Opened(secret, person, awaits_code)

    def renew(self, secret: str, visitor: Visitor) -> Opened:
        """The same session under a new secret. Raises NotFound when it has ended."""

        def work(connection: Connection) -> Opened:
            rows = self._rows(connection, secret)
            if not rows:
                raise NotFound("The session has ended. Sign in again.")
            sign_in.end_session(connection, token_digest(secret))
            return self.open(connection, _person(rows), visitor, rows[0].method)

        return self._machinery.write(work)

    def find(self, secret: str) -> Session | None:
        """The session of a cookie; None when it has ended. One statement; once a minute it is noted as used."""
        now = self._machinery.clock.now()
        rows = self._machinery.read(lambda connection: self._rows(connection, secret))
        if not rows:
            return None
        first = rows[0]
        if now - first.seen_at >= _SEEN_AGAIN:
            self._machinery.write(lambda connection: sign_in.see_session(connection, first.id, now))
        return Session(first.id, _person(rows), first.method == PROVIDER, first.awaits_code, _must(rows))

    def leave(self, secret: str) -> None:
        """Sign out."""
        self._machinery.write(lambda connection: sign_in.end_session(connection, token_digest(secret)))

    # --- listing and ending ---------------------------------------------------------------------------------

    def list(self, actor: Actor, user_id: str = "") -> Sequence[SessionView]:
        """One's own sessions, or with the right to administer somebody else's; the one used last first."""

        def work(connection: Connection) -> Sequence[SessionView]:
            whose = user_id or actor.user_id
            require_for(acting_as(self._machinery, connection, actor), whose)
            rows = sign_in.sessions_of(connection, whose, self._seen_after(), self._created_after())
            return tuple(
                SessionView(row.id, row.created_at, row.seen_at, row.method == PROVIDER, row.agent, row.address)
                for row in rows
            )

        return self._machinery.read(work)

    def end(self, session_id: int, actor: Actor) -> None:
        """End one of one's own sessions. Raises NotFound."""

        def work(connection: Connection) -> None:
            if not sign_in.end_sessions(connection, actor.user_id, session_id=session_id):
                raise NotFound("There is no session %(id)d of yours.", id=session_id)

        self._machinery.write(work)

    def end_others(self, keep: int, actor: Actor) -> int:
        """End all of one's own sessions but this one; how many there were."""
        return self._machinery.write(lambda connection: sign_in.end_sessions(connection, actor.user_id, but=keep))

    def end_all(self, user_id: str, actor: Actor) -> int:
        """End all sessions of somebody; how many there were. Needs the right to administer."""

        def work(connection: Connection) -> int:
            acting = acting_as(self._machinery, connection, actor)
            require(acting, ADMINISTER)
            ended = sign_in.end_sessions(connection, user_id)
            told: dict[str, Value] = {"sessions_ended": Decimal(ended)}
            tell(self._machinery, connection, "sessions-ended", acting, user_id, told)
            return ended

        return self._machinery.write(work)

    def end_everybodys(self) -> None:
        """End every session there is: after a restore, those that had ended since the backup must not be back."""
        self._machinery.write(sign_in.end_every_session)

    def _rows(self, connection: Connection, secret: str) -> Sequence[Any]:
        return sign_in.session_of(connection, token_digest(secret), self._seen_after(), self._created_after())

    def _seen_after(self) -> datetime:
        return self._machinery.clock.now() - self._machinery.settings.sign_in.idle

    def _created_after(self) -> datetime:
        return self._machinery.clock.now() - self._machinery.settings.sign_in.longest


def _person(rows: Sequence[Any]) -> Person:
    groups = tuple(row.group_id for row in rows if row.group_id is not None)
    return Person(rows[0].user_id, rows[0].name, groups, True, rows[0].language)


def _must(rows: Sequence[Any]) -> Must:
    """The provider answers for the passwords and second factors of those whom it signs in."""
    if rows[0].method != PASSWORD:
        return Must.NOTHING
    if rows[0].must_change:
        return Must.CHANGE
    if rows[0].factor_since is None and any(row.wants_factor for row in rows):
        return Must.SECOND_FACTOR
    return Must.NOTHING
