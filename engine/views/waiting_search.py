"""What waits for time, for another system, or for somebody to mend it, as programs ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.views.task_search import ALWAYS, Span


@dataclass(frozen=True, slots=True)
class WaitingFilter:
    """Which timers, jobs or incidents. What is None or empty does not limit; `kinds` are `timer` and `http`, `failed`
    tells jobs that are not tried any more, `due_by` what is due then."""

    ids: tuple[int, ...] | None = None
    kinds: tuple[str, ...] | None = None
    instance_ids: tuple[int, ...] | None = None
    definition_id: int | None = None
    processes: tuple[str, ...] | None = None
    element_ids: tuple[str, ...] | None = None
    token: tuple[int, int] | None = None
    suspended: bool | None = None
    failed: bool | None = None
    due_by: datetime | None = None
    codes: tuple[str, ...] | None = None
    not_codes: tuple[str, ...] = ()
    text: str | None = None
    text_like: str = ""
    at: Span = ALWAYS
    order: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class WaitingJob:
    """A timer of an instance (`kind` timer) or a call of another system (`http`). `reason` says why the last try
    failed, `left` how many there will be."""

    id: int
    kind: str
    instance_id: int
    token: int
    process_id: str
    definition_id: int
    version: int
    element_id: str
    due: datetime
    created_at: datetime
    left: int
    reason: str
    suspended: bool


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident, with where it is."""

    id: int
    instance_id: int
    token: int
    process_id: str
    definition_id: int
    version: int
    element_id: str
    code: str
    text: str
    at: datetime
