"""The verbs of push addresses: one's own, or anybody's with the right to administer."""

from __future__ import annotations

from typing import Any

from engine import push
from engine.errors import Conflict, Invalid, NotFound
from engine.runtime.unit.administration import ADMINISTER, acting_as, require, tell
from engine.runtime.unit.job_rows import keyed
from engine.runtime.unit.machinery import Machinery
from engine.store import people, pushes
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.views import Actor, PushAddressRow

MOST = 5


class PushAddresses:
    """Where people are pushed to. What is shown and told of an address never holds its secret."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of address that are allowed; none when nothing is pushed."""
        return self._machinery.settings.outside.push_kinds

    def list(self, user_id: str, actor: Actor) -> tuple[PushAddressRow, ...]:
        """The addresses of a person, oldest first."""

        def work(connection: Connection) -> tuple[PushAddressRow, ...]:
            self._allowed(connection, user_id, actor)
            return tuple(_view(row) for row in pushes.addresses(connection, user_id))

        return self._machinery.read(work)

    def add(self, user_id: str, text: str, actor: Actor) -> PushAddressRow:
        """Push a person's notices to this address, too. Raises Invalid when it is none that is allowed."""
        settings = self._machinery.settings
        found = push.read_address(text, settings.outside)
        target = keyed(settings.history_key, f"push/{found.url}")

        def work(connection: Connection) -> PushAddressRow:
            acting = self._allowed(connection, user_id, actor)
            if people.account(connection, user_id) is None:
                raise NotFound("There is no person %(id)s.", id=user_id)
            there = pushes.addresses(connection, user_id)
            if any(row.target == target for row in there):
                raise Conflict("%(shown)s is there already.", shown=found.shown)
            if len(there) >= MOST:
                raise Invalid("A person has at most %(most)d push addresses. Take one away first.", most=MOST)
            values = {"user_id": user_id, "url": found.url, "target": target, "shown": found.shown}
            made = pushes.add_address(connection, {**values, "created_at": self._machinery.clock.now()})
            tell(self._machinery, connection, "push-address-added", acting, user_id, {"address": found.shown})
            return _view(pushes.address(connection, made))

        return self._machinery.write(work)

    def remove(self, address_id: int, actor: Actor) -> PushAddressRow:
        """Push nothing to this address any more; what waits to be pushed to it is dropped. What was removed."""

        def work(connection: Connection) -> PushAddressRow:
            row = pushes.address(connection, address_id)
            if row is None:
                raise NotFound("There is no push address %(id)d.", id=address_id)
            acting = self._allowed(connection, row.user_id, actor, address_id)
            pushes.remove_address(connection, address_id)
            tell(self._machinery, connection, "push-address-removed", acting, row.user_id, {"address": row.shown})
            return _view(row)

        return self._machinery.write(work)

    def _allowed(self, connection: Connection, user_id: str, actor: Actor, address_id: int = 0) -> Acting:
        acting = acting_as(self._machinery, connection, actor)
        if actor.user_id == user_id and acting.known:
            return acting
        if address_id and not acting.system and acting.capacity_with(ADMINISTER) is None:
            raise NotFound("There is no push address %(id)d.", id=address_id)  # not even that it exists
        require(acting, ADMINISTER)
        return acting


def _view(row: Any) -> PushAddressRow:
    return PushAddressRow(row.id, row.user_id, row.shown, row.created_at)
