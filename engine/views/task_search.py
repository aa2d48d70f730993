"""Open tasks as programs ask for them: by what they are, whose they are, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Span:
    """Moments: at this very one, after, before; what is None does not limit."""

    at: datetime | None = None
    after: datetime | None = None
    before: datetime | None = None


ALWAYS = Span()


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks. What is None or empty does not limit; `like` are patterns with `%`. Candidates are those of tasks
    nobody has, unless `with_assigned`; `candidate_user` has them himself or by a group."""

    ids: tuple[int, ...] | None = None
    instance_ids: tuple[int, ...] | None = None
    token: tuple[int, int] | None = None
    keys: tuple[str, ...] | None = None
    key_like: str = ""
    processes: tuple[str, ...] | None = None
    process_name: str | None = None
    definition_id: int | None = None
    element_ids: tuple[str, ...] | None = None
    element_like: str = ""
    name: str | None = None
    name_not: str | None = None
    name_like: str = ""
    assignees: tuple[str, ...] | None = None
    assignee_like: str = ""
    assigned: bool | None = None
    owner: str | None = None
    delegated: bool | None = None
    candidate_groups: tuple[str, ...] | None = None
    candidate_user: str | None = None
    has_candidate_groups: bool | None = None
    has_candidate_users: bool | None = None
    with_assigned: bool = False
    suspended: bool | None = None
    priority: int | None = None
    priority_from: int | None = None
    priority_to: int | None = None
    created: Span = ALWAYS
    due: Span = ALWAYS
    follow_up: Span = ALWAYS
    without_due: bool = False
    follow_up_may_miss: bool = False
    order: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class TaskHead:
    """An open task. `process_id`, `definition_id` and `version` are those of the definition its element stands in;
    `owner` is who has delegated it."""

    id: int
    instance_id: int
    token: int
    business_key: str
    process_id: str
    definition_id: int
    version: int
    element_id: str
    name: str
    description: str
    assignee: str
    owner: str
    created_at: datetime
    due: datetime | None
    follow_up: datetime | None
    priority: int
    suspended: bool
