"""The inbox: open tasks as lists show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.views.fields import Count, FieldValue


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One open task as a list shows it.

    `mine` is yours by assignment, `claimable` may be claimed by you, `on_behalf_of` names the principal you stand
    in for. `summary` are the published fields its process names, of the instance and of its record. `stage` is
    the stage of the record the task belongs to; `batch` tells that tasks of this element can be done on one page.
    """

    id: int
    instance_id: int
    process_id: str
    process_name: str
    element_id: str
    name: str
    business_key: str
    number: str
    title: str
    assignee: str
    assignee_name: str
    candidate_groups: tuple[str, ...]
    created_at: datetime
    due: datetime | None
    follow_up: datetime | None
    priority: int
    mine: bool
    claimable: bool
    on_behalf_of: str
    stage: str
    batch: bool
    batch_group: str
    summary: tuple[FieldValue, ...]
    suspended: bool


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """`owner` is mine, groups, both or all; the rest narrows. `after` is the keyset cursor of the page before."""

    owner: str = "both"
    process_id: str = ""
    element_id: str = ""
    stage: str = ""
    overdue: bool = False
    text: str = ""
    after: str = ""
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of an inbox, with the counts of its chips (they stop at 999)."""

    rows: tuple[TaskRow, ...]
    next: str
    mine: int
    groups: int
    everybody: int
    overdue: int
    kinds: tuple[Count, ...]
    next_due: tuple[datetime, str] | None
    """When nothing waits: the next timer that will bring this person a task, and its element's name."""
