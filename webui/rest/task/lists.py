"""Lists of tasks, and one of them."""

from __future__ import annotations

from engine.views import Span, TaskFilter, TaskHead
from webui.access import engine
from webui.rest import ids, narrowing
from webui.rest.door import actor
from webui.rest.narrowing import Urgency
from webui.rest.paging import Page, Paging, Sorting, order
from webui.rest.shapes import Answer, Count, Moment, Query, moment
from webui.rest.task.one import head, resource

_ORDER = {
    "id": "id", "name": "name", "nameCaseInsensitive": "lower_name", "assignee": "assignee",
    "instanceId": "instance_id", "created": "created", "dueDate": "due", "followUpDate": "follow_up",
    "priority": "priority",
}  # fmt: skip


class Task(Answer, frozen=True, kw_only=True):
    """An open task."""

    id: str
    name: str
    assignee: str | None
    created: Moment
    due: Moment | None
    follow_up: Moment | None
    last_updated: Moment | None = None
    delegation_state: str | None
    description: str | None
    execution_id: str
    owner: str | None
    parent_task_id: str | None = None
    priority: int
    process_definition_id: str
    process_instance_id: str
    task_definition_key: str
    case_definition_id: str | None = None
    case_instance_id: str | None = None
    case_execution_id: str | None = None
    form_key: str | None = None
    camunda_form_ref: str | None = None
    suspended: bool
    tenant_id: str | None = None
    task_state: str = "Created"


class TaskQuery(Query, frozen=True, kw_only=True):
    """Which tasks. Names and patterns (`%`) are compared without regard to capitals where they are patterns."""

    task_id: str | None = None
    task_id_in: tuple[str, ...] | None = None
    process_instance_id: str | None = None
    process_instance_id_in: tuple[str, ...] | None = None
    process_instance_business_key: str | None = None
    process_instance_business_key_in: tuple[str, ...] | None = None
    process_instance_business_key_like: str = ""
    process_definition_id: str | None = None
    process_definition_key: str | None = None
    process_definition_key_in: tuple[str, ...] | None = None
    process_definition_name: str | None = None
    execution_id: str | None = None
    task_definition_key: str | None = None
    task_definition_key_in: tuple[str, ...] | None = None
    task_definition_key_like: str = ""
    name: str | None = None
    name_not_equal: str | None = None
    name_like: str = ""
    assignee: str | None = None
    assignee_in: tuple[str, ...] | None = None
    assignee_like: str = ""
    assigned: bool = False
    unassigned: bool = False
    owner: str | None = None
    delegation_state: str | None = None
    candidate_group: str | None = None
    candidate_groups: tuple[str, ...] | None = None
    candidate_user: str | None = None
    include_assigned_tasks: bool = False
    with_candidate_groups: bool = False
    without_candidate_groups: bool = False
    with_candidate_users: bool = False
    without_candidate_users: bool = False
    active: bool = False
    suspended: bool = False
    priority: Urgency | None = None
    min_priority: Urgency | None = None
    max_priority: Urgency | None = None
    created_on: Moment | None = None
    created_after: Moment | None = None
    created_before: Moment | None = None
    due_date: Moment | None = None
    due_after: Moment | None = None
    due_before: Moment | None = None
    without_due_date: bool = False
    follow_up_date: Moment | None = None
    follow_up_after: Moment | None = None
    follow_up_before: Moment | None = None
    follow_up_before_or_not_existent: Moment | None = None
    without_tenant_id: bool = False
    variable_names_ignore_case: bool = False
    variable_values_ignore_case: bool = False


class SortedTaskQuery(TaskQuery, frozen=True, kw_only=True):
    """Which tasks, and in which order."""

    sorting: tuple[Sorting, ...] = ()


@resource.get("/task")
def list_(query: TaskQuery, page: Page) -> tuple[Task, ...]:
    """The open tasks of instances that one may know."""
    return _listed(query, page, page.order(_ORDER))


