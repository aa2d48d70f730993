"""Tasks: lists, taking and giving, completing with the fields of the form, and what is said of them and attached."""

from __future__ import annotations

from io import BytesIO
from typing import cast

from flask import Response, request

from engine.forms import Field, Form
from engine.views import CommentView, FileView, Span, TaskFilter, TaskHead
from webui.access import engine
from webui.rest import ids, narrowing, variables
from webui.rest.door import actor, person
from webui.rest.narrowing import Urgency
from webui.rest.operation import Resource
from webui.rest.paging import Page, Paging, Sorting, order
from webui.rest.refusing import invalid, unsupported
from webui.rest.shapes import Answer, Body, Count, Link, Moment, Query, moment
from webui.rest.variables import Given, Shown

resource = Resource("Task")
_ORDER = {
    "id": "id", "name": "name", "nameCaseInsensitive": "lower_name", "assignee": "assignee",
    "instanceId": "instance_id", "created": "created", "dueDate": "due", "followUpDate": "follow_up",
    "priority": "priority",
}  # fmt: skip
_FILE = {"type": "string", "format": "binary"}
_MULTIPART = {
    "multipart/form-data": {
        "type": "object",
        "properties": {"content": _FILE, "attachment-name": {"type": "string"}},
        "required": ["content"],
    }
}


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


class Somebody(Body, frozen=True, kw_only=True):
    """Who is to have a task."""

    user_id: str | None = None


class Submission(Body, frozen=True, kw_only=True):
    """The fields of the form."""

    variables: dict[str, Given] | None = None
    with_variables_in_return: bool = False


class FormAbout(Answer, frozen=True, kw_only=True):
    """How the form is made: of the fields of the diagram, which have no key."""

    key: str | None = None
    camunda_form_ref: str | None = None
    context_path: str | None = None
    fields: tuple[FormField, ...]


class FormField(Answer, frozen=True, kw_only=True):
    """A field; ours."""

    id: str
    label: str
    type: str
    required: bool
    options: tuple[str, ...]


class FormQuery(Query, frozen=True, kw_only=True):
    """Which fields."""

    variable_names: tuple[str, ...] | None = None
    deserialize_values: bool = True


class Reading(Query, frozen=True, kw_only=True):
    """How to read a variable; JSON is a text either way."""

    deserialize_value: bool = True


class IdentityLink(Answer, frozen=True, kw_only=True):
    """Who has to do with a task."""

    user_id: str | None = None
    group_id: str | None = None
    type: str


class Comment(Answer, frozen=True, kw_only=True):
    """What was said."""

    id: str
    user_id: str
    task_id: str
    process_instance_id: str | None = None
    root_process_instance_id: str | None = None
    removal_time: Moment | None = None
    time: Moment
    message: str
    links: tuple[Link, ...] = ()


class CommentGiven(Body, frozen=True, kw_only=True):
    """What to say."""

    message: str
    process_instance_id: str | None = None


class Attachment(Answer, frozen=True, kw_only=True):
    """What was attached."""

    id: str
    name: str
    task_id: str
    description: str | None = None
    type: str
    url: str | None = None
    create_time: Moment
    links: tuple[Link, ...] = ()


# --- lists ------------------------------------------------------------------------------------------------------


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
    return _shown(_head(id))


# --- taking and giving ------------------------------------------------------------------------------------------


@resource.post("/task/<id>/claim")
def claim(id: str, body: Somebody) -> None:
    """Take a task that is offered to oneself; to give it to another needs the right to correct."""
    if body.user_id is None:
        raise invalid("Say who claims: userId.")
    _assign(_number(id), body.user_id)


@resource.post("/task/<id>/unclaim")
def unclaim(id: str) -> None:
    """Give a claimed task back to those it is offered to."""
    engine().tasks.unclaim(_number(id), actor())


@resource.post("/task/<id>/assignee")
def assignee(id: str, body: Somebody) -> None:
    """Give a task to somebody, or back to all."""
    if body.user_id is None:
        unclaim(id)
    else:
        _assign(_number(id), body.user_id)


@resource.post("/task/<id>/delegate")
def delegate(id: str, body: Somebody) -> None:
    """Let somebody do one's task, for oneself."""
    if body.user_id is None:
        raise invalid("Say to whom: userId.")
    engine().tasks.delegate(_number(id), body.user_id, actor())


@resource.post("/task/<id>/resolve")
def resolve(id: str, body: Submission) -> None:
    """Give a delegated task back to who delegated it."""
    if body.variables:
        raise unsupported("The fields of a form are sent when the task is completed.")
    engine().tasks.resolve(_number(id), actor())


# --- doing ------------------------------------------------------------------------------------------------------


@resource.post("/task/<id>/complete")
def complete(id: str, body: Submission) -> dict[str, Shown] | None:
    """Complete a task with the fields of its form, and no others."""
    given = variables.read(body.variables)
    engine().tasks.complete(_number(id), given, actor())
    return variables.shown(given) if body.with_variables_in_return else None


@resource.post("/task/<id>/submit-form")
def submit_form(id: str, body: Submission) -> dict[str, Shown] | None:
    """The same."""
    return complete(id, body)


@resource.get("/task/<id>/form")
def form(id: str) -> FormAbout:
    """The fields of the form."""
    return FormAbout(fields=tuple(map(_field, cast(Form, engine().tasks.get(_number(id), actor()).form))))


