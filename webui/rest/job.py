"""Jobs: timers of instances, and calls of other systems that steps wait for."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from engine.views import Span, WaitingFilter, WaitingJob
from webui.access import engine
from webui.rest import ids, narrowing
from webui.rest.door import actor
from webui.rest.operation import Resource
from webui.rest.paging import Page, Paging, Sorting, order
from webui.rest.refusing import unsupported
from webui.rest.shapes import Answer, Body, Count, Moment, Query

resource = Resource("Job")
_ORDER = {
    "jobId": "id", "jobDueDate": "due", "jobRetries": "left", "processInstanceId": "instance_id",
    "processDefinitionKey": "process_id",
}  # fmt: skip
_TIMER = "timer"


class Job(Answer, frozen=True, kw_only=True):
    """A timer or a call."""

    id: str
    job_definition_id: str | None = None
    due_date: Moment
    process_instance_id: str
    execution_id: str
    process_definition_id: str
    process_definition_key: str
    retries: int
    exception_message: str | None
    failed_activity_id: str | None
    suspended: bool
    priority: int = 0
    tenant_id: str | None = None
    create_time: Moment


class JobQuery(Query, frozen=True, kw_only=True):
    """Which jobs."""

    job_id: str | None = None
    job_ids: tuple[str, ...] | None = None
    process_instance_id: str | None = None
    process_instance_ids: tuple[str, ...] | None = None
    process_definition_id: str | None = None
    process_definition_key: str | None = None
    execution_id: str | None = None
    activity_id: str | None = None
    with_retries_left: bool = False
    no_retries_left: bool = False
    executable: bool = False
    timers: bool = False
    messages: bool = False
    with_exception: bool = False
    exception_message: str | None = None
    active: bool = False
    suspended: bool = False
    without_tenant_id: bool = False


class SortedJobQuery(JobQuery, frozen=True, kw_only=True):
    """Which jobs, and in which order."""

    sorting: tuple[Sorting, ...] = ()


class DueDate(Body, frozen=True, kw_only=True):
    """When a timer is due."""

    duedate: Moment | None = None
    cascade: bool = False


class Retries(Body, frozen=True, kw_only=True):
    """How many tries are left."""

    retries: Annotated[int, Meta(ge=0, lt=2**31)]
    due_date: Moment | None = None


@resource.get("/job")
def list_(query: JobQuery, page: Page) -> tuple[Job, ...]:
    """The timers and calls of instances that one may know."""
    return _listed(query, page, page.order(_ORDER))


@resource.post("/job")
def query(body: SortedJobQuery, page: Paging) -> tuple[Job, ...]:
    """The same by a query as JSON."""
    return _listed(body, page, order(body.sorting, _ORDER))


@resource.get("/job/count")
def count(query: JobQuery) -> Count:
    """How many there are."""
    return Count(count=engine().waiting.count_jobs(_filter(query), actor()))


@resource.post("/job/count")
def query_count(body: SortedJobQuery) -> Count:
    """The same by a query as JSON."""
    return count(body)


@resource.get("/job/<id>")
def get(id: str) -> Job:
    """One of them."""
    return _shown(_one(id))


@resource.post("/job/<id>/execute")
def execute(id: str) -> None:
    """Let a timer fire now, with the right to modify; try a call again now, with that to administer."""
    found = _one(id)
    if found.kind == _TIMER:
        engine().waiting.fire(found.id, actor())
    else:
        number = found.id // 2
        engine().jobs.retry(number, actor())
        engine().jobs.run(number)


@resource.put("/job/<id>/duedate")
def due_date(id: str, body: DueDate) -> None:
    """Let a timer be due at another time; needs the right to modify."""
    found = _one(id)
    if found.kind != _TIMER or body.duedate is None or body.cascade:
        raise unsupported("A timer is moved to a time; later rounds of its cycle count from there.")
    engine().waiting.move(found.id, body.duedate.at, actor())


@resource.put("/job/<id>/retries")
def retries(id: str, body: Retries) -> None:
    """Try a call again from the start; needs the right to administer."""
    found = _one(id)
    if found.kind == _TIMER or body.retries == 0 or body.due_date is not None:
        raise unsupported("A call that failed is tried again as often as any; a timer does not fail.")
    engine().jobs.retry(found.id // 2, actor())


def _one(id: str) -> WaitingJob:
    found = engine().waiting.jobs(WaitingFilter(ids=(ids.whole(id, "job"),)), actor(), 1)
    return found[0] if found else ids.missing(id, "job")


def _listed(query: JobQuery, page: Paging, wanted: tuple[tuple[str, bool], ...]) -> tuple[Job, ...]:
    found = engine().waiting.jobs(_filter(query, wanted), actor(), page.limit, page.first_result)
    return tuple(map(_shown, page.whole(found)))


def _filter(query: JobQuery, wanted: tuple[tuple[str, bool], ...] = ()) -> WaitingFilter:
    timers = narrowing.either(query.timers, query.messages, "timers")
    return WaitingFilter(
        ids=narrowing.numbers(narrowing.both(query.job_id, query.job_ids)),
        kinds=None if timers is None else (_TIMER,) if timers else ("http",),
        instance_ids=narrowing.numbers(narrowing.both(query.process_instance_id, query.process_instance_ids)),
        definition_id=narrowing.definition(query.process_definition_id),
        processes=narrowing.both(query.process_definition_key, None),
        element_ids=narrowing.both(query.activity_id, None),
        token=ids.execution_parts(query.execution_id) if query.execution_id is not None else None,
        suspended=narrowing.either(query.suspended, query.active, "suspended"),
        failed=narrowing.either(query.no_retries_left, query.with_retries_left, "noRetriesLeft"),
        due_by=engine().machinery.clock.now() if query.executable else None,
        text=query.exception_message,
        text_like="%" if query.with_exception else "",
        at=Span(),
        order=wanted,
    )


def _shown(found: WaitingJob) -> Job:
    return Job(
        id=str(found.id),
        due_date=Moment(found.due),
        process_instance_id=str(found.instance_id),
        execution_id=ids.execution(found.instance_id, found.token),
        process_definition_id=ids.definition(found.process_id, found.version, found.definition_id),
        process_definition_key=found.process_id,
        retries=found.left,
        exception_message=found.reason or None,
        failed_activity_id=found.element_id if found.reason else None,
        suspended=found.suspended,
        create_time=Moment(found.created_at),
    )
