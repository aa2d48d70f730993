"""The verbs of people: who there is, in which groups, who stands in for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from engine.definitions.practice import Group, nearest
from engine.errors import Conflict, Invalid, NotFound
from engine.identity import Substitution, check_password, check_substitution, hash_password
from engine.runtime.people.passwords import USER_ID, put_password
from engine.runtime.unit import nobody, standing_in
from engine.runtime.unit.administration import ADMINISTER, acting_as, may, require, require_for, tell
from engine.runtime.unit.machinery import Machinery
from engine.store import lookups, people, sign_in
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.values import Value
from engine.views import Actor, Person, SubstitutionView

LANGUAGES = ("zh", "en")
_LONGEST_NAME = 100


class People:
    """People, their groups and substitutions. Changes need the right to administer, except those of one's own."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    # --- asking ---------------------------------------------------------------------------------------------

    def list(self, actor: Actor | None = None, group: str = "") -> tuple[Person, ...]:  # noqa: ARG002
        """Everybody by name, active or not; with `group` its members. Colleagues may know one another."""

        def work(connection: Connection) -> tuple[Person, ...]:
            groups = people.groups_of(connection)
            return tuple(_person(row, groups.get(row.id, ())) for row in people.accounts(connection, group))

        return self._machinery.read(work)

    def get(self, user_id: str) -> Person:
        """One person. Raises NotFound."""
        return self._machinery.read(lambda connection: _get(connection, user_id))

    def groups(self) -> tuple[Group, ...]:
        """The groups of the practice, in its order; none before the first deployment."""
        return self._machinery.read(self._groups)

    def rights(self, actor: Actor) -> frozenset[str]:
        """The rights the actor has now, of his own or of somebody he stands in for."""

        def work(connection: Connection) -> frozenset[str]:
            acting = acting_as(self._machinery, connection, actor)
            return frozenset().union(*(capacity.rights for capacity in acting.capacities()))

        return self._machinery.read(work)

    def substitutions(self, actor: Actor) -> tuple[SubstitutionView, ...]:
        """Substitutions that hold or will hold; those for one record only to who takes part or administers."""

        def work(connection: Connection) -> tuple[SubstitutionView, ...]:
            acting = acting_as(self._machinery, connection, actor)
            rows = people.substitutions(connection, self._machinery.clock.now())
            names = lookups.names(connection, [each for row in rows for each in (row.principal, row.deputy)])
            return tuple(
                _substitution_view(row, names)
                for row in rows
                if row.scope_kind != "record"
                or acting.user_id in (row.principal, row.deputy)
                or may(acting, ADMINISTER)
            )

        return self._machinery.read(work)

    # --- accounts -------------------------------------------------------------------------------------------

    def create(
        self,
        user_id: str,
        name: str,
        password: str,
        groups: Sequence[str],
        actor: Actor,
        language: str = "zh",
        must_change: bool = True,
    ) -> Person:
        """Add a person; without a password he cannot sign in by one. Raises Conflict when the id is taken.

        A password that somebody else made must be changed at the first sign-in, unless it is not his secret alone.
        """
        if not USER_ID.fullmatch(user_id) or user_id == "-":
            raise Invalid("%(id)s is no user name. Use letters, digits, . _ @ and -.", id=user_id)
        _check_language(language)
        _check_name(name or user_id)
        if password:
            check_password(password, user_id, name)
        kept = hash_password(password) if password else ""
        now = self._machinery.clock.now()

        def work(connection: Connection) -> Person:
            acting = self._administrator(connection, actor)
            if people.account(connection, user_id) is not None:
                raise Conflict("There is a person %(id)s already. Choose another user name.", id=user_id)
            self._check_groups(connection, groups)
            row = {"id": user_id, "name": name or user_id, "password_hash": kept, "language": language}
            when = {"created_at": now, "password_changed_at": now if kept else None}
            people.add(connection, {**row, **when, "must_change": bool(kept) and must_change})
            people.set_groups(connection, user_id, set(groups))
            nobody.note(connection, [user_id], groups)
            self._tell(connection, "person-created", acting, user_id, name=name, groups=_texts(groups))
            return _get(connection, user_id)

        made = self._machinery.write(work)
        nobody.review(self._machinery)
        return made

    def set_password(self, user_id: str, password: str, actor: Actor, must_change: bool = True) -> None:
        """Give somebody a new password, which he must change, with the right to administer.

        A lock-out ends, and so do all his sessions. One's own is changed by `identity.change_password`.
        """
        check_password(password, user_id, self.get(user_id).name)
        kept = hash_password(password)

        def work(connection: Connection) -> None:
            acting = self._administrator(connection, actor)
            put_password(self._machinery, connection, user_id, kept, must_change=must_change)
            self._tell(connection, "password-set", acting, user_id)

        self._machinery.write(work)

    def set_groups(self, user_id: str, groups: Sequence[str], actor: Actor) -> None:
        """Put a person into exactly these groups. Raises Conflict when nobody would be left to administer."""

        def work(connection: Connection) -> None:
            acting = self._administrator(connection, actor)
            before = _get(connection, user_id)
            self._check_groups(connection, groups)
            people.set_groups(connection, user_id, set(groups))
            self._check_administrators(connection, acting)
            nobody.note(connection, [user_id], set(before.groups) ^ set(groups))
            self._tell(connection, "groups-set", acting, user_id, before=_texts(before.groups), after=_texts(groups))

        self._machinery.write(work)
        nobody.review(self._machinery)

    def set_name(self, user_id: str, name: str, actor: Actor) -> None:
        """Change the name others see."""
        _check_name(name)

        def work(connection: Connection) -> None:
            acting = self._administrator(connection, actor)
            before = _get(connection, user_id)
            people.change(connection, user_id, {"name": name.strip()})
            self._tell(connection, "name-set", acting, user_id, before=before.name, after=name.strip())

        self._machinery.write(work)

    def set_language(self, actor: Actor, language: str) -> None:
        """Choose the language of one's own pages."""
        _check_language(language)
        self._machinery.write(lambda connection: people.change(connection, actor.user_id, {"language": language}))

    def deactivate(self, user_id: str, actor: Actor) -> None:
        """A person leaves: may not sign in or act any more, and stands in for nobody. What he did stays his."""
        self._set_active(user_id, False, actor)

    def activate(self, user_id: str, actor: Actor) -> None:
        """A person who had left is back, with the groups and the password he had."""
        self._set_active(user_id, True, actor)

    def _set_active(self, user_id: str, active: bool, actor: Actor) -> None:
        def work(connection: Connection) -> None:
            acting = self._administrator(connection, actor)
            found = _get(connection, user_id)
            if found.active == active:
                return
            people.change(connection, user_id, {"active": active})
            if not active:
                people.end_substitutions(connection, self._machinery.clock.now(), user_id=user_id)
                sign_in.end_sessions(connection, user_id)
                self._check_administrators(connection, acting)
            nobody.note(connection, [user_id], found.groups)
            self._tell(connection, "person-activated" if active else "person-deactivated", acting, user_id)

        self._machinery.write(work)
        nobody.review(self._machinery)

    # --- standing in ----------------------------------------------------------------------------------------

    def add_substitution(
        self,
        principal: str,
        deputy: str,
        starts: datetime | None,
        ends: datetime | None,
        actor: Actor,
        scope_kind: str = "all",
        scope_key: str = "",
    ) -> SubstitutionView:
        """Let somebody stand in for oneself, or (with the right to administer) for anybody; from now without `starts`.

        Raises Invalid when it would close a circle.
        """
        now = self._machinery.clock.now()
        new = Substitution(principal, deputy, starts or now, ends, scope_kind, "" if scope_kind == "all" else scope_key)

        def work(connection: Connection) -> SubstitutionView:
            acting = acting_as(self._machinery, connection, actor)
            own = require_for(acting, principal)
            for user_id in (principal, deputy):
                if not _get(connection, user_id).active:
                    raise Invalid("%(id)s is not active any more. Choose another person.", id=user_id)
            rows = people.substitutions(connection, now)
            check_substitution(new, [standing_in.read(row) for row in rows], now)
            made = people.add_substitution(connection, standing_in.row(new, actor.user_id, now))
            nobody.note(connection, [principal])
            tell(self._machinery, connection, "substitution-added", acting, principal, standing_in.told(new), own)
            names = lookups.names(connection, [principal, deputy])
            return _substitution_view(people.one_substitution(connection, made), names)

        return self._machinery.write(work)

    def end_substitution(self, substitution_id: int, actor: Actor) -> None:
        """End a substitution now: who is covered, who covers, or who may administer."""

        def work(connection: Connection) -> None:
            acting = acting_as(self._machinery, connection, actor)
            row = people.one_substitution(connection, substitution_id)
            if row is None:
                raise NotFound("There is no substitution %(id)d.", id=substitution_id)
            own = require_for(acting, row.deputy if actor.user_id == row.deputy else row.principal)
            people.end_substitutions(connection, self._machinery.clock.now(), substitution_id=substitution_id)
            nobody.note(connection, [row.principal])
            told = standing_in.told(standing_in.read(row))
            tell(self._machinery, connection, "substitution-ended", acting, row.principal, told, own)

        self._machinery.write(work)

    # --- shared ---------------------------------------------------------------------------------------------

    def _administrator(self, connection: Connection, actor: Actor) -> Acting:
        acting = acting_as(self._machinery, connection, actor)
        require(acting, ADMINISTER)
        return acting

    def _groups(self, connection: Connection) -> tuple[Group, ...]:
        practice = self._machinery.library.latest(connection)
        return tuple(practice.surroundings.groups.values()) if practice is not None else ()

    def _check_groups(self, connection: Connection, groups: Sequence[str]) -> None:
        known = tuple(group.id for group in self._groups(connection))
        for group_id in groups:
            if known and group_id not in known:
                raise Invalid(
                    "There is no group %(group)s. Use one of: %(known)s.%(guess)s",
                    group=group_id,
                    known=", ".join(known),
                    guess=nearest(group_id, known),
                )

    def _check_administrators(self, connection: Connection, acting: Acting) -> None:
        """Nobody may shut the door behind the last one who has the key; the command line of the machine may."""
        groups = [group.id for group in self._groups(connection) if ADMINISTER in group.rights]
        if not acting.system and groups and not people.active_members(connection, groups):
            raise Conflict("Nobody would be left with the right “administer”. Give it to somebody else first.")

    def _tell(self, connection: Connection, kind: str, acting: Acting, subject: str, **data: Value) -> None:
        tell(self._machinery, connection, kind, acting, subject, data)


def _get(connection: Connection, user_id: str) -> Person:
    row = people.account(connection, user_id)
    if row is None:
        raise NotFound("There is no person %(id)s.", id=user_id)
    return _person(row, people.groups_of(connection, [user_id]).get(user_id, ()))


def _person(row: Any, groups: tuple[str, ...]) -> Person:
    return Person(row.id, row.name, groups, row.active, row.language)


def _texts(found: Sequence[str]) -> Value:
    return [*sorted(set(found))]


def _check_name(name: str) -> None:
    if not 0 < len(name.strip()) <= _LONGEST_NAME or not name.isprintable():
        raise Invalid("A person needs a name of at most 100 letters.")


def _check_language(language: str) -> None:
    if language not in LANGUAGES:
        raise Invalid("%(language)s is no language of the pages. Use zh or en.", language=language)


def _substitution_view(row: Any, names: dict[str, str]) -> SubstitutionView:
    return SubstitutionView(
        id=row.id,
        principal=row.principal,
        principal_name=names.get(row.principal, row.principal),
        deputy=row.deputy,
        deputy_name=names.get(row.deputy, row.deputy),
        starts=row.starts_at,
        ends=row.ends_at,
        scope_kind=row.scope_kind,
        scope_key=row.scope_key,
    )
