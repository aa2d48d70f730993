"""What going to another version means for the instances that run: looked at one by one, nothing changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.runtime.core import Execution, Obstacle
from engine.runtime.deployed.practice import DeployedProcess, Practice
from engine.runtime.migrating.moving import RIGHT
from engine.runtime.unit.environment import PracticeEnvironment
from engine.runtime.unit.machinery import Machinery
from engine.store import instance_migrations as rows
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.views import MigrationPlace, MigrationPlan

MOST = 5_000
"""So many instances are looked at; that there are more is said."""
_PAGE = 200

Where = tuple[str, str]
"""Process and element."""


@dataclass
class _Found:
    can: int = 0
    cannot: int = 0
    held: int = 0
    more: bool = False
    places: Counter[Where] = field(default_factory=Counter)
    obstacles: dict[Where, str] = field(default_factory=dict)


def plan(
    machinery: Machinery,
    connection: Connection,
    acting: Acting,
    before: DeployedProcess,
    practice: Practice,
    names: Mapping[str, str],
) -> MigrationPlan:
    """Of the open instances of `before` that the person may migrate: what of them can go to the set `practice`."""
    found = _Found()
    environment = PracticeEnvironment(machinery, connection, practice, machinery.clock.now())
    after = 0
    while True:
        page = rows.running(connection, acting, before.row_id, practice.deployment_id, after, _PAGE)
        for row in page:
            _look(found, machinery, connection, environment, acting, row, names)
        if len(page) < _PAGE or found.more:
            break
        after = page[-1].id
    return _told(found, before, practice, names)


def _look(
    found: _Found,
    machinery: Machinery,
    connection: Connection,
    environment: PracticeEnvironment,
    acting: Acting,
    row: Any,
    names: Mapping[str, str],
) -> None:
    if not acting.system and acting.capacity_with(RIGHT, row.business_key, row.confidential) is None:
        return
    if found.can + found.cannot + found.held >= MOST:
        found.more = True
        return
    own = machinery.library.practice(row.deployment_id)
    execution = Execution.restore(row.snapshot, PracticeEnvironment(machinery, connection, own, environment.now))
    obstacles: tuple[Obstacle, ...] = execution.obstacles(environment, names)
    places = {*execution.places(), *((each.process_id, each.element_id) for each in obstacles)}
    found.places.update(places)
    found.obstacles.update({(each.process_id, each.element_id): each.code for each in obstacles})
    if obstacles:
        found.cannot += 1
    elif row.state == "suspended":
        found.held += 1
    else:
        found.can += 1


def _told(found: _Found, before: DeployedProcess, practice: Practice, names: Mapping[str, str]) -> MigrationPlan:
    after = practice.processes[before.id]
    places = [
        MigrationPlace(process_id, element_id, _name(before, practice, process_id, element_id),
                       found.obstacles.get((process_id, element_id), ""), number,
                       _now(before, practice, process_id, element_id, names))
        for (process_id, element_id), number in found.places.items()
    ]  # fmt: skip
    places.sort(key=lambda each: (not each.code, each.process_id, each.name))
    return MigrationPlan(
        process_id=before.id,
        before=before.version,
        after=after.version,
        can=found.can,
        cannot=found.cannot,
        held=found.held,
        more=found.more,
        places=tuple(places),
        candidates={each.element_id: _alike(before, after, each.element_id) for each in places if each.code == "gone"},
    )


def _name(before: DeployedProcess, practice: Practice, process_id: str, element_id: str) -> str:
    process = before if process_id == before.id else practice.processes.get(process_id)
    element = process.elements.get(element_id) if process is not None else None
    return element.name if element is not None else element_id


def _now(
    before: DeployedProcess, practice: Practice, process_id: str, element_id: str, names: Mapping[str, str]
) -> str:
    process = practice.processes.get(process_id)
    named = names.get(element_id, element_id) if process_id == before.id else element_id
    return named if process is not None and named in process.elements else ""


def _alike(before: DeployedProcess, after: DeployedProcess, element_id: str) -> tuple[tuple[str, str], ...]:
    """What it may be called now: the elements of its kind that the old version did not have."""
    gone = before.elements.get(element_id)
    if gone is None:
        return ()
    return tuple(
        (key, each.name)
        for key, each in after.elements.items()
        if each.node.kind is gone.node.kind and key not in before.elements
    )