@resource.get("/task/<id>/form-variables")
def form_variables(id: str, query: FormQuery) -> dict[str, Shown]:
    """The fields of the form with what fills them beforehand."""
    view = engine().tasks.get(_number(id), actor())
    names = [field.name for field in cast(Form, view.form)]
    wanted = query.variable_names
    return variables.shown({name: view.values.get(name) for name in names if wanted is None or name in wanted})


@resource.get("/task/<id>/variables")
def all_variables(id: str, query: FormQuery) -> dict[str, Shown]:
    """The variables that the task sees; needs the right to correct them."""
    found = _head(id)
    seen = engine().instances.variables(found.instance_id, actor(), found.token)
    wanted = query.variable_names
    return variables.shown({name: value for name, value in seen.items() if wanted is None or name in wanted})


@resource.get("/task/<id>/variables/<name>")
def one_variable(id: str, name: str, query: Reading) -> Shown:  # noqa: ARG001 - JSON is a text either way
    """One of those."""
    found = all_variables(id, FormQuery(variable_names=(name,)))
    return found[name] if name in found else ids.missing(name, "variable")


# --- about it ---------------------------------------------------------------------------------------------------


@resource.get("/task/<id>/identity-links")
def identity_links(id: str) -> tuple[IdentityLink, ...]:
    """Who has it, who delegated it, whom it is offered to."""
    found = _head(id)
    links = [IdentityLink(user_id=found.assignee, type="assignee")] if found.assignee else []
    links += [IdentityLink(user_id=found.owner, type="owner")] if found.owner else []
    for subject in engine().task_search.offered(found.id, actor()):
        kind, _, name = subject.partition(":")
        group = kind == "group"
        links.append(IdentityLink(group_id=name if group else None, user_id=None if group else name, type="candidate"))
    return tuple(links)


@resource.get("/task/<id>/comment")
def comments(id: str) -> tuple[Comment, ...]:
    """What was said of it, oldest first."""
    return tuple(_comment(id, each) for each in engine().task_search.comments(_number(id), actor()))


@resource.get("/task/<id>/comment/<comment>")
def comment(id: str, comment: str) -> Comment:
    """One of those."""
    found = next((each for each in comments(id) if each.id == comment), None)
    return found if found is not None else ids.missing(comment, "comment")


@resource.post("/task/<id>/comment/create")
def add_comment(id: str, body: CommentGiven) -> Comment:
    """Say something of it."""
    return _comment(id, engine().comments.add(_number(id), body.message, actor()))


@resource.get("/task/<id>/attachment")
def attachments(id: str) -> tuple[Attachment, ...]:
    """What was attached to it, oldest first."""
    return tuple(_attachment(id, each) for each in engine().task_search.attachments(_number(id), actor()))


@resource.get("/task/<id>/attachment/<attachment>")
def attachment(id: str, attachment: str) -> Attachment:
    """One of those."""
    return _attached(id, attachment)


@resource.get("/task/<id>/attachment/<attachment>/data", produces="application/octet-stream")
def attachment_data(id: str, attachment: str) -> Response:
    """Its bytes."""
    found = _attached(id, attachment)
    _, content = engine().files.download(int(found.id), actor())
    return Response(content, mimetype="application/octet-stream")


@resource.post("/task/<id>/attachment/create", consumes=_MULTIPART)
def attach(id: str) -> Attachment:
    """Attach a file, as the part `content` of a form."""
    sent = request.files.get("content")
    if sent is None:
        raise invalid("The file is the part content of a form (multipart/form-data).")
    name = request.form.get("attachment-name") or sent.filename or "file"
    return _attachment(id, engine().files.attach(BytesIO(sent.read()), name, actor(), _number(id)))


# --- within -----------------------------------------------------------------------------------------------------


def _number(id: str) -> int:
    return ids.whole(id, "task")


def _attached(id: str, wanted: str) -> Attachment:
    found = next((each for each in attachments(id) if each.id == wanted), None)
    return found if found is not None else ids.missing(wanted, "attachment")


def _head(id: str) -> TaskHead:
    found = engine().task_search.search(TaskFilter(ids=(_number(id),)), actor(), 1)
    return found[0] if found else ids.missing(id, "task")


def _assign(number: int, to: str) -> None:
    if to == person().id:
        engine().tasks.claim(number, actor())
    else:
        engine().tasks.reassign(number, to, actor())


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


def _field(field: Field) -> FormField:
    return FormField(
        id=field.name,
        label=field.label,
        type=field.type,
        required=field.required,
        options=tuple(option.id for option in field.options),
    )


def _comment(id: str, found: CommentView) -> Comment:
    return Comment(id=str(found.id), user_id=found.by, task_id=id, time=Moment(found.at), message=found.text)


def _attachment(id: str, found: FileView) -> Attachment:
    return Attachment(id=str(found.id), name=found.name, task_id=id, type=found.type, create_time=Moment(found.at))


def _listed(query: TaskQuery, page: Paging, wanted: tuple[tuple[str, bool], ...]) -> tuple[Task, ...]:
    found = engine().task_search.search(_filter(query, wanted), actor(), page.limit, page.first_result)
    return tuple(map(_shown, page.whole(found)))


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
