"""The verbs of the heat map: count what history has got since, and show what it adds up to. Needs the right `board`.

As on the board, what is kept is the same for everybody who may see all: no confidential instance is in it and none that
somebody is kept from when it is counted. For everybody else it is counted from what he may see.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from engine.definitions.reader import read_bpmn
from engine.errors import Invalid, NotFound
from engine.runtime.deployed.practice import Practice
from engine.runtime.heat import replay
from engine.runtime.heat.drawing import Drawing, drawing_of
from engine.runtime.heat.results import flows_of, picked, rows_of, summed
from engine.runtime.heat.tally import Sums, Tally, periods
from engine.runtime.heat.visits import Walk, pack, unpack
from engine.runtime.unit import refusals
from engine.runtime.unit.administration import acting_as, may, require
from engine.runtime.unit.machinery import Machinery
from engine.store import heat as store
from engine.store import history
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.values import loads
from engine.views import Actor, HeatAsked, HeatView, Replay

RIGHT = "board"
_BATCH = 50
_ROWS = 2_000
"""Read and counted in one transaction: a fraction of a second, since on SQLite nobody else writes meanwhile."""
_LOOK_BACK = 10_000
"""So many instances may be begun while one that was begun before them is not committed yet."""
_FEW = 1_000
_YEARS = 10


class Heat:
    """Counts what happened at each element by day, and shows it for any days."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery
        self._drawings: dict[int, Drawing] = {}
        self._looked_at_all = False

    # --- counting -----------------------------------------------------------------------------------------------

    def count_due(self, most: int | None = None) -> int:
        """Count the history that was written since; how many rows (`most`: stop soon after so many)."""
        if self._machinery.read(self._machinery.library.latest) is None:
            return 0
        now = self._machinery.clock.now()
        highest = self._machinery.write(self._meet)
        counted, after = 0, 0
        while most is None or counted < most:
            rows, after = self._machinery.write(partial(self._count, after=after))
            counted += rows
            if not after:
                self._machinery.write(lambda connection: store.end_round(connection, now, highest))
                break
        return counted

    def count_anew(self) -> int:
        """Forget what is counted, and count all of history again; how many rows."""
        self._machinery.write(store.forget)
        self._looked_at_all = False
        return self.count_due()

    def _meet(self, connection: Connection) -> int:
        store.alone(connection)
        last = store.last_round(connection)
        above = max(0, last[1] - _LOOK_BACK) if last is not None and self._looked_at_all else 0
        highest = store.meet(connection, above)
        self._looked_at_all = True
        return highest

    def _count(self, connection: Connection, after: int) -> tuple[int, int]:
        """Count the next few instances: how many rows, and after which instance to go on (0: none is left)."""
        store.alone(connection)
        ids = store.behind(connection, after, _BATCH)
        if not ids:
            return 0, 0
        found = store.rows(connection, ids, _ROWS)
        tally, walks = self._walked(connection, found, store.visits(connection, ids))
        last = {row.instance_id: row.seq for row in found}
        kept = [
            {"instance_id": id, "seq": last[id], "open": not walk.ended, "visits": pack(walk.visits)}
            for id, walk in walks.items()
        ]
        store.keep(connection, kept, tally.count_rows(), tally.span_rows())
        return len(found), (ids[-1] if len(found) < _ROWS else found[-1].instance_id - 1)

    def _walked(
        self, connection: Connection, found: Sequence[Any], visits: Mapping[int, str]
    ) -> tuple[Tally, dict[int, Walk]]:
        """What rows of history (by instance, in order) add, and where each instance stands after them."""
        practice = self._practice(connection)
        calendar = self._machinery.library.calendars(connection, practice).get()
        stood = {id: unpack(text) for id, text in visits.items()}
        before = {each.definition_id for some in stood.values() for each in some}
        drawings = self.drawings(connection, before | {row.definition_id for row in found})
        tally, walks = Tally(calendar.zone), {}
        for id, rows in groupby(found, key=lambda row: int(row.instance_id)):
            walk = walks[id] = Walk(drawings, calendar.between, tally, stood.get(id, ()))
            for row in rows:
                data = loads(row.data) if row.data else {}
                walk.take(row, data if isinstance(data, dict) else {})
        return tally, walks

    def drawings(self, connection: Connection, definition_ids: Collection[int]) -> Mapping[int, Drawing]:
        """What is drawn in these versions, read once a process; one that cannot be read is left out."""
        missing = [each for each in definition_ids if each not in self._drawings]
        for row in store.drawings(connection, missing) if missing else ():
            for process in read_bpmn(bytes(row.content), row.file)[0].processes:
                if process.id == row.process_id:
                    self._drawings[row.id] = drawing_of(process)
        return self._drawings

    # --- looking ------------------------------------------------------------------------------------------------

    def may(self, actor: Actor) -> bool:
        """Whether this person has the right to see it."""
        return self._machinery.read(lambda connection: may(acting_as(self._machinery, connection, actor), RIGHT))

    def show(self, process_id: str, actor: Actor, asked: HeatAsked | None = None) -> HeatView:
        """What a process did. Forbidden without the right, NotFound for no such process or version, Invalid for days
        that cannot be."""
        chosen = asked or HeatAsked()

        def read(connection: Connection) -> HeatView:
            acting = acting_as(self._machinery, connection, actor)
            require(acting, RIGHT)
            practice = self._practice(connection)
            versions = store.versions(connection, process_id)
            if not versions:
                raise NotFound("There is no process %(id)s.", id=process_id)
            of = [row for row in versions if chosen.version in (None, row.version)]
            if not of:
                raise NotFound("There is no process %(id)s in this version.", id=process_id, version=chosen.version)
            first, last = self._days(practice, chosen)
            drawings = self.drawings(connection, [row.id for row in of])
            sums = self._sums(connection, acting, practice, process_id, [row.id for row in of], (first, last))
            counted = store.last_round(connection) if _sees_all(acting) else None
            process = practice.processes.get(process_id)
            return HeatView(
                process_id=process_id,
                name=of[0].name or process_id,
                version=of[0].version,
                versions=tuple(row.version for row in versions),
                first=first,
                last=last,
                rows=rows_of([drawings[row.id] for row in of if row.id in drawings], sums),
                flows=flows_of([drawings[row.id] for row in of if row.id in drawings], sums),
                counted_at=counted[0] if counted is not None else None,
                confidential=process is not None and process.traits.confidential,
            )

        return self._machinery.read(read)

    def replay(self, instance_id: int, actor: Actor) -> Replay:
        """One instance step by step. NotFound to who may not see it."""

        def read(connection: Connection) -> Replay:
            acting = acting_as(self._machinery, connection, actor)
            stored = refusals.visible_instance(connection, instance_id, acting)
            rows = history.of_instances(connection, [stored.id])
            drawings = self.drawings(connection, {row.definition_id for row in rows})
            return replay.of_instance(self._machinery, connection, stored, rows, drawings)

        return self._machinery.read(read)

    def _days(self, practice: Practice, asked: HeatAsked) -> tuple[date, date]:
        calendars = practice.surroundings.calendars
        zone = calendars.calendars[calendars.default].zone
        last = asked.last or self._machinery.clock.now().astimezone(zone).date()
        first = asked.first or min(last, _year_before(last))
        if first > last:
            raise Invalid("The first day, %(first)s, is after the last, %(last)s.", first=str(first), last=str(last))
        if last - first > timedelta(days=366 * _YEARS):
            raise Invalid("A heat map shows %(years)d years at most. Choose a later first day.", years=_YEARS)
        return first, last

    def _sums(
        self,
        connection: Connection,
        acting: Acting,
        practice: Practice,
        process_id: str,
        definitions: Sequence[int],
        days: tuple[date, date],
    ) -> Mapping[str, Sums]:
        """Element or flow → what it adds up to on these days."""
        wanted = periods(*days)
        if _sees_all(acting):
            return summed(store.sums(connection, definitions, wanted), store.spans(connection, definitions, wanted))
        found = store.seen(connection, acting, _callers(practice, process_id), _FEW)
        tally, _ = self._walked(connection, found, {})
        return picked(tally, frozenset(definitions), frozenset(wanted))

    def _practice(self, connection: Connection) -> Practice:
        practice = self._machinery.library.latest(connection)
        if practice is None:
            raise NotFound("Nothing is deployed yet. Deploy the practice first: gendan deploy processes/")
        return practice


def _sees_all(acting: Acting) -> bool:
    return acting.system or "see_all" in acting.own.rights


def _callers(practice: Practice, process_id: str) -> list[str]:
    """The process, and those that call it, directly or through others."""
    found = {process_id}
    while more := {each.id for each in practice.processes.values() if each.called & found} - found:
        found |= more
    return sorted(found)


def _year_before(day: date) -> date:
    """The first of the month a year ago: eleven whole months and two parts are few periods."""
    return date(day.year - 1, day.month, 1)
