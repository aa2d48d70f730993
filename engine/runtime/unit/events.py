"""Rows of history while a unit of work makes them: what happened, then chained in order when it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.runtime.unit import chain
from engine.runtime.unit.occurrences import Place
from engine.values import Value, dumps

UNNUMBERED = -1
"""The token of a place that has none yet."""


@dataclass(slots=True)
class Event:
    """One row to be. `data` may still grow until the unit of work is saved."""

    kind: str
    definition_id: int
    element_id: str = ""
    token: int | None = None
    task_id: int | None = None
    actor: str = ""
    on_behalf_of: str = ""
    submission: str | None = None
    data: dict[str, Value] = field(default_factory=dict)


class Journal:
    """The events of one unit of work, in order. What one token did at one element in it stays together in one row."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._at: dict[tuple[str, str, int], Event] = {}

    def add(self, event: Event) -> Event:
        """Add an event that belongs to no element, or stands for itself."""
        self.events.append(event)
        return event

    def at(self, place: Place, definition_id: int, kind: str) -> Event:
        """The event of this place in this unit of work; made with `kind` when there is none yet."""
        key = (place.process_id, place.element_id, place.token)
        found = self._at.get(key) or self._adopt(place)
        if found is None:
            found = self.add(Event(kind, definition_id, place.element_id, place.token))
            self._at[key] = found
        return found

    def _adopt(self, place: Place) -> Event | None:
        """The start of an instance is told before its first token has a number."""
        found = self._at.pop((place.process_id, place.element_id, UNNUMBERED), None)
        if found is not None:
            found.token = place.token
            self._at[place.process_id, place.element_id, place.token] = found
        return found

    def begin(self, place: Place, definition_id: int, kind: str) -> Event:
        """A new event at this place; what follows at the place goes into it."""
        event = self.add(Event(kind, definition_id, place.element_id, place.token))
        self._at[place.process_id, place.element_id, place.token] = event
        return event

    def chained(
        self, key: bytes, instance_id: int, at: datetime, count: int, head: bytes
    ) -> tuple[list[Mapping[str, Any]], int, bytes]:
        """The rows, hashed on from `head`; with the new number of rows and the new head."""
        rows: list[Mapping[str, Any]] = []
        for event in self.events:
            count += 1
            text = dumps(event.data) if event.data else ""
            head = chain.link(key, head, at, row_fields(instance_id, count, event), chain.digest(text))
            rows.append(
                {
                    "instance_id": instance_id,
                    "seq": count,
                    "at": at,
                    "kind": event.kind,
                    "definition_id": event.definition_id,
                    "element_id": event.element_id,
                    "token": event.token,
                    "task_id": event.task_id,
                    "actor": event.actor,
                    "on_behalf_of": event.on_behalf_of,
                    "submission": event.submission,
                    "data": text,
                    "hash": head,
                }
            )
        return rows, count, head


def row_fields(instance_id: int, seq: int, row: Any) -> tuple[object, ...]:
    """What of a row (an Event or a stored one) its hash vouches for, beside moment and data."""
    return (
        instance_id,
        seq,
        row.kind,
        row.definition_id,
        row.element_id,
        row.token,
        row.task_id,
        row.actor,
        row.on_behalf_of,
        row.submission,
    )
