"""Sums of visits by element and period, and the rows they are kept as."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.runtime.heat.spans import bucket

_SECOND = timedelta(seconds=1)
_NUMBERS = ("came", "done", "cancelled", "elapsed", "working", "waiting")
Place = tuple[int, str, str]
"""Definition, period, element or flow."""


@dataclass(slots=True)
class Sums:
    """Of one element in one period: times in whole seconds, and visits by bucket (`spans`)."""

    came: int = 0
    done: int = 0
    cancelled: int = 0
    elapsed: int = 0
    working: int = 0
    waiting: int = 0
    spans: Counter[int] = field(default_factory=Counter)

    def numbers(self) -> dict[str, int]:
        """As columns."""
        return {name: getattr(self, name) for name in _NUMBERS}

    def add(self, more: Any) -> None:
        """Add the numbers of another, or of a row of `heat_count`; not the spans."""
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + int(getattr(more, name)))


class Tally:
    """Where a walk through history puts what it finds: into the day (of a zone) and into its month."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.sums: dict[Place, Sums] = {}
        self._zone = zone

    def came(self, definition_id: int, id: str, at: datetime) -> None:
        """An element was come to, or a flow taken."""
        for each in self._at(definition_id, id, at):
            each.came += 1

    def cancelled(self, definition_id: int, id: str, at: datetime) -> None:
        """A token was taken away from an element."""
        for each in self._at(definition_id, id, at):
            each.cancelled += 1

    def done(
        self, definition_id: int, id: str, at: datetime, elapsed: timedelta, working: timedelta, waiting: timedelta
    ) -> None:
        """An element was left."""
        number = bucket(elapsed / _SECOND)
        for each in self._at(definition_id, id, at):
            each.done += 1
            each.elapsed += elapsed // _SECOND
            each.working += working // _SECOND
            each.waiting += waiting // _SECOND
            each.spans[number] += 1

    def count_rows(self) -> list[dict[str, Any]]:
        """Rows of `heat_count`."""
        return [{**_key(place), **each.numbers()} for place, each in sorted(self.sums.items())]

    def span_rows(self) -> list[dict[str, Any]]:
        """Rows of `heat_span`."""
        return [
            {**_key(place), "bucket": number, "number": count}
            for place, each in sorted(self.sums.items())
            for number, count in sorted(each.spans.items())
        ]

    def _at(self, definition_id: int, id: str, at: datetime) -> Iterable[Sums]:
        day = f"{at.astimezone(self._zone):%Y-%m-%d}"
        return [self.sums.setdefault((definition_id, period, id), Sums()) for period in (day, day[:7])]


def periods(first: date, last: date) -> tuple[str, ...]:
    """The fewest periods that are the days from `first` to `last`, both included: whole months, and single days."""
    found, day = [], first
    while day <= last:
        end = day.replace(day=monthrange(day.year, day.month)[1])
        if day.day == 1 and end <= last:
            found.append(f"{day:%Y-%m}")
            day = end
        else:
            found.append(f"{day:%Y-%m-%d}")
        day += timedelta(days=1)
    return tuple(found)


def _key(place: Place) -> Mapping[str, Any]:
    return dict(zip(("definition_id", "period", "element_id"), place, strict=True))
