"""Sums by element to what a page shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from engine.runtime.heat.drawing import Drawing
from engine.runtime.heat.spans import quantile
from engine.runtime.heat.tally import Sums, Tally
from engine.views import HeatRow


def summed(sums: Iterable[Any], spans: Iterable[Any]) -> dict[str, Sums]:
    """Element or flow → what its rows add up to."""
    found: dict[str, Sums] = {}
    for row in sums:
        found.setdefault(row.element_id, Sums()).add(row)
    for row in spans:
        found.setdefault(row.element_id, Sums()).spans[row.bucket] += int(row.number)
    return found


def picked(tally: Tally, definitions: Collection[int], wanted: Collection[str]) -> dict[str, Sums]:
    """The same of a tally, of these definitions and periods."""
    found: dict[str, Sums] = {}
    for (definition_id, period, element_id), each in tally.sums.items():
        if definition_id in definitions and period in wanted:
            into = found.setdefault(element_id, Sums())
            into.add(each)
            into.spans.update(each.spans)
    return found


def rows_of(drawings: Sequence[Drawing], sums: Mapping[str, Sums]) -> tuple[HeatRow, ...]:
    """A row an element, as in the newest diagram that has it, in its order."""
    known: dict[str, Drawing] = {}
    for drawing in drawings:
        for id in drawing.names:
            known.setdefault(id, drawing)
    total = sum(sums[id].waiting for id in known if id in sums)
    return tuple(
        HeatRow(
            element_id=id,
            name=drawing.names[id],
            kind=drawing.kinds[id],
            came=each.came,
            done=each.done,
            cancelled=each.cancelled,
            median=quantile(each.spans, 0.5),
            high=quantile(each.spans, 0.9),
            waiting=timedelta(seconds=each.waiting),
            working=timedelta(seconds=each.working - each.waiting),
            share=each.waiting / total if total else 0.0,
        )
        for id, drawing in known.items()
        if (each := sums.get(id)) is not None
    )


def flows_of(drawings: Sequence[Drawing], sums: Mapping[str, Sums]) -> dict[str, int]:
    """How often each flow was taken."""
    ids = {id for drawing in drawings for id in drawing.targets}
    return {id: sums[id].came for id in sorted(ids) if id in sums}
