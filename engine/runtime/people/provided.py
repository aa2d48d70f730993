"""People whom another provider (OpenID Connect) signs in: found by their user name here, added when that is wanted."""

from __future__ import annotations

from typing import Any

from engine.identity import SignInRefused
from engine.runtime.people.passwords import USER_ID
from engine.runtime.people.sessions import PROVIDER, Sessions
from engine.runtime.unit import audit, nobody
from engine.runtime.unit.machinery import Machinery
from engine.signed_in import Known, Opened, Visitor
from engine.store import people
from engine.store.connect import Connection
from engine.store.rights import SYSTEM
from engine.values import Value
from engine.views import Person


class Provided:
    """The provider has proved who it is, with whatever factors it asks; here it is decided whether he comes in."""

    def __init__(self, machinery: Machinery, sessions: Sessions) -> None:
        self._machinery = machinery
        self._sessions = sessions

    def sign_in(self, known: Known, visitor: Visitor, creates: bool = False) -> Opened:
        """Begin a session of the person the provider names. Raises SignInRefused when he may not come in.

        Without `creates` only people who are here already do. Groups the provider tells replace those he had; ids of
        groups that are not deployed are passed over.
        """
        if not USER_ID.fullmatch(known.user_id) or known.user_id == SYSTEM:
            raise _refused(known.user_id)

        def work(connection: Connection) -> Opened:
            account = people.account(connection, known.user_id)
            if account is None and creates:
                account = self._create(connection, known)
            if account is None or not account.active:
                raise _refused(known.user_id)
            if known.groups is not None:
                self._set_groups(connection, known.user_id, known.groups)
            groups = people.groups_of(connection, [account.id]).get(account.id, ())
            person = Person(account.id, account.name, groups, True, account.language)
            return self._sessions.open(connection, person, visitor, PROVIDER)

        opened = self._machinery.write(work)
        if creates or known.groups is not None:
            nobody.review(self._machinery)
        return opened

    def _create(self, connection: Connection, known: Known) -> Any:
        name = known.name or known.user_id
        people.add(connection, {"id": known.user_id, "name": name, "created_at": self._machinery.clock.now()})
        self._tell(connection, "person-created", known.user_id, {"name": name})
        return people.account(connection, known.user_id)

    def _set_groups(self, connection: Connection, user_id: str, told: tuple[str, ...]) -> None:
        deployed = self._machinery.library.latest(connection)
        groups = set(told) & set(deployed.surroundings.groups if deployed is not None else ())
        before = set(people.groups_of(connection, [user_id]).get(user_id, ()))
        if groups == before:
            return
        people.set_groups(connection, user_id, groups)
        nobody.note(connection, [user_id], groups ^ before)
        self._tell(connection, "groups-set", user_id, {"before": [*sorted(before)], "after": [*sorted(groups)]})

    def _tell(self, connection: Connection, kind: str, user_id: str, data: dict[str, Value]) -> None:
        audit.record(self._machinery, connection, kind, "", user_id, {**data, "by": PROVIDER})


def _refused(user_id: str) -> SignInRefused:
    return SignInRefused("You are known as %(id)s, who may not sign in here. Ask an administrator.", id=user_id)
