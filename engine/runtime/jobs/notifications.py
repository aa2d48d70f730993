"""The verbs of notices: what I was told, what I told, who has read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import NotFound
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.pushed_again import pushed
from engine.store import lookups, notices, notifications, pushes
from engine.store.connect import Connection
from engine.store.pushes import AGAIN
from engine.store.rights import SYSTEM
from engine.views import Actor, NotificationRow, PushRow


class Notifications:
    """Notices are durable records with a receipt for each receiver; a push, where there is one, only repeats them."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def list(
        self, actor: Actor, unread: bool = False, before: int = 0, limit: int = 100
    ) -> tuple[NotificationRow, ...]:
        """What the actor was told, newest first; `before` is the last id of the page before."""

        def work(connection: Connection) -> tuple[NotificationRow, ...]:
            rows = notifications.received(connection, actor.user_id, unread, before, limit)
            wanted = {row.id for row in rows if row.receipt}
            return _views(connection, rows, lambda row: row.read_at, wanted, actor.user_id)

        return self._machinery.read(work)

    def sent(self, actor: Actor, before: int = 0, limit: int = 100) -> tuple[NotificationRow, ...]:
        """What the actor's steps told others, newest first, with who has read it; the engine itself sees all."""

        def work(connection: Connection) -> tuple[NotificationRow, ...]:
            system = actor.user_id == SYSTEM
            rows = notifications.sent(connection, None if system else actor.user_id, before, 0 if system else limit)
            return _views(connection, rows, lambda _: None, {row.id for row in rows})

        return self._machinery.read(work)

    def mark_read(self, notification_id: int, actor: Actor) -> None:
        """Say that one has read a notice; the first time counts. Raises NotFound when it is not one's own."""

        def work(connection: Connection) -> None:
            if not notifications.is_receiver(connection, actor.user_id, notification_id):
                raise NotFound("There is no notification %(id)d for you.", id=notification_id)
            notifications.mark_read(connection, actor.user_id, self._machinery.clock.now(), notification_id)

        self._machinery.write(work)

    def mark_all_read(self, actor: Actor) -> int:
        """Say that one has read everything but what asks for a receipt; how much was unread."""
        now = self._machinery.clock.now()
        return self._machinery.write(lambda connection: notifications.mark_plain_read(connection, actor.user_id, now))

    def mark_record_read(self, business_key: str, actor: Actor) -> int:
        """Say that one has read everything about a record; how much was unread."""
        now = self._machinery.clock.now()
        return self._machinery.write(
            lambda connection: notifications.mark_read(connection, actor.user_id, now, business_key=business_key)
        )

    def unread_count(self, actor: Actor) -> int:
        """How much the actor has not read; 1,000 means more than 999."""
        return self._machinery.read(lambda connection: notifications.unread(connection, actor.user_id))

    def send(
        self,
        to: Sequence[str],
        subject: str,
        text: str = "",
        kind: str = "notice",
        receipt: bool = False,
        actor: Actor | None = None,
    ) -> tuple[str, ...]:
        """Tell people and groups (`group:x`) something that belongs to no instance; the ids of the receivers."""
        values = {
            "created_at": self._machinery.clock.now(),
            "kind": kind,
            "subject": subject,
            "text": text,
            "sender": actor.user_id if actor is not None else "",
            "receipt": receipt,
        }

        def work(connection: Connection) -> tuple[str, ...]:
            pushes_on = self._machinery.settings.outside.pushes
            practice = self._machinery.library.latest(connection) if pushes_on else None
            return tuple(notices.put(connection, values, to, pushed=pushed(self._machinery, practice, values)))

        return self._machinery.write(work)


def _views(
    connection: Connection, rows: Sequence[Any], read_at: Any, with_receivers: set[int], whose: str = ""
) -> tuple[NotificationRow, ...]:
    """With the pushes of everybody, or of one person (`whose`) alone."""
    told = notifications.receivers(connection, with_receivers)
    sent = [each for each in pushes.of_notices(connection, {row.id for row in rows}) if whose in ("", each.user_id)]
    people = {row.sender for row in rows} | {user_id for each in told.values() for user_id, _ in each}
    people |= {each.user_id for each in sent}
    names = lookups.names(connection, sorted(people))
    return tuple(
        NotificationRow(
            id=row.id,
            at=row.created_at,
            kind=row.kind,
            subject=row.subject,
            text=row.text,
            business_key=row.business_key,
            from_name=names.get(row.sender, ""),
            receipt=row.receipt,
            read_at=read_at(row),
            receivers=tuple((names.get(user_id, user_id), at) for user_id, at in told.get(row.id, [])),
            pushes=tuple(_push(each, names, bool(whose)) for each in sent if each.notification_id == row.id),
        )
        for row in rows
    )


def _push(row: Any, names: Mapping[str, str], own: bool) -> PushRow:
    return PushRow(
        name=names.get(row.user_id, row.user_id),
        label=row.label if own else "",
        state=row.state,
        ended_at=row.ended_at,
        due=row.due_at,
        tries=row.tries,
        again=row.key.endswith(AGAIN),
    )
