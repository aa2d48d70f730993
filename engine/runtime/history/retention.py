"""Retention: when a record has been over for as many years as its kind is kept, its contents go.

What was written in forms, comments and files goes; that it happened, when, and who did it stays, with the digests that
vouch for it, so chains and seals verify as before. Whoever may administer can hold a record: then nothing of it goes.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from engine.errors import Conflict, Invalid, NotFound
from engine.runtime.unit import audit
from engine.runtime.unit.administration import ADMINISTER, acting_as, require, tell
from engine.runtime.unit.machinery import Machinery
from engine.store import records, retention
from engine.store.connect import Connection
from engine.views import Actor

_EVERY = timedelta(days=1)
_FRESH = timedelta(days=1)
"""Bytes younger than this may belong to an upload whose row is not written yet."""
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Expired:
    """A record whose time is over."""

    business_key: str
    record_type: str
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """A record that must stay."""

    business_key: str
    placed_at: datetime
    placed_by: str
    reason: str


class Retention:
    """Removes contents whose time is over: by hand, and once a day when something is to be kept for so long only."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery
        self._last: datetime | None = None

    def expired(self) -> tuple[Expired, ...]:
        """The records whose contents may go now, the longest over first."""
        return self._machinery.read(self._expired)

    def remove(self, business_key: str) -> bool:
        """Remove the contents of an expired record; False when it has become open or held meanwhile, or is gone."""

        def work(connection: Connection) -> retention.Taken | None:
            if not self._expired(connection, business_key):
                return None
            taken = retention.take_out(connection, business_key, self._machinery.clock.now())
            told = {"instances": str(taken.instances), "rows": str(taken.rows), "files": str(taken.files)}
            audit.record(self._machinery, connection, "contents-removed", "", business_key, told)
            return taken

        taken = self._machinery.write(work)
        if taken is None:
            return False
        self._remove_bytes(taken.digests)
        return True

    def due(self) -> int:
        """Once a day: remove what has expired; how many records. Many are spread over ticks."""
        now = self._machinery.clock.now()
        if self._last is not None and timedelta(0) <= now - self._last < _EVERY:
            return 0
        found = self.expired()
        if len(found) <= _AT_ONCE:
            self._last = now
        return sum(self.remove(each.business_key) for each in found[:_AT_ONCE])

    # --- what must stay -----------------------------------------------------------------------------------------

    def hold(self, business_key: str, reason: str, actor: Actor) -> None:
        """Nothing of this record goes until it is released. Needs the right to administer."""
        if not reason.strip():
            raise Invalid("Give a reason: it is kept in the chain of administration.")

        def work(connection: Connection) -> None:
            acting = acting_as(self._machinery, connection, actor)
            require(acting, ADMINISTER)
            if records.get(connection, business_key) is None:
                raise NotFound("There is no record %(key)s.", key=business_key)
            if retention.is_held(connection, business_key):
                raise Conflict("%(key)s must stay already.", key=business_key)
            by = "" if acting.system else acting.user_id
            retention.hold(connection, business_key, self._machinery.clock.now(), by, reason.strip())
            tell(self._machinery, connection, "record-held", acting, business_key, {"reason": reason.strip()})

        self._machinery.write(work)

    def release(self, business_key: str, reason: str, actor: Actor) -> None:
        """It may go when its time comes. Needs the right to administer."""

        def work(connection: Connection) -> None:
            acting = acting_as(self._machinery, connection, actor)
            require(acting, ADMINISTER)
            if not retention.release(connection, business_key):
                raise NotFound("%(key)s is not among those that must stay.", key=business_key)
            tell(self._machinery, connection, "record-released", acting, business_key, {"reason": reason.strip()})

        self._machinery.write(work)

    def holds(self, actor: Actor) -> tuple[Hold, ...]:
        """The records that must stay. Needs the right to administer."""

        def read(connection: Connection) -> tuple[Hold, ...]:
            require(acting_as(self._machinery, connection, actor), ADMINISTER)
            rows = retention.holds(connection)
            return tuple(Hold(row.business_key, row.placed_at, row.placed_by, row.reason) for row in rows)

        return self._machinery.read(read)

    # --- within -------------------------------------------------------------------------------------------------

    def _expired(self, connection: Connection, business_key: str = "") -> tuple[Expired, ...]:
        default, kinds = self._machinery.settings.keep_years, self._kinds(connection)
        years = [each for each in (default, *kinds.values()) if each]
        if not years:
            return ()
        now = self._machinery.clock.now()
        rows = retention.over(connection, _before(now, min(years)), business_key)
        found = []
        for row in rows:
            kept = kinds.get(row.record_type) or default
            if kept and row.ended_at < _before(now, kept):
                found.append(Expired(row.business_key, row.record_type, row.ended_at))
        return tuple(found)

    def _kinds(self, connection: Connection) -> Mapping[str, int]:
        practice = self._machinery.library.latest(connection)
        kinds = practice.surroundings.records if practice is not None else {}
        return {kind.id: kind.keep_years for kind in kinds.values()}

    def _remove_bytes(self, digests: tuple[str, ...]) -> None:
        """Remove files that no row names. One that somebody uploads again just now is put back."""
        for digest in digests:
            path = self._machinery.settings.attachments_dir / digest
            aside = path.with_name(f"{digest}.removed")
            if not path.exists():
                continue
            os.replace(path, aside)
            if self._fresh(aside) or not self._machinery.read(partial(_unnamed, digest=digest)):
                os.replace(aside, path)
            else:
                aside.unlink()

    def _fresh(self, path: Path) -> bool:
        return self._machinery.clock.now().timestamp() - path.stat().st_mtime < _FRESH.total_seconds()


def _unnamed(connection: Connection, digest: str) -> bool:
    return bool(retention.unnamed(connection, {digest}))


def _before(now: datetime, years: int) -> datetime:
    try:
        return now.replace(year=now.year - years)
    except ValueError:  # the 29th of February
        return now.replace(year=now.year - years, day=28)
