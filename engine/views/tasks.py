"""One task, and what came of completing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import GendanError
from engine.values import Value
from engine.views.inbox import TaskRow
from engine.views.records import RecordView


@dataclass(frozen=True, slots=True)
class TaskForm:
    """One task with its form, as a sheet of many shows it. `form` is an `engine.forms.Form`, `values` are prefilled,
    `state` is how the form stands with them: an `engine.forms.FormState`. `offline` is empty unless it may be filled in
    without network; then the field that holds the time of observation, or `true`."""

    row: TaskRow
    documentation: str
    clauses: tuple[str, ...]
    form: object
    values: Mapping[str, Value]
    state: object
    offline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView(TaskForm):
    """One task with what its own page needs.

    `may` is a set of verbs the viewer may do now: complete, claim, unclaim, delegate, reassign, set_due,
    set_priority, comment, attach.
    """

    may: frozenset[str]
    record: RecordView
    why_not: GendanError | None = None
    """Why complete is missing, when it is and the viewer may know."""


@dataclass(frozen=True, slots=True)
class Completed:
    """What came of completing a task: what happened, what comes next and with whom."""

    task_id: int
    instance_id: int
    business_key: str
    repeated: bool
    next: tuple[TaskRow, ...]
    state: str
