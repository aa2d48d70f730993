"""Replaying an instance by the set it ran and by another one, and where their ways part."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.definitions.model import Node
from engine.runtime.deployed.practice import Practice
from engine.runtime.simulating.recorded import Recorded, Step, Unreplayable
from engine.runtime.simulating.replay import Replay, ReplayEnvironment
from engine.runtime.unit.machinery import Machinery
from engine.store.connect import Connection
from engine.values import Value

Where = tuple[str, str]
"""Process and element."""


@dataclass(frozen=True, slots=True)
class Played:
    """The way an instance went by a set; `lost` is where something came that nothing waited for, `open` where it still
    waited when nothing came any more."""

    path: tuple[Step, ...]
    lost: Where | None
    open: Where | None


def departs(
    machinery: Machinery, connection: Connection, own: Practice, other: Practice, process_id: str, found: Recorded,
    names: Mapping[str, Value],
) -> Where | None:  # fmt: skip
    """Where an instance would have taken another way by the other set; None when it would not. Raises Unreplayable."""
    before = _played(machinery, connection, own, process_id, found, names, frozenset())
    if before.lost or before.open or _ways(before.path) != _ways(found.path):
        raise Unreplayable("differs", (before.lost or before.open or ("", ""))[1])
    after = _played(machinery, connection, other, process_id, found, names, _timers_that_differ(own, other))
    return _parting(before, after, own, other)


def _ways(path: Sequence[Step]) -> list[Step]:
    """Without the start, whose row stands before what follows from it."""
    return [step for step in path if step.left]


def _played(
    machinery: Machinery, connection: Connection, practice: Practice, process_id: str, found: Recorded,
    names: Mapping[str, Value], own_time: Collection[Where],
) -> Played:  # fmt: skip
    environment = ReplayEnvironment(machinery, connection, practice, found)
    replay = Replay(environment, process_id, found, names)
    order: dict[Where, list[int]] = {}
    lost = None
    for given in found.inputs:
        here = (given.process_id, given.element_id)
        replay.strike(given.at, own_time)
        _require_no_incident(replay)
        if given.kind == "timer" and here in own_time:
            continue
        tokens = order.setdefault(here, [])
        if given.token not in tokens:
            tokens.append(given.token)
        if not replay.take(given, tokens.index(given.token)):
            lost = here
            break
        _require_no_incident(replay)
    waits = replay.execution.waits() if lost is None and replay.execution.state == "open" else ()
    still = next(((each.at.process_id, each.at.element_id) for each in waits), None)
    return Played(tuple(replay.path), lost, still)


def _require_no_incident(replay: Replay) -> None:
    stuck = replay.stuck
    if stuck is not None:
        raise Unreplayable("stuck", stuck.at.element_id, stuck.text)


def _timers_that_differ(own: Practice, other: Practice) -> frozenset[Where]:
    """Elements with timers that the other set writes otherwise, or has alone: they strike at their own time."""
    found = set()
    for process_id, process in other.processes.items():
        known = own.processes.get(process_id)
        for element_id, element in process.elements.items():
            if any(event.timer is not None for event in element.node.events):
                before = known.elements.get(element_id) if known is not None else None
                if before is None or _timers(before.node) != _timers(element.node):
                    found.add((process_id, element_id))
    return frozenset(found)


def _timers(node: Node) -> tuple[object, ...]:
    return tuple(replace(event, line=0, id="") for event in node.events)


def _parting(before: Played, after: Played, own: Practice, other: Practice) -> Where | None:
    """The last element on the common way when what follows is another one. Elements that only one of the sets has and
    that run by themselves are passed over: drawn in between they change no way."""
    old, new = _common(before.path, other), _common(after.path, own)
    for place, step in enumerate(old):
        if place >= len(new) or new[place] != step:
            if place >= len(new) and after.lost is None and after.open is not None:
                return after.open
            return _last_left(old[:place]) or (step.process_id, step.element_id)
    if after.lost is not None:
        return after.lost
    if len(new) > len(old):
        return _last_left(old) or (new[-1].process_id, new[-1].element_id)
    return after.open


def _common(path: Sequence[Step], other: Practice) -> list[Step]:
    return [
        step
        for step in path
        if step.process_id in other.processes and step.element_id in other.processes[step.process_id].elements
    ]


def _last_left(path: Sequence[Step]) -> Where | None:
    return next(((step.process_id, step.element_id) for step in reversed(path) if step.left), None)
