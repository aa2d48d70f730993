"""What goes out: notifications and jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PushAddressRow:
    """Where a person is pushed to: `shown` is what people see of it, never the secret of a robot."""

    id: int
    user_id: str
    shown: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PushRow:
    """One push of a notification, to somebody's address: whether it arrived (`state` done), waits to be tried (again)
    at `due`, or failed. `label` is the address as shown, empty to everybody else; `again` tells the second push of a
    report that was not read."""

    name: str
    label: str
    state: str
    ended_at: datetime | None
    due: datetime
    tries: int
    again: bool


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """A notification with its receivers, by name, and when each has read it, and what became of its pushes."""

    id: int
    at: datetime
    kind: str
    subject: str
    text: str
    business_key: str
    from_name: str
    receipt: bool
    read_at: datetime | None
    receivers: tuple[tuple[str, datetime | None], ...]
    pushes: tuple[PushRow, ...] = ()


@dataclass(frozen=True, slots=True)
class JobRow:
    """An effect outside the database. `state` is waiting, done or failed (for good); `label` what it does, without
    secrets; `due` when it is tried next, `reason` why the last try failed; `locked_until` while somebody runs it."""

    id: int
    kind: str
    state: str
    label: str
    business_key: str
    instance_id: int
    process_id: str
    element_id: str
    user_id: str
    created_at: datetime
    due: datetime
    tries: int
    tried_at: datetime | None
    ended_at: datetime | None
    locked_until: datetime | None
    reason: str
