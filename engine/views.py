"""What the engine answers to those who ask: plain values, already limited to what the asking person may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from engine.definitions.findings import Finding
from engine.values import Value


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. The engine finds by itself on whose behalf (substitution)."""

    user_id: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person with the groups (roles) he belongs to."""

    id: str
    name: str
    groups: tuple[str, ...]
    active: bool = True
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A published field of a record: its name, label from the practice, type and value.

    `text` are the words for a value that is a key (label of a choice, name of a person or of a reference item);
    empty when the value speaks for itself. `tone` is how a choice is marked when its values weigh differently:
    `red`, `amber`, `green`, `grey`, or `level1` to `level3`; empty without one.
    """

    name: str
    label: str
    type: str
    value: Value
    text: str = ""
    tone: str = ""


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
class Count:
    """A number for a chip; `more` when it stopped counting at 999."""

    key: str
    label: str
    number: int
    more: bool = False


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


@dataclass(frozen=True, slots=True)
class TaskView:
    """One task with what its page needs. `form` is an `engine.forms.Form`, `values` are prefilled values.

    `may` is a set of verbs the viewer may do now: complete, claim, unclaim, delegate, reassign, set_due,
    set_priority, comment, attach.
    """

    row: TaskRow
    documentation: str
    clauses: tuple[str, ...]
    form: object
    values: Mapping[str, Value]
    may: frozenset[str]
    record: RecordView
    state: object = None
    """How the form stands with these values: an `engine.forms.FormState`; given by lists that draw many forms."""
    why_not: str = ""
    """Why complete is missing, when it is and the viewer may know."""


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
class InstanceRow:
    """One instance as a list shows it."""

    id: int
    process_id: str
    process_name: str
    version: int
    business_key: str
    number: str
    title: str
    state: str
    end: str
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    suspended_until: datetime | None
    suspend_reason: str
    incidents: int
    summary: tuple[FieldValue, ...]


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


@dataclass(frozen=True, slots=True)
class Token:
    """A live token on a diagram: what waits at an element."""

    process_id: str
    element_id: str
    kind: str
    count: int
    since: datetime | None
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Way:
    """The way an instance took through one process definition: how often each element and flow was passed."""

    process_id: str
    elements: Mapping[str, int]
    flows: Mapping[str, int]
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Startable:
    """A start event that this person may start by hand, with its form."""

    process_id: str
    process_name: str
    element_id: str
    name: str
    documentation: str
    linked: bool


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """One version of a process: where it came from and what runs on it."""

    process_id: str
    name: str
    file: str
    version: int
    digest: str
    deployed_at: datetime
    deployed_by: str
    note: str
    running: int
    incidents: int
    latest: bool


@dataclass(frozen=True, slots=True)
class ElementAbout:
    """A flow node as the page of its process shows it; `waiting` is how many tasks are open there."""

    name: str
    documentation: str
    clauses: tuple[str, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class ProcessAbout:
    """What one version of a process is and has to do with: pairs are id and name. `tokens` are the open tasks,
    timers and incidents of all its instances."""

    documentation: str
    elements: Mapping[str, ElementAbout]
    findings: tuple[Finding, ...]
    tokens: tuple[Token, ...]
    calls: tuple[tuple[str, str], ...]
    callers: tuple[tuple[str, str], ...]
    decisions: tuple[tuple[str, str], ...]
    starts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """A step that failed and waits to be tried again."""

    id: int
    instance_id: int
    business_key: str
    title: str
    process_id: str
    process_name: str
    element_id: str
    element_name: str
    code: str
    text: str
    at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """A notification with its receivers, by name, and when each has read it."""

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


@dataclass(frozen=True, slots=True)
class SubstitutionView:
    """Who stands in for whom, from when to when, and for what."""

    id: int
    principal: str
    principal_name: str
    deputy: str
    deputy_name: str
    starts: datetime
    ends: datetime | None
    scope_kind: str
    scope_key: str


@dataclass(frozen=True, slots=True)
class ReferenceItem:
    """An item of a reference list."""

    list_id: str
    key: str
    label: str
    values: Mapping[str, Value]
    active: bool


@dataclass(frozen=True, slots=True)
class CalendarException:
    """One exception: a day off, or a day worked with its own hours (`periods`: "08:00-12:00,13:30-17:30")."""

    calendar: str
    day: date
    periods: str
    note: str


@dataclass(frozen=True, slots=True)
class Started:
    """What was started. `repeated`: this submission was known, and nothing was started again."""

    instance_id: int
    business_key: str
    number: str
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Completed:
    """What came of completing a task: what happened, what comes next and with whom."""

    task_id: int
    instance_id: int
    business_key: str
    repeated: bool
    next: tuple[TaskRow, ...]
    state: str
