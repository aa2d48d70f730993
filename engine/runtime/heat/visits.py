"""From rows of history to visits: a token comes to an element, waits there, and leaves or is taken away.

History tells when an element is left, by which flows, and when a task is opened, claimed and done. That an element was
come to is seen by the flow that leads to it. Where several tokens stand at one element that opens no task, the one
that came first is taken to leave first: sums of times are right then too, and no visit is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import simplejson

from engine.runtime.heat.drawing import Drawing

_OPENED = frozenset({"task-opened", "external-opened"})
_GIVEN = frozenset({"claimed", "delegated", "reassigned", "resolved"})
_TAKEN_AWAY = frozenset({"withdrawn", "task-withdrawn"})
_NOT_LEFT = _OPENED | _GIVEN | _TAKEN_AWAY | {"unclaimed", "incident", "incident-resolved", "variables", "retried",
                                              "reminded", "due-set", "priority-set", "external-failed"}  # fmt: skip
_NOTHING = timedelta(0)
Between = Callable[[datetime, datetime], timedelta]


class Sink(Protocol):
    """Told what came out of it, each at its moment."""

    def came(self, definition_id: int, id: str, at: datetime) -> None:
        """An element was come to, or a flow taken."""

    def done(
        self, definition_id: int, id: str, at: datetime, elapsed: timedelta, working: timedelta, waiting: timedelta
    ) -> None:
        """An element was left."""

    def cancelled(self, definition_id: int, id: str, at: datetime) -> None:
        """A token was taken away from an element."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A token at an element since a moment. `token` is its number once history has told it, `flow` the one it came by.
    `waited` is the working time in which nobody had it up to `mark`; `held` whether somebody has it since."""

    definition_id: int
    element_id: str
    since: datetime
    mark: datetime
    token: int | None = None
    flow: str = ""
    held: bool = False
    waited: timedelta = _NOTHING

    def packed(self) -> list[Any]:
        """As JSON keeps it."""
        since, mark = self.since.isoformat(), self.mark.isoformat()
        return [self.definition_id, self.element_id, since, mark, self.token, self.flow, self.held,
                self.waited.total_seconds()]  # fmt: skip


def pack(visits: Sequence[Visit]) -> str:
    """Visits as text; empty for none."""
    return simplejson.dumps([each.packed() for each in visits], separators=(",", ":")) if visits else ""


def unpack(text: str) -> list[Visit]:
    """What `pack` wrote."""
    moment = datetime.fromisoformat
    return [
        Visit(row[0], row[1], moment(row[2]), moment(row[3]), row[4], row[5], row[6], timedelta(seconds=row[7]))
        for row in (simplejson.loads(text) if text else ())
    ]


class Walk:
    """Goes through the history of one instance, in order, from where it stood."""

    def __init__(self, drawings: Mapping[int, Drawing], between: Between, sink: Sink, visits: Iterable[Visit]) -> None:
        self.visits = list(visits)
        self.ended = False
        self._drawings = drawings
        self._between = between
        self._sink = sink

    def take(self, row: Any, data: Mapping[str, Any]) -> None:
        """The next row of history, and what its data holds."""
        if row.kind == "ended":
            self._end(row.at, data.get("state") == "cancelled")
            return
        drawing = self._drawings.get(row.definition_id)
        if drawing is None or row.element_id not in drawing.names:
            return
        if row.kind in _OPENED:
            self._open(row, bool(data.get("assignee")))
        elif row.kind in _GIVEN:
            self._hand(row, held=True)
        elif row.kind == "unclaimed":
            self._hand(row, held=False)
        elif row.kind in _TAKEN_AWAY:
            self._cancel(row)
        took = [str(each) for each in data.get("took") or ()]
        if took or self._is_left(row, drawing):
            self._leave(row, drawing, took)
        for flow in took:
            self._come(row, drawing, flow)

    @staticmethod
    def _is_left(row: Any, drawing: Drawing) -> bool:
        """Whether the row tells of leaving without naming a flow: at an end, or at the end of a round."""
        quiet = row.element_id in drawing.last or row.element_id in drawing.loops
        removed = row.data is None and row.kind == "task-completed"  # by retention, with the flows it told of
        return row.kind == "left" or removed or (quiet and row.kind not in _NOT_LEFT)

    def _come(self, row: Any, drawing: Drawing, flow: str) -> None:
        self._sink.came(row.definition_id, flow, row.at)
        target = drawing.targets.get(flow, "")
        if target and target not in drawing.rounds:
            self._sink.came(row.definition_id, target, row.at)
            held = target in drawing.holders  # what is in it waits, or is worked at
            self.visits.append(Visit(row.definition_id, target, row.at, row.at, flow=flow, held=held))

    def _open(self, row: Any, held: bool) -> None:
        visit = self._pop(row, bound=False)
        if visit is None:
            self._sink.came(row.definition_id, row.element_id, row.at)
            visit = Visit(row.definition_id, row.element_id, row.at, row.at)
        self.visits.append(self._marked(replace(visit, token=row.token), row.at, held))

    def _hand(self, row: Any, held: bool) -> None:
        visit = self._pop(row)
        if visit is not None:
            self.visits.append(self._marked(visit, row.at, held))

    def _cancel(self, row: Any) -> None:
        visit = self._pop(row)
        if visit is not None:
            self._sink.cancelled(visit.definition_id, visit.element_id, row.at)

    def _leave(self, row: Any, drawing: Drawing, took: Sequence[str]) -> None:
        looping = row.element_id in drawing.loops
        # Of an activity that is done in rounds history tells each round, and the whole last.
        bound = row.element_id in drawing.rounds
        if looping and not bound and not took and row.element_id not in drawing.last:
            return
        visit = self._pop(row, bound=True if bound else None)
        if visit is None:
            if looping:
                return
            self._sink.came(row.definition_id, row.element_id, row.at)
            visit = Visit(row.definition_id, row.element_id, row.at, row.at)
        elif row.element_id in drawing.joins:
            self._pop_others(visit)
        self._finish(visit, row.at)

    def _finish(self, visit: Visit, at: datetime) -> None:
        whole = self._marked(visit, at, held=False)
        elapsed = max(at - visit.since, _NOTHING)
        working = self._between(visit.since, at) if elapsed else _NOTHING
        self._sink.done(visit.definition_id, visit.element_id, at, elapsed, working, min(whole.waited, working))

    def _marked(self, visit: Visit, at: datetime, held: bool) -> Visit:
        waited = visit.waited
        if not visit.held and at > visit.mark:
            waited += self._between(visit.mark, at)
        return replace(visit, mark=at, held=held, waited=waited)

    def _pop(self, row: Any, bound: bool | None = None) -> Visit | None:
        """The visit that a row is about, taken out: that of its token, else the oldest at the element without one
        (`bound`: of the first kind alone; not `bound`: of the second)."""
        ways: list[Callable[[Visit], bool]] = []
        if bound is not False:
            ways.append(lambda each: each.token is not None and each.token == row.token)
        if bound is not True:
            ways += [partial(self._stands_at, row, same=True), partial(self._stands_at, row, same=False)]
        for fits in ways:
            for place, each in enumerate(self.visits):
                if fits(each):
                    return self.visits.pop(place)
        return None

    def _stands_at(self, row: Any, visit: Visit, same: bool) -> bool:
        """Whether a visit without a token is at the row's element: of the `same` version, or of another one from which
        the instance has been moved."""
        if visit.token is not None or visit.element_id != row.element_id:
            return False
        if same or visit.definition_id == row.definition_id:
            return same and visit.definition_id == row.definition_id
        before = self._drawings.get(visit.definition_id)
        return before is not None and before.process_id == self._drawings[row.definition_id].process_id

    def _pop_others(self, first: Visit) -> None:
        """The tokens that a join took together with the first: one of each other flow."""
        flows = {first.flow}
        kept = []
        for each in self.visits:
            at_join = (each.definition_id, each.element_id) == (first.definition_id, first.element_id)
            if at_join and each.flow not in flows:
                flows.add(each.flow)
            else:
                kept.append(each)
        self.visits = kept

    def _end(self, at: datetime, cancelled: bool) -> None:
        """Nothing stands anywhere any more."""
        for visit in self.visits:
            if cancelled:
                self._sink.cancelled(visit.definition_id, visit.element_id, at)
            else:
                self._finish(visit, at)
        self.visits = []
        self.ended = True
