"""External tasks: what workers outside fetch, do, fail at and give back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated, Any

from flask import Response
from msgspec import Meta

from engine.errors import Conflict
from engine.views import ExternalFilter, ExternalTask, Failure, Fetch, Fetched, Topic
from webui.access import engine
from webui.rest import ids, narrowing, polling, variables
from webui.rest.door import actor
from webui.rest.narrowing import Urgency
from webui.rest.operation import Resource
from webui.rest.paging import Page, Paging, Sorting, order
from webui.rest.refusing import Refused, unsupported
from webui.rest.shapes import Answer, Body, Count, Moment, Query, moment
from webui.rest.variables import Given, Shown

resource = Resource("External task")
_ORDER = {
    "id": "id", "lockExpirationTime": "locked_until", "processInstanceId": "instance_id",
    "processDefinitionId": "definition_id", "processDefinitionKey": "process_id", "taskPriority": "priority",
    "createTime": "created_at",
}  # fmt: skip
_MOST = 1000
_LAST = 2**31 - 1
Milliseconds = Annotated[int, Meta(ge=0, le=2**53)]
Tries = Annotated[int, Meta(ge=0, le=_LAST)]


class External(Answer, frozen=True, kw_only=True):
    """A step that waits for a worker."""

    id: str
    activity_id: str
    activity_instance_id: str
    execution_id: str
    process_instance_id: str
    process_definition_id: str
    process_definition_key: str
    process_definition_version_tag: str | None = None
    tenant_id: str | None = None
    business_key: str
    topic_name: str
    worker_id: str | None
    lock_expiration_time: Moment | None
    create_time: Moment
    retries: int | None
    error_message: str | None
    priority: int
    suspended: bool


class Locked(External, frozen=True, kw_only=True):
    """One that is the worker's now, with its variables."""

    variables: dict[str, Shown]
    extension_properties: dict[str, str] | None = None


class TopicWanted(Body, frozen=True, kw_only=True):
    """A topic to fetch of. `variables` are the names wanted, all without it."""

    topic_name: str
    lock_duration: Milliseconds
    variables: tuple[str, ...] | None = None
    local_variables: bool = False
    deserialize_values: bool = False
    include_extension_properties: bool = False
    business_key: str | None = None
    process_definition_id: str | None = None
    process_definition_id_in: tuple[str, ...] | None = None
    process_definition_key: str | None = None
    process_definition_key_in: tuple[str, ...] | None = None
    process_definition_version_tag: str | None = None
    process_variables: dict[str, Given] | None = None
    without_tenant_id: bool = False
    tenant_id_in: tuple[str, ...] | None = None


class FetchWanted(Body, frozen=True, kw_only=True):
    """What a worker asks for, and how many milliseconds he waits when there is none."""

    worker_id: str
    max_tasks: Annotated[int, Meta(ge=0, le=_MOST)] = 10
    use_priority: bool = True
    async_response_timeout: Milliseconds = 0
    sorting: tuple[Sorting, ...] | None = None
    topics: tuple[TopicWanted, ...] = ()


class Completion(Body, frozen=True, kw_only=True):
    """A step is done."""

    worker_id: str
    variables: dict[str, Given] | None = None
    local_variables: dict[str, Given] | None = None


class FailureGiven(Body, frozen=True, kw_only=True):
    """A try failed; `retries` are left."""

    worker_id: str
    error_message: str | None = None
    error_details: str | None = None
    retries: Tries = 0
    retry_timeout: Milliseconds = 0
    variables: dict[str, Given] | None = None
    local_variables: dict[str, Given] | None = None


class BpmnError(Body, frozen=True, kw_only=True):
    """A step ended in a BPMN error."""

    worker_id: str
    error_code: str
    error_message: str | None = None
    variables: dict[str, Given] | None = None


class Extension(Body, frozen=True, kw_only=True):
    """A worker needs longer."""

    worker_id: str
    new_duration: Milliseconds


class LockWanted(Body, frozen=True, kw_only=True):
    """A worker wants this very task."""

    worker_id: str
    lock_duration: Milliseconds


class Retries(Body, frozen=True, kw_only=True):
    """How many tries are left."""

    retries: Tries


class ManyRetries(Retries, frozen=True, kw_only=True):
    """The same for several."""

    external_task_ids: tuple[str, ...]


class Priority(Body, frozen=True, kw_only=True):
    """How urgent one is."""

    priority: Annotated[int, Meta(ge=-_LAST, le=_LAST)]


