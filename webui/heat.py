"""The heat map of a process: its diagram coloured by what happened in a span of time, and the same as a table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt

from flask import render_template, request
from werkzeug.exceptions import BadRequest

from engine.views import HeatAsked, HeatRow, HeatView
from webui import shown
from webui.access import actor, area, engine
from webui.addresses import address
from webui.words import gettext

pages = area("heat", "/processes")
_STEPS = 5
_MANY = 100
_LONG = 20
_HOUR = timedelta(hours=1)
_NOTHING = timedelta(0)
SORTS: Mapping[str, Callable[[HeatRow], float]] = {
    "count": lambda row: row.came,
    "done": lambda row: row.done,
    "median": lambda row: _seconds(row.median),
    "high": lambda row: _seconds(row.high),
    "waiting": lambda row: _seconds(row.waiting),
    "working": lambda row: _seconds(row.working),
}
"""What a table may be sorted by, the largest first; anything else leaves the order of the diagram."""
COLOURS: Mapping[str, Callable[[HeatRow], float]] = {
    "count": SORTS["count"],
    "time": SORTS["median"],
    "waiting": SORTS["waiting"],
}


@dataclass(frozen=True, slots=True)
class Step:
    """One colour of the legend, and in words what it stands for."""

    number: int
    words: str


@pages.get("/<process_id>/heat")
def show(process_id: str) -> str:
    """The page. `version`, `from` and `to` choose what is counted, `by` what colours tell, `sort` the order."""
    asked = HeatAsked(request.args.get("version", type=int), _day("from"), _day("to"))
    view = engine().heat.show(process_id, actor(), asked)
    by = request.args.get("by", "count")
    by = by if by in COLOURS else "count"
    sort = request.args.get("sort", "")
    rows = sorted(view.rows, key=SORTS[sort], reverse=True) if sort in SORTS else list(view.rows)
    scale = Scale(by, view)
    return render_template(
        "heat/show.html",
        view=view,
        asked=asked,
        rows=rows,
        by=by,
        sort=sort,
        legend=scale.legend(),
        level=scale.level,
        shown=json.dumps({"marks": [*scale.marks(), *_flow_marks(view)]}),
        address=address,
        hours=hours,
        about=about,
    )


class Scale:
    """Five colours from a little to the most there is; square steps, so that the few that stand out do stand out."""

    def __init__(self, by: str, view: HeatView) -> None:
        self._by = by
        self._rows = view.rows
        self._value = COLOURS[by]
        self._most = max((self._value(row) for row in view.rows), default=0)

    def level(self, row: HeatRow) -> int:
        """1 to 5; 0 for nothing."""
        return self._step(self._value(row))

    def legend(self) -> list[Step]:
        """The colours that something has, in words."""
        found: dict[int, list[float]] = {}
        for row in self._rows:
            found.setdefault(self.level(row), []).append(self._value(row))
        return [Step(level, self._range(min(among), max(among))) for level, among in sorted(found.items()) if level]

    def marks(self) -> Iterable[dict[str, str]]:
        """What lies over the diagram."""
        for row in self._rows:
            if level := self.level(row):
                text = self.words(self._value(row))
                yield {"element": row.element_id, "class": f"heat{level}", "text": text, "title": row.name}

    def words(self, value: float) -> str:
        """A value as the choice tells it."""
        if self._by == "count":
            return shown.number(int(value))
        if self._by == "waiting":
            return hours(timedelta(seconds=value))
        return about(timedelta(seconds=value))

    def _range(self, low: float, high: float) -> str:
        first, last = self.words(low), self.words(high)
        return first if first == last else gettext("%(low)s to %(high)s", low=first, high=last)

    def _step(self, value: float) -> int:
        if value <= 0 or not self._most:
            return 0
        return max(1, ceil(_STEPS * sqrt(value / self._most)))


def about(value: timedelta) -> str:
    """A median or percentile in one unit, two digits or three: it is not known better."""
    seconds = value / timedelta(seconds=1)
    for size, least, unit in ((86400, 2, "d"), (3600, 1, "h"), (60, 1, "min"), (1, 0, "s")):
        if seconds >= size * least:
            return _unit(_short(seconds / size), unit)
    raise AssertionError("unreachable")


def _unit(count: str, unit: str) -> str:
    words = {
        "d": gettext("%(count)s d", count=count),
        "h": gettext("%(count)s h", count=count),
        "min": gettext("%(count)s min", count=count),
        "s": gettext("%(count)s s", count=count),
    }
    return words[unit]


def _short(amount: float) -> str:
    return f"{amount:.1f}".removesuffix(".0") if amount < _LONG else f"{amount:.0f}"


def hours(value: timedelta) -> str:
    """`12.5 h`, of working time."""
    amount = value / _HOUR
    told = f"{amount:.1f}".removesuffix(".0") if amount < _MANY else shown.number(round(amount))
    return gettext("%(count)s h", count=told)


def _flow_marks(view: HeatView) -> Iterable[dict[str, str]]:
    most = max(view.flows.values(), default=0)
    for id, count in view.flows.items():
        share = count / most if most else 0
        yield {"element": id, "class": "flow3" if share > 0.5 else "flow2" if share > 0.1 else "flow1"}


def _seconds(value: timedelta | None) -> float:
    return (value or _NOTHING) / timedelta(seconds=1)


def _day(name: str) -> date | None:
    text = request.args.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadRequest from None
