"""Instances, open and over."""

from __future__ import annotations

from engine.views import (
    InstanceFilter,
    InstanceHead,
)
from webui.access import engine
from webui.rest import ids, narrowing
from webui.rest.door import actor
from webui.rest.history.past import head, resource, took
from webui.rest.paging import Page, Paging, Sorting, order
from webui.rest.shapes import Answer, Count, Moment, Query, moment

_INSTANCES = {
    "instanceId": "id", "definitionId": "definition", "definitionKey": "process", "businessKey": "key",
    "startTime": "started", "endTime": "ended",
}  # fmt: skip
_STATES = {"active": "ACTIVE", "suspended": "SUSPENDED", "completed": "COMPLETED", "cancelled": "EXTERNALLY_TERMINATED"}


class PastInstance(Answer, frozen=True, kw_only=True):
    """An instance, open or over."""

    id: str
    root_process_instance_id: str
    super_process_instance_id: str | None = None
    super_case_instance_id: str | None = None
    case_instance_id: str | None = None
    process_definition_name: str | None = None
    process_definition_key: str
    process_definition_version: int
    process_definition_id: str
    business_key: str
    start_time: Moment
    end_time: Moment | None
    removal_time: Moment | None = None
    duration_in_millis: int | None
    start_user_id: str | None
    start_activity_id: str | None = None
    delete_reason: str | None = None
    tenant_id: str | None = None
    state: str


class PastInstanceQuery(Query, frozen=True, kw_only=True):
    """Which instances."""

    process_instance_id: str | None = None
    process_instance_ids: tuple[str, ...] | None = None
    process_instance_business_key: str | None = None
    process_instance_business_key_in: tuple[str, ...] | None = None
    process_instance_business_key_like: str = ""
    process_definition_id: str | None = None
    process_definition_key: str | None = None
    process_definition_key_in: tuple[str, ...] | None = None
    process_definition_key_not_in: tuple[str, ...] = ()
    finished: bool = False
    unfinished: bool = False
    with_incidents: bool = False
    started_by: str = ""
    started_before: Moment | None = None
    started_after: Moment | None = None
    finished_before: Moment | None = None
    finished_after: Moment | None = None
    active: bool = False
    suspended: bool = False
    completed: bool = False
    externally_terminated: bool = False
    root_process_instances: bool = False
    without_tenant_id: bool = False


class SortedPastInstanceQuery(PastInstanceQuery, frozen=True, kw_only=True):
    """Which instances, and in which order."""

    sorting: tuple[Sorting, ...] = ()


@resource.get("/history/process-instance")
def instances(query: PastInstanceQuery, page: Page) -> tuple[PastInstance, ...]:
    """The instances that one may know, open and over."""
    return _instances(query, page, page.order(_INSTANCES))


@resource.post("/history/process-instance")
def query_instances(body: SortedPastInstanceQuery, page: Paging) -> tuple[PastInstance, ...]:
    """The same by a query as JSON."""
    return _instances(body, page, order(body.sorting, _INSTANCES))


@resource.get("/history/process-instance/count")
def count_instances(query: PastInstanceQuery) -> Count:
    """How many there are."""
    return Count(count=engine().instances.count(_of_instances(query), actor()))


@resource.post("/history/process-instance/count")
def query_count_instances(body: SortedPastInstanceQuery) -> Count:
    """The same by a query as JSON."""
    return count_instances(body)


@resource.get("/history/process-instance/<id>")
def instance(id: str) -> PastInstance:
    """One instance."""
    return _past(head(id))


def _instances(
    query: PastInstanceQuery, page: Paging, wanted: tuple[tuple[str, bool], ...]
) -> tuple[PastInstance, ...]:
    found = engine().instances.search(_of_instances(query), actor(), wanted, page.limit, page.first_result)
    return tuple(map(_past, page.whole(found)))


def _of_instances(query: PastInstanceQuery) -> InstanceFilter:
    numbers = narrowing.numbers(narrowing.both(query.process_instance_id, query.process_instance_ids))
    keys = narrowing.both(query.process_instance_business_key, query.process_instance_business_key_in)
    processes = narrowing.both(query.process_definition_key, query.process_definition_key_in)
    definition = narrowing.definition(query.process_definition_id)
    states = [
        state
        for state, chosen in (
            ("active", query.active), ("suspended", query.suspended), ("completed", query.completed),
            ("cancelled", query.externally_terminated),
        )
        if chosen
    ]  # fmt: skip
    if () in (keys, processes):
        return InstanceFilter(ids=())
    return InstanceFilter(
        ids=numbers,
        keys=keys or (),
        like=query.process_instance_business_key_like,
        processes=processes or (),
        not_processes=query.process_definition_key_not_in,
        definitions=(definition,) if definition is not None else (),
        states=tuple(states),
        open=narrowing.either(query.unfinished, query.finished, "finished"),
        stuck=True if query.with_incidents else None,
        started_by=query.started_by,
        started_after=narrowing.read(query.started_after),
        started_before=narrowing.read(query.started_before),
        ended_after=narrowing.read(query.finished_after),
        ended_before=narrowing.read(query.finished_before),
    )


def _past(found: InstanceHead) -> PastInstance:
    return PastInstance(
        id=str(found.id),
        root_process_instance_id=str(found.id),
        process_definition_key=found.process_id,
        process_definition_version=found.version,
        process_definition_id=ids.definition(found.process_id, found.version, found.definition_id),
        business_key=found.business_key,
        start_time=Moment(found.started_at),
        end_time=moment(found.ended_at),
        duration_in_millis=took(found.started_at, found.ended_at),
        start_user_id=found.started_by or None,
        state=_STATES.get(found.state, found.state.upper()),
    )