class ExternalQuery(Query, frozen=True, kw_only=True):
    """Which external tasks."""

    external_task_id: str | None = None
    external_task_id_in: tuple[str, ...] | None = None
    topic_name: str | None = None
    worker_id: str | None = None
    locked: bool = False
    not_locked: bool = False
    with_retries_left: bool = False
    no_retries_left: bool = False
    lock_expiration_after: Moment | None = None
    lock_expiration_before: Moment | None = None
    activity_id: str | None = None
    activity_id_in: tuple[str, ...] | None = None
    execution_id: str | None = None
    process_instance_id: str | None = None
    process_instance_id_in: tuple[str, ...] | None = None
    process_definition_id: str | None = None
    process_definition_key: str | None = None
    process_definition_key_in: tuple[str, ...] | None = None
    active: bool = False
    suspended: bool = False
    priority_higher_than_or_equals: Urgency | None = None
    priority_lower_than_or_equals: Urgency | None = None


class SortedExternalQuery(ExternalQuery, frozen=True, kw_only=True):
    """Which external tasks, and in which order."""

    sorting: tuple[Sorting, ...] = ()


class TopicsQuery(Query, frozen=True, kw_only=True):
    """Topics of which tasks."""

    with_locked_tasks: bool = False
    with_unlocked_tasks: bool = False
    with_retries_left: bool = False


# --- asking -----------------------------------------------------------------------------------------------------


@resource.get("/external-task")
def list_(query: ExternalQuery, page: Page) -> tuple[External, ...]:
    """What waits for workers, of what one may work on or know."""
    return _listed(query, page, page.order(_ORDER))


@resource.post("/external-task")
def query(body: SortedExternalQuery, page: Paging) -> tuple[External, ...]:
    """The same by a query as JSON."""
    return _listed(body, page, order(body.sorting, _ORDER))


@resource.get("/external-task/count")
def count(query: ExternalQuery) -> Count:
    """How many there are."""
    return Count(count=engine().externals.count(_filter(query), actor()))


@resource.post("/external-task/count")
def query_count(body: SortedExternalQuery) -> Count:
    """The same by a query as JSON."""
    return count(body)


@resource.get("/external-task/topic-names")
def topics(query: TopicsQuery) -> tuple[str, ...]:
    """The topics of those."""
    locked = True if query.with_locked_tasks else False if query.with_unlocked_tasks else None
    wanted = ExternalFilter(locked=locked, retries_left=True if query.with_retries_left else None)
    return engine().externals.topics(wanted, actor())


@resource.get("/external-task/<id>")
def get(id: str) -> External:
    """One of them."""
    return External(**_shown(engine().externals.get(_number(id), actor())))


@resource.get("/external-task/<id>/errorDetails", produces="text/plain")
def error_details(id: str) -> Response:
    """What the worker said at length about the last try that failed."""
    text = engine().externals.details(_number(id), actor())
    return Response(text, mimetype="text/plain") if text else Response(status=204)


# --- working ----------------------------------------------------------------------------------------------------


@resource.post("/external-task/fetchAndLock")
def fetch_and_lock(body: FetchWanted) -> tuple[Locked, ...]:
    """Take tasks of several topics for a while; when there are none, wait until there are or the time is over."""
    first = order(body.sorting or (), {"createTime": "created_at"})
    if any(down for _, down in first):
        raise unsupported("Tasks are given the oldest first.")
    wanted = Fetch(body.worker_id, body.max_tasks, tuple(map(_topic, body.topics)), body.use_priority)
    with polling.waiting(body.async_response_timeout / 1000) as seconds:
        found = engine().externals.fetch(wanted, actor(), seconds)
    told = {each.topic_name for each in body.topics if each.include_extension_properties}
    return tuple(_locked(each, each.task.topic in told) for each in found)


@resource.post("/external-task/<id>/complete")
def complete(id: str, body: Completion) -> None:
    """The step is done; the variables are its result."""
    values, local = variables.read(body.variables), variables.read(body.local_variables)
    with _held():
        engine().externals.complete(_number(id), body.worker_id, values, actor(), local)


@resource.post("/external-task/<id>/failure")
def failure(id: str, body: FailureGiven) -> None:
    """A try failed. With tries left it is given again after the timeout; without, it is an incident."""
    if body.variables or body.local_variables:
        raise unsupported("A try that failed changes no variables; complete the task or send a BPMN error with them.")
    failed = Failure(
        body.error_message or "", body.error_details or "", body.retries, timedelta(milliseconds=body.retry_timeout)
    )
    with _held():
        engine().externals.failed(_number(id), body.worker_id, failed, actor())


@resource.post("/external-task/<id>/bpmnError")
def bpmn_error(id: str, body: BpmnError) -> None:
    """The step ends in a BPMN error, for its error boundary to catch; without one it is an incident."""
    values = variables.read(body.variables)
    with _held():
        engine().externals.fail(
            _number(id), body.worker_id, body.error_code, body.error_message or "", actor(), values
        )  # fmt: skip


@resource.post("/external-task/<id>/extendLock")
def extend_lock(id: str, body: Extension) -> None:
    """Keep a task for longer, from now on."""
    with _held():
        engine().externals.extend(_number(id), body.worker_id, timedelta(milliseconds=body.new_duration), actor())


