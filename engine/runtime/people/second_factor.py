"""Second factors: set up by each person, asked at the door, taken away by him or by an administrator."""

from __future__ import annotations

from decimal import Decimal

from engine.errors import Conflict, Forbidden, Invalid
from engine.identity import (
    SignInRefused,
    enrolment_uri,
    keyed_digest,
    new_recovery_codes,
    new_secret,
    plain_code,
    seal,
    step_of,
    unseal,
)
from engine.runtime.people import attempts
from engine.runtime.unit.administration import ADMINISTER, acting_as, require, require_for, tell
from engine.runtime.unit.machinery import Machinery
from engine.signed_in import Enrolment, FactorView
from engine.store import people, sign_in
from engine.store.connect import Connection
from engine.values import Value
from engine.views import Actor

_FACTOR = "second factor"
_CODE = "recovery code"


class SecondFactor:
    """Codes by an authenticator (TOTP). A wrong one counts towards the same lock-out as a wrong password."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def of(self, actor: Actor, user_id: str = "") -> FactorView:
        """How it stands with one's own, or with the right to administer with somebody else's."""

        def work(connection: Connection) -> FactorView:
            whose = user_id or actor.user_id
            require_for(acting_as(self._machinery, connection, actor), whose)
            row = sign_in.factor(connection, whose)
            since = row.confirmed_at if row is not None else None
            return FactorView(since, sign_in.codes_left(connection, whose), sign_in.is_wanted(connection, whose))

        return self._machinery.read(work)

    # --- one's own ------------------------------------------------------------------------------------------

    def begin(self, actor: Actor) -> None:
        """Make a secret for a person who has no second factor. Raises Conflict when there is one."""
        sealed = seal(self._key, _FACTOR, new_secret())

        def work(connection: Connection) -> None:
            row = sign_in.factor(connection, actor.user_id)
            if row is not None and row.confirmed_at is not None:
                raise Conflict("There is a second factor already. Remove it first.")
            sign_in.put_factor(connection, actor.user_id, sealed, self._machinery.clock.now())

        self._machinery.write(work)

    def enrolment(self, actor: Actor, issuer: str) -> Enrolment | None:
        """What the authenticator is given while it is being set up; None before and after."""
        row = self._machinery.read(lambda connection: sign_in.factor(connection, actor.user_id))
        if row is None or row.confirmed_at is not None:
            return None
        secret = unseal(self._key, _FACTOR, row.secret)
        return Enrolment(secret, enrolment_uri(secret, actor.user_id, issuer))

    def confirm(self, actor: Actor, code: str) -> tuple[str, ...]:
        """The authenticator works: from now on a code is asked. Gives the recovery codes, this one time.

        Raises Invalid when the code is wrong, Conflict when nothing is being set up.
        """
        codes, now = new_recovery_codes(), self._machinery.clock.now()

        def work(connection: Connection) -> None:
            row = sign_in.factor(connection, actor.user_id)
            if row is None or row.confirmed_at is not None:
                raise Conflict("No second factor is being set up. Begin anew.")
            step = step_of(plain_code(code), unseal(self._key, _FACTOR, row.secret), now)
            if step is None:
                raise Invalid("The code is not right. Check the clock of the phone and give the code it shows now.")
            sign_in.confirm_factor(connection, actor.user_id, now)
            sign_in.use_step(connection, actor.user_id, step)
            self._put_codes(connection, actor.user_id, codes)
            self._tell(connection, "second-factor-set", actor)

        self._machinery.write(work)
        return codes

    def renew_codes(self, actor: Actor, code: str) -> tuple[str, ...]:
        """New recovery codes instead of those before, this one time. A code is asked. Raises SignInRefused."""
        codes = new_recovery_codes()

        def work(connection: Connection) -> None:
            self._put_codes(connection, actor.user_id, codes)
            self._tell(connection, "recovery-codes-renewed", actor)

        self._prove(actor, code)
        self._machinery.write(work)
        return codes

    def remove(self, actor: Actor, code: str) -> None:
        """Sign in without it from now on. A code is asked. Raises Forbidden when one's groups want it."""

        def allowed(connection: Connection) -> None:
            if sign_in.is_wanted(connection, actor.user_id):
                raise Forbidden("Your groups need a second factor, so it stays.")

        def work(connection: Connection) -> None:
            allowed(connection)
            if sign_in.remove_factor(connection, actor.user_id):
                self._tell(connection, "second-factor-removed", actor)

        self._machinery.read(allowed)
        self._prove(actor, code)
        self._machinery.write(work)

    # --- somebody else's ------------------------------------------------------------------------------------

    def reset(self, user_id: str, actor: Actor) -> None:
        """The phone is lost: take somebody's second factor away and end his sessions. Needs the right to administer."""

        def work(connection: Connection) -> None:
            acting = acting_as(self._machinery, connection, actor)
            require(acting, ADMINISTER)
            if not sign_in.remove_factor(connection, user_id):
                raise Conflict("%(id)s has no second factor.", id=user_id)
            ended = sign_in.end_sessions(connection, user_id)
            people.clear_failures(connection, user_id)
            told: dict[str, Value] = {"sessions_ended": Decimal(ended)}
            tell(self._machinery, connection, "second-factor-reset", acting, user_id, told)

        self._machinery.write(work)

    # --- at the door ----------------------------------------------------------------------------------------

    def accept(self, connection: Connection, user_id: str, code: str) -> bool:
        """Whether a code of the authenticator or a recovery code is right; it is used up then.

        The caller counts the attempt, in the same transaction.
        """
        row, plain = sign_in.factor(connection, user_id), plain_code(code)
        if row is None or row.confirmed_at is None:
            return False
        step = step_of(plain, unseal(self._key, _FACTOR, row.secret), self._machinery.clock.now())
        if step is not None:
            return sign_in.use_step(connection, user_id, step)
        if not sign_in.use_code(connection, user_id, keyed_digest(self._key, _CODE, plain)):
            return False
        self._tell(connection, "recovery-code-used", Actor(user_id))
        return True

    def _prove(self, actor: Actor, code: str) -> None:
        def work(connection: Connection) -> bool:
            attempts.begin(connection, actor.user_id, self._machinery.clock.now())
            right = self.accept(connection, actor.user_id, code)
            if right:
                attempts.was_right(connection, actor.user_id)
            return right

        if not self._machinery.write(work):
            raise wrong_code()

    def _put_codes(self, connection: Connection, user_id: str, codes: tuple[str, ...]) -> None:
        sign_in.put_codes(connection, user_id, [keyed_digest(self._key, _CODE, plain_code(each)) for each in codes])

    def _tell(self, connection: Connection, kind: str, actor: Actor) -> None:
        acting = acting_as(self._machinery, connection, actor)
        tell(self._machinery, connection, kind, acting, actor.user_id, {}, own=True)

    @property
    def _key(self) -> bytes:
        return self._machinery.settings.history_key


def wrong_code() -> SignInRefused:
    """The one answer to a code that is wrong, used before, or of a phone whose clock is wrong."""
    return SignInRefused("The code is wrong or was used already. Give the one the phone shows now.")
