"""What happened, as programs ask for it: tasks, activities and decisions over all instances one may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.values import Value
from engine.views.task_search import ALWAYS, Span


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Which of them. What is None or empty does not limit. `instance` and `token` or `seq` name one activity or
    decision; `actor` is who finished a task, `decision` the id of a decision."""

    instance_ids: tuple[int, ...] | None = None
    keys: tuple[str, ...] | None = None
    processes: tuple[str, ...] | None = None
    definition_id: int | None = None
    element_ids: tuple[str, ...] | None = None
    task_ids: tuple[int, ...] | None = None
    one: tuple[int, int] | None = None
    finished: bool | None = None
    canceled: bool | None = None
    actor: str | None = None
    assignee: str | None = None
    decision: str | None = None
    began: Span = ALWAYS
    ended: Span = ALWAYS
    order: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class PastTask:
    """A task, open or over. `assignee` has it, or finished it; `withdrawn` tells that nobody did."""

    id: int
    instance_id: int
    token: int
    business_key: str
    process_id: str
    definition_id: int
    version: int
    element_id: str
    name: str
    assignee: str
    owner: str
    began: datetime
    ended: datetime | None
    due: datetime | None
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class PastActivity:
    """What one token did at one element. `kind` is the element's in BPMN, `task_id` its task, if it was one."""

    instance_id: int
    token: int
    process_id: str
    definition_id: int
    version: int
    element_id: str
    name: str
    kind: str
    task_id: int | None
    actor: str
    began: datetime
    ended: datetime | None
    canceled: bool


@dataclass(frozen=True, slots=True)
class PastDecision:
    """A table that was asked: what went in, which rules matched, what came out."""

    instance_id: int
    seq: int
    token: int
    process_id: str
    definition_id: int
    version: int
    element_id: str
    decision: str
    at: datetime
    rules: tuple[str, ...]
    inputs: dict[str, Value]
    result: Value


@dataclass(frozen=True, slots=True)
class PastValue:
    """A value that somebody entered into a field of a form."""

    instance_id: int
    seq: int
    task_id: int | None
    process_id: str
    definition_id: int
    version: int
    element_id: str
    token: int
    actor: str
    at: datetime
    name: str
    value: Value
