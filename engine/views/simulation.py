"""What a simulation over finished instances found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Departure:
    """Instances that would have taken another way, from the same element on. `process_id` is that of the element (a
    called process has its own); `keys` are some of their numbers."""

    process_id: str
    element_id: str
    name: str
    instances: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotReplayed:
    """Instances that could not be replayed, and why: `code` is `removed` (contents are gone), `migrated`, `modified`,
    `held`, `answer` (what a step was answered is not kept), `stuck` (it fails there), `differs` (by its own version the
    history is not come by again, so that its replay proves nothing), `start` (it begins otherwise)."""

    code: str
    element_id: str
    text: str
    instances: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProcessSimulation:
    """One process: `same` instances took the way they took, `departures` say where others part, `not_replayed` what
    says nothing. `finished` are all there are; `left` were not looked at, for number or time."""

    process_id: str
    name: str
    finished: int
    same: int
    departures: tuple[Departure, ...]
    not_replayed: tuple[NotReplayed, ...]
    left: int

    @property
    def departed(self) -> int:
        """How many would have taken another way."""
        return sum(each.instances for each in self.departures)

    @property
    def replayed(self) -> int:
        """How many were replayed to the end, or to where they part."""
        return self.same + self.departed