@resource.post("/task")
def query(body: SortedTaskQuery, page: Paging) -> tuple[Task, ...]:
    """The same by a query as JSON."""
    return _listed(body, page, order(body.sorting, _ORDER))


@resource.get("/task/count")
def count(query: TaskQuery) -> Count:
    """How many there are."""
    return Count(count=engine().task_search.count(_filter(query), actor()))


@resource.post("/task/count")
def query_count(body: SortedTaskQuery) -> Count:
    """The same by a query as JSON."""
    return count(body)


@resource.get("/task/<id>")
def get(id: str) -> Task:
    """One task, while it is open."""
    return _shown(head(id))


def _listed(query: TaskQuery, page: Paging, wanted: tuple[tuple[str, bool], ...]) -> tuple[Task, ...]:
    found = engine().task_search.search(_filter(query, wanted), actor(), page.limit, page.first_result)
    return tuple(map(_shown, page.whole(found)))


def _shown(found: TaskHead) -> Task:
    return Task(
        id=str(found.id),
        name=found.name,
        assignee=found.assignee or None,
        created=Moment(found.created_at),
        due=moment(found.due),
        follow_up=moment(found.follow_up),
        delegation_state="PENDING" if found.owner else None,
        description=found.description or None,
        execution_id=ids.execution(found.instance_id, found.token),
        owner=found.owner or None,
        priority=found.priority,
        process_definition_id=ids.definition(found.process_id, found.version, found.definition_id),
        process_instance_id=str(found.instance_id),
        task_definition_key=found.element_id,
        suspended=found.suspended,
    )


def _filter(query: TaskQuery, wanted: tuple[tuple[str, bool], ...] = ()) -> TaskFilter:
    before = query.follow_up_before_or_not_existent
    either = narrowing.either
    return TaskFilter(
        ids=narrowing.numbers(narrowing.both(query.task_id, query.task_id_in)),
        instance_ids=narrowing.numbers(narrowing.both(query.process_instance_id, query.process_instance_id_in)),
        token=ids.execution_parts(query.execution_id) if query.execution_id is not None else None,
        keys=narrowing.both(query.process_instance_business_key, query.process_instance_business_key_in),
        key_like=query.process_instance_business_key_like,
        processes=narrowing.both(query.process_definition_key, query.process_definition_key_in),
        process_name=query.process_definition_name,
        definition_id=narrowing.definition(query.process_definition_id),
        element_ids=narrowing.both(query.task_definition_key, query.task_definition_key_in),
        element_like=query.task_definition_key_like,
        name=query.name,
        name_not=query.name_not_equal,
        name_like=query.name_like,
        assignees=narrowing.both(query.assignee, query.assignee_in),
        assignee_like=query.assignee_like,
        assigned=narrowing.either(query.assigned, query.unassigned, "assigned"),
        owner=query.owner,
        delegated=None if query.delegation_state is None else query.delegation_state.upper() == "PENDING",
        candidate_groups=narrowing.both(query.candidate_group, query.candidate_groups),
        candidate_user=query.candidate_user,
        has_candidate_groups=either(query.with_candidate_groups, query.without_candidate_groups, "withCandidateGroups"),
        has_candidate_users=either(query.with_candidate_users, query.without_candidate_users, "withCandidateUsers"),
        with_assigned=query.include_assigned_tasks,
        suspended=narrowing.either(query.suspended, query.active, "suspended"),
        priority=query.priority,
        priority_from=query.min_priority,
        priority_to=query.max_priority,
        created=_span(query.created_on, query.created_after, query.created_before),
        due=_span(query.due_date, query.due_after, query.due_before),
        follow_up=_span(query.follow_up_date, query.follow_up_after, before or query.follow_up_before),
        without_due=query.without_due_date,
        follow_up_may_miss=before is not None,
        order=wanted,
    )


def _span(at: Moment | None, after: Moment | None, before: Moment | None) -> Span:
    return Span(narrowing.read(at), narrowing.read(after), narrowing.read(before))
