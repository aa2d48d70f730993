"""A record with its stages, timeline, files, comments and buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from engine.values import Value
from engine.views.fields import FieldValue
from engine.views.inbox import TaskRow
from engine.views.instances import InstanceRow


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage of a record in order: `state` is done, now or next."""

    id: str
    label: str
    state: str
    at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class Button:
    """Something a person may start or send from a record: `kind` is start or message.

    For start: `process_id`, `element_id` of the start event. For message: `subscription_id` and the name of the
    `message` too.
    """

    kind: str
    label: str
    documentation: str
    process_id: str
    element_id: str
    instance_id: int
    subscription_id: int
    destructive: bool
    message: str = ""


@dataclass(frozen=True, slots=True)
class FileView:
    """An uploaded file."""

    id: int
    name: str
    type: str
    size: int
    at: datetime
    by_name: str
    element_name: str
    digest: str = ""
    scan: str = ""
    """Empty when it may be opened, `held` while no scanner has seen it, `infected` when it is gone for good."""
    picture: bool = False

    def value(self) -> dict[str, Value]:
        """The file as a variable holds it."""
        return {"file": self.digest, "name": self.name, "type": self.type, "size": Decimal(self.size)}


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment on a record or task."""

    id: int
    at: datetime
    by: str
    by_name: str
    text: str
    task_name: str


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One event of history as the timeline shows it."""

    seq: int
    instance_id: int
    process_id: str
    kind: str
    at: datetime
    element_id: str
    element_name: str
    stage: str
    clauses: tuple[str, ...]
    actor: str
    actor_name: str
    on_behalf_of: str
    text: str
    data: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record as its viewer may see it."""

    business_key: str
    record_type: str
    type_label: str
    title: str
    status: str
    status_label: str
    status_mark: str
    fields: tuple[FieldValue, ...]
    stages: tuple[StageView, ...]
    instances: tuple[InstanceRow, ...]
    tasks: tuple[TaskRow, ...]
    buttons: tuple[Button, ...]
    may: frozenset[str]
    """cancel, hold, resume, correct, modify on the main instance."""
    removed_at: datetime | None = None
    """When retention removed its contents."""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record as a list shows it."""

    business_key: str
    record_type: str
    title: str
    status: str
    status_label: str
    status_mark: str
    started_at: datetime
    fields: tuple[FieldValue, ...]


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records are wanted; `after` is the keyset cursor of the page before."""

    record_type: str = ""
    status: str = ""
    text: str = ""
    fields: Mapping[str, str] = None  # type: ignore[assignment]
    after: str = ""
    limit: int = 50
