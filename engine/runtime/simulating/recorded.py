"""What history tells of a finished instance: how it began, what came from outside, what steps were answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.values import Value, loads

INPUTS = frozenset(
    {"task-completed", "message", "signal", "timer", "external-completed", "external-failed", "corrected"}
)
_BEGINNINGS = frozenset({"started", "message", "signal", "timer"})
_CANNOT = {"migrated": "migrated", "migration-undone": "migrated", "modified": "modified", "retried": "modified",
           "held": "held", "cancelled": "modified"}  # fmt: skip


class Unreplayable(Exception):
    """Why an instance cannot be replayed (see `NotReplayed`)."""

    def __init__(self, code: str, element_id: str = "", text: str = "") -> None:
        self.code, self.element_id, self.text = code, element_id, text
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that came from outside, at its element and token then."""

    kind: str
    at: datetime
    process_id: str
    element_id: str
    token: int
    data: Mapping[str, Any]
    actor: str
    on_behalf_of: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """One instance. `path` is what its history passed, in order; `written` are the variables each visit of an element
    wrote, by process and element."""

    kind: str
    element_id: str
    values: Mapping[str, Value]
    at: datetime
    inputs: tuple[Input, ...]
    path: tuple[Step, ...]
    written: Mapping[tuple[str, str], list[Mapping[str, Value]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """An element was begun (a task opened) or left."""

    process_id: str
    element_id: str
    left: bool


def recorded(rows: Sequence[Any], processes: Mapping[int, str]) -> Recorded:
    """Read the rows of an instance; `processes` tells of which process a definition is. Raises Unreplayable."""
    if not rows or rows[0].kind not in _BEGINNINGS:
        raise Unreplayable("start")
    inputs: list[Input] = []
    written: dict[tuple[str, str], list[Mapping[str, Value]]] = {}
    for row in rows:
        if row.data is None:
            raise Unreplayable("removed")
        if row.kind in _CANNOT:
            raise Unreplayable(_CANNOT[row.kind], row.element_id)
    told = [(row, _data(row)) for row in rows]
    for row, data in told[1:]:
        process_id = processes.get(row.definition_id, "")
        if row.kind in INPUTS:
            inputs.append(Input(row.kind, row.at, process_id, row.element_id, row.token or 0, data, row.actor,
                                row.on_behalf_of))  # fmt: skip
        if isinstance(data.get("set"), dict):
            written.setdefault((process_id, row.element_id), []).append(data["set"])
    first = told[0]
    path = tuple(
        step
        for row, data in told
        if (step := step_of(row.kind, processes.get(row.definition_id, ""), row.element_id, data)) is not None
    )
    values = first[1].get("values")
    return Recorded(first[0].kind, first[0].element_id, values if isinstance(values, dict) else {}, first[0].at,
                    tuple(inputs), path, written)  # fmt: skip


def step_of(kind: str, process_id: str, element_id: str, data: Mapping[str, Any]) -> Step | None:
    """What of the way a row of history is; None for what is no part of it."""
    if not element_id:
        return None
    if kind in ("task-opened", "external-opened"):
        return Step(process_id, element_id, left=False)
    return Step(process_id, element_id, left=True) if kind == "left" or "took" in data else None


def _data(row: Any) -> Mapping[str, Any]:
    found = loads(row.data) if row.data else {}
    return found if isinstance(found, dict) else {}
