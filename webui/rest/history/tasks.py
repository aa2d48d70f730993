"""Tasks, open and over."""

from __future__ import annotations

from engine.views import (
    HistoryFilter,
    PastTask,
)
from webui.access import engine
from webui.rest import ids, narrowing
from webui.rest.door import actor
from webui.rest.history.past import Past, PastQuery, activity_id, base, resource, span, took, where
from webui.rest.paging import Page, Paging, Sorting, order
from webui.rest.shapes import Count, Moment, moment

_TASKS = {
    "taskId": "id", "startTime": "began", "endTime": "ended", "assignee": "assignee", "dueDate": "due",
    "processInstanceId": "instance_id", "taskDefinitionKey": "element_id", "processDefinitionId": "definition_id",
}  # fmt: skip


class PastTaskShown(Past, frozen=True, kw_only=True):
    """A task, open or over."""

    id: str
    activity_instance_id: str
    execution_id: str
    task_definition_key: str
    name: str
    description: str | None = None
    assignee: str | None
    owner: str | None
    start_time: Moment
    end_time: Moment | None
    duration: int | None
    due: Moment | None
    follow_up: Moment | None = None
    delete_reason: str | None
    priority: int | None = None
    parent_task_id: str | None = None


class PastTaskQuery(PastQuery, frozen=True, kw_only=True):
    """Which tasks."""

    task_id: str | None = None
    task_definition_key: str | None = None
    task_definition_key_in: tuple[str, ...] | None = None
    task_assignee: str | None = None
    task_had_assignee: str | None = None
    finished: bool = False
    unfinished: bool = False
    started_before: Moment | None = None
    started_after: Moment | None = None
    finished_before: Moment | None = None
    finished_after: Moment | None = None


class SortedPastTaskQuery(PastTaskQuery, frozen=True, kw_only=True):
    """Which tasks, and in which order."""

    sorting: tuple[Sorting, ...] = ()


@resource.get("/history/task")
def tasks(query: PastTaskQuery, page: Page) -> tuple[PastTaskShown, ...]:
    """The tasks of instances that one may know, open and over."""
    return _tasks(query, page, page.order(_TASKS))


@resource.post("/history/task")
def query_tasks(body: SortedPastTaskQuery, page: Paging) -> tuple[PastTaskShown, ...]:
    """The same by a query as JSON."""
    return _tasks(body, page, order(body.sorting, _TASKS))


@resource.get("/history/task/count")
def count_tasks(query: PastTaskQuery) -> Count:
    """How many there are."""
    return Count(count=engine().history_search.count_tasks(_of_tasks(query), actor()))


@resource.post("/history/task/count")
def query_count_tasks(body: SortedPastTaskQuery) -> Count:
    """The same by a query as JSON."""
    return count_tasks(body)


def _of_tasks(query: PastTaskQuery, wanted: tuple[tuple[str, bool], ...] = ()) -> HistoryFilter:
    return HistoryFilter(
        **base(query),
        task_ids=narrowing.numbers(narrowing.both(query.task_id, None)),
        element_ids=narrowing.both(query.task_definition_key, query.task_definition_key_in),
        assignee=query.task_assignee,
        actor=query.task_had_assignee,
        finished=narrowing.either(query.finished, query.unfinished, "finished"),
        began=span(query.started_after, query.started_before),
        ended=span(query.finished_after, query.finished_before),
        order=wanted,
    )


def _tasks(query: PastTaskQuery, page: Paging, wanted: tuple[tuple[str, bool], ...]) -> tuple[PastTaskShown, ...]:
    found = engine().history_search.tasks(_of_tasks(query, wanted), actor(), page.limit, page.first_result)
    return tuple(map(_task, page.whole(found)))


def _task(found: PastTask) -> PastTaskShown:
    reason = None if found.ended is None else "deleted" if found.withdrawn else "completed"
    return PastTaskShown(
        **where(found),
        id=str(found.id),
        activity_instance_id=activity_id(found),
        execution_id=ids.execution(found.instance_id, found.token),
        task_definition_key=found.element_id,
        name=found.name,
        assignee=found.assignee or None,
        owner=found.owner or None,
        start_time=Moment(found.began),
        end_time=moment(found.ended),
        duration=took(found.began, found.ended),
        due=moment(found.due),
        delete_reason=reason,
    )
