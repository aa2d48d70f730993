"""One instance step by step: each row of its history, and where tokens stood after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from engine.runtime.heat.drawing import Drawing
from engine.runtime.heat.visits import Walk
from engine.runtime.history import timeline
from engine.runtime.unit.machinery import Machinery
from engine.store import instances
from engine.store.connect import Connection
from engine.store.instances import Stored
from engine.values import loads
from engine.views import Replay, ReplayStep

_QUIET = frozenset({"variables"})


class _Unheard:
    """Nothing is counted."""

    def came(self, definition_id: int, id: str, at: datetime) -> None:
        """Not of interest."""

    def done(
        self, definition_id: int, id: str, at: datetime, elapsed: timedelta, working: timedelta, waiting: timedelta
    ) -> None:
        """Not of interest."""

    def cancelled(self, definition_id: int, id: str, at: datetime) -> None:
        """Not of interest."""


def of_instance(
    machinery: Machinery,
    connection: Connection,
    stored: Stored,
    rows: Sequence[Any],
    drawings: Mapping[int, Drawing],
) -> Replay:
    """The steps of an instance; `rows` are its history, `drawings` of every definition that is named there."""
    process = machinery.library.practice(stored.deployment_id).processes[stored.process_id]
    found = instances.some(connection, [stored.id])
    told = {row.seq: row for row in timeline.of_instances(machinery, connection, found)}
    walk = Walk(drawings, _no_time, _Unheard(), ())
    steps: list[ReplayStep] = []
    for row in rows:
        data = loads(row.data) if row.data else {}
        fields = data if isinstance(data, dict) else {}
        walk.take(row, fields)
        if row.kind in _QUIET:
            continue
        drawing = drawings.get(row.definition_id)
        steps.append(
            ReplayStep(
                number=len(steps) + 1,
                row=told[row.seq],
                process_id=drawing.process_id if drawing is not None else process.id,
                took=_names(fields.get("took")),
                standing=_standing(walk, drawings),
            )
        )
    return Replay(stored.id, stored.business_key, stored.number, process.id, process.name, tuple(steps))


def _standing(walk: Walk, drawings: Mapping[int, Drawing]) -> dict[tuple[str, str], int]:
    """At holders nothing stands: it stands at what is in them."""
    found: Counter[tuple[str, str]] = Counter()
    for visit in walk.visits:
        drawing = drawings[visit.definition_id]
        if visit.element_id not in drawing.holders:
            found[drawing.process_id, visit.element_id] += 1
    return dict(found)


def _no_time(_start: datetime, _end: datetime) -> timedelta:
    return timedelta(0)


def _names(took: Any) -> tuple[str, ...]:
    return tuple(str(each) for each in took) if isinstance(took, list) else ()
