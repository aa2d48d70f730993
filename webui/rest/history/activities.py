"""What went on at each element."""

from __future__ import annotations

from engine.views import (
    HistoryFilter,
    PastActivity,
)
from webui.access import engine
from webui.rest import ids, narrowing
from webui.rest.door import actor
from webui.rest.history.past import Past, PastQuery, activity_id, base, resource, span, took, where
from webui.rest.paging import Page, Paging, Sorting, order
from webui.rest.shapes import Count, Moment, moment

_ACTIVITIES = {
    "activityInstanceId": "token", "instanceId": "instance_id", "executionId": "token", "activityId": "element_id",
    "startTime": "began", "endTime": "ended", "definitionId": "definition_id",
}  # fmt: skip


class PastActivityShown(Past, frozen=True, kw_only=True):
    """What went on at an element."""

    id: str
    parent_activity_instance_id: str
    activity_id: str
    activity_name: str | None
    activity_type: str
    execution_id: str
    task_id: str | None
    assignee: str | None
    called_process_instance_id: str | None = None
    called_case_instance_id: str | None = None
    start_time: Moment
    end_time: Moment | None
    duration_in_millis: int | None
    canceled: bool
    complete_scope: bool = False


class PastActivityQuery(PastQuery, frozen=True, kw_only=True):
    """Which activities."""

    activity_instance_id: str | None = None
    execution_id: str | None = None
    activity_id: str | None = None
    activity_id_in: tuple[str, ...] | None = None
    task_assignee: str | None = None
    finished: bool = False
    unfinished: bool = False
    canceled: bool = False
    started_before: Moment | None = None
    started_after: Moment | None = None
    finished_before: Moment | None = None
    finished_after: Moment | None = None


class SortedPastActivityQuery(PastActivityQuery, frozen=True, kw_only=True):
    """Which activities, and in which order."""

    sorting: tuple[Sorting, ...] = ()


@resource.get("/history/activity-instance")
def activities(query: PastActivityQuery, page: Page) -> tuple[PastActivityShown, ...]:
    """What went on at elements, in instances that one may know."""
    return _activities(query, page, page.order(_ACTIVITIES))


@resource.post("/history/activity-instance")
def query_activities(body: SortedPastActivityQuery, page: Paging) -> tuple[PastActivityShown, ...]:
    """The same by a query as JSON."""
    return _activities(body, page, order(body.sorting, _ACTIVITIES))


@resource.get("/history/activity-instance/count")
def count_activities(query: PastActivityQuery) -> Count:
    """How many there are."""
    return Count(count=engine().history_search.count_activities(_of_activities(query), actor()))


@resource.post("/history/activity-instance/count")
def query_count_activities(body: SortedPastActivityQuery) -> Count:
    """The same by a query as JSON."""
    return count_activities(body)


@resource.get("/history/activity-instance/<id>")
def activity(id: str) -> PastActivityShown:
    """One of them."""
    found = engine().history_search.activities(_of_activities(PastActivityQuery(activity_instance_id=id)), actor(), 1)
    return _activity(found[0]) if found else ids.missing(id, "activity instance")


def _of_activities(query: PastActivityQuery, wanted: tuple[tuple[str, bool], ...] = ()) -> HistoryFilter:
    element, one = narrowing.activity(query.activity_instance_id, query.execution_id)
    elements = narrowing.both(element, narrowing.both(query.activity_id, query.activity_id_in))
    return HistoryFilter(
        **base(query),
        element_ids=elements,
        one=one,
        assignee=query.task_assignee,
        canceled=True if query.canceled else None,
        finished=narrowing.either(query.finished, query.unfinished, "finished"),
        began=span(query.started_after, query.started_before),
        ended=span(query.finished_after, query.finished_before),
        order=wanted,
    )


def _activities(
    query: PastActivityQuery, page: Paging, wanted: tuple[tuple[str, bool], ...]
) -> tuple[PastActivityShown, ...]:
    found = engine().history_search.activities(_of_activities(query, wanted), actor(), page.limit, page.first_result)
    return tuple(map(_activity, page.whole(found)))


def _activity(found: PastActivity) -> PastActivityShown:
    return PastActivityShown(
        **where(found),
        id=activity_id(found),
        parent_activity_instance_id=str(found.instance_id),
        activity_id=found.element_id,
        activity_name=found.name,
        activity_type=found.kind,
        execution_id=ids.execution(found.instance_id, found.token),
        task_id=None if found.task_id is None else str(found.task_id),
        assignee=found.actor or None,
        start_time=Moment(found.began),
        end_time=moment(found.ended),
        duration_in_millis=took(found.began, found.ended),
        canceled=found.canceled,
    )
