"""Migrations: what a plan finds, and how far one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MigrationPlace:
    """Somewhere instances stand. `code` says why they cannot go on in the other version (`gone`, `kind`, `scope`,
    `loop`, `topic`, `called`, `join`, `compensation`, `events`); empty when they can. `now` is the id of the element
    in the other version, as far as there is one."""

    process_id: str
    element_id: str
    name: str
    code: str
    instances: int
    now: str


@dataclass(frozen=True, slots=True)
class MigrationPlan:
    """What going from one version to another means for running instances: how many can, how many cannot because of a
    place they stand at, how many are on hold. `more` tells that only the first of them were looked at. `elements` are
    (id, name) of the elements of the other version, by kind of element of the old one where instances stand."""

    process_id: str
    before: int
    after: int
    can: int
    cannot: int
    held: int
    more: bool
    places: tuple[MigrationPlace, ...]
    candidates: Mapping[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class MigrationFailure:
    """An instance that did not go, or did not go back: `code` as in a plan, or `held`, `ended`, `version` (it runs
    another one already), `moved` (it has moved since), `error` (then `text` says it)."""

    instance_id: int
    business_key: str
    state: str
    code: str
    element_id: str
    text: str


@dataclass(frozen=True, slots=True)
class MigrationRow:
    """A migration and how far it is. `counts` are numbers of instances by state: waiting, done, failed, undo, undone,
    kept."""

    id: int
    process_id: str
    before: int
    after: int
    names: Mapping[str, str]
    reason: str
    created_at: datetime
    created_by: str
    undone_at: datetime | None
    undone_by: str
    undo_reason: str
    counts: Mapping[str, int]
    failures: tuple[MigrationFailure, ...] = ()

    @property
    def total(self) -> int:
        """How many instances it is about."""
        return sum(self.counts.values())

    @property
    def left(self) -> int:
        """How many are still to go, or to go back."""
        return self.counts.get("waiting", 0) + self.counts.get("undo", 0)

    @property
    def undoable(self) -> bool:
        """Whether there is something to take back."""
        return not self.left and bool(self.counts.get("done", 0) + self.counts.get("kept", 0))