@resource.post("/external-task/<id>/lock")
def lock(id: str, body: LockWanted) -> None:
    """Take a free task for a while."""
    with _held():
        engine().externals.seize(_number(id), body.worker_id, timedelta(milliseconds=body.lock_duration), actor())


@resource.post("/external-task/<id>/unlock")
def unlock(id: str) -> None:
    """Let others have it."""
    engine().externals.unlock(_number(id), actor())


@resource.put("/external-task/<id>/retries")
def retries(id: str, body: Retries) -> None:
    """Give it tries; more than 0 takes its incident away."""
    engine().externals.set_retries((_number(id),), body.retries, actor())


@resource.put("/external-task/retries")
def many_retries(body: ManyRetries) -> None:
    """The same for several."""
    engine().externals.set_retries(tuple(map(_number, body.external_task_ids)), body.retries, actor())


@resource.put("/external-task/<id>/priority")
def priority(id: str, body: Priority) -> None:
    """Make it more or less urgent."""
    engine().externals.set_priority(_number(id), body.priority, actor())


# --- within -----------------------------------------------------------------------------------------------------


@contextmanager
def _held() -> Iterator[None]:
    """Who lost a task is told as Camunda 7 tells it: 400, where it stands in other hands now."""
    try:
        yield
    except Conflict as error:
        raise Refused(400, "RestException", str(error)) from error


def _number(id: str) -> int:
    return ids.whole(id, "external task")


def _topic(given: TopicWanted) -> Topic:
    if given.process_variables or given.process_definition_version_tag is not None or given.tenant_id_in:
        raise unsupported("A topic is narrowed by business key and process definition, not by variables or tags.")
    keys, definitions = given.process_definition_key_in or (), given.process_definition_id_in or ()
    if given.process_definition_key is not None:
        keys = (given.process_definition_key,)
    if given.process_definition_id is not None:
        definitions = (given.process_definition_id,)
    return Topic(
        given.topic_name,
        timedelta(milliseconds=given.lock_duration),
        given.variables,
        given.business_key,
        keys,
        tuple(ids.definition_number(each) or 0 for each in definitions),
    )


def _locked(found: Fetched, told: bool) -> Locked:
    properties = dict(found.task.properties) if told else None
    return Locked(**_shown(found.task), variables=variables.shown(found.variables), extension_properties=properties)


def _shown(found: ExternalTask) -> dict[str, Any]:
    return {
        "id": str(found.id),
        "activity_id": found.element_id,
        "activity_instance_id": f"{found.element_id}:{ids.execution(found.instance_id, found.token)}",
        "execution_id": ids.execution(found.instance_id, found.token),
        "process_instance_id": str(found.instance_id),
        "process_definition_id": ids.definition(found.process_id, found.version, found.definition_id),
        "process_definition_key": found.process_id,
        "business_key": found.business_key,
        "topic_name": found.topic,
        "worker_id": found.worker or None,
        "lock_expiration_time": moment(found.locked_until),
        "create_time": Moment(found.created_at),
        "retries": found.retries,
        "error_message": found.error or None,
        "priority": found.priority,
        "suspended": found.suspended,
    }


def _listed(query: ExternalQuery, page: Paging, wanted: tuple[tuple[str, bool], ...]) -> tuple[External, ...]:
    found = engine().externals.find(_filter(query, wanted), actor(), page.first_result, page.limit)
    return tuple(External(**_shown(each)) for each in page.whole(found))


def _filter(query: ExternalQuery, wanted: tuple[tuple[str, bool], ...] = ()) -> ExternalFilter:
    tasks = narrowing.both(query.external_task_id, query.external_task_id_in)
    instances = narrowing.both(query.process_instance_id, query.process_instance_id_in)
    return ExternalFilter(
        ids=narrowing.numbers(tasks),
        topic=query.topic_name,
        worker=query.worker_id,
        locked=narrowing.either(query.locked, query.not_locked, "locked"),
        retries_left=narrowing.either(query.with_retries_left, query.no_retries_left, "withRetriesLeft"),
        expires_after=narrowing.read(query.lock_expiration_after),
        expires_before=narrowing.read(query.lock_expiration_before),
        element_ids=narrowing.both(query.activity_id, query.activity_id_in),
        token=ids.execution_parts(query.execution_id) if query.execution_id is not None else None,
        instance_ids=narrowing.numbers(instances),
        processes=narrowing.both(query.process_definition_key, query.process_definition_key_in),
        definition_id=narrowing.definition(query.process_definition_id),
        suspended=narrowing.either(query.suspended, query.active, "suspended"),
        priority_from=query.priority_higher_than_or_equals,
        priority_to=query.priority_lower_than_or_equals,
        order=wanted,
    )
