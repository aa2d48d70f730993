"""Statements on lists of open tasks, of instances that the person may know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from engine.store.connect import Connection
from engine.store.parts import part
from engine.store.rights import Acting, may_see
from engine.store.schema.people import membership
from engine.store.schema.running import process_definition, process_instance, task, task_candidate
from engine.views.task_search import Span, TaskFilter

ORDERS = {
    "id": task.c.id,
    "name": task.c.name,
    "lower_name": func.lower(task.c.name),
    "assignee": task.c.assignee,
    "instance_id": task.c.instance_id,
    "created": task.c.created_at,
    "due": task.c.due_at,
    "follow_up": task.c.follow_up_at,
    "priority": task.c.priority,
}
"""By what a list can be sorted."""
_JOINED = task.join(process_instance, process_instance.c.id == task.c.instance_id)


def page(connection: Connection, wanted: TaskFilter, acting: Acting, limit: int, first: int) -> Sequence[Any]:
    """Rows of tasks with what is told of their instance; by number without an order."""
    query = select(
        task, process_instance.c.business_key, process_instance.c.deployment_id, process_instance.c.state
    ).select_from(_JOINED)
    query = query.where(may_see(acting), *_limits(wanted))
    return part(connection, query, ORDERS, wanted.order, ("id",), limit, first)


def count(connection: Connection, wanted: TaskFilter, acting: Acting) -> int:
    """How many there are."""
    query = select(func.count()).select_from(_JOINED).where(may_see(acting), *_limits(wanted))
    found: int = connection.execute(query).scalar_one()
    return found


def _limits(wanted: TaskFilter) -> Iterator[ColumnElement[bool]]:
    yield from _what(wanted)
    yield from _whose(wanted)
    yield from _within(task.c.created_at, wanted.created)
    yield from _within(task.c.due_at, wanted.due)
    follow_up = tuple(_within(task.c.follow_up_at, wanted.follow_up))
    if follow_up and wanted.follow_up_may_miss:
        yield or_(task.c.follow_up_at.is_(None), and_(*follow_up))
    else:
        yield from follow_up
    if wanted.without_due:
        yield task.c.due_at.is_(None)


def _what(wanted: TaskFilter) -> Iterator[ColumnElement[bool]]:
    key, definition = process_instance.c.business_key, process_instance.c.definition_id
    listed: tuple[tuple[ColumnElement[Any], tuple[Any, ...] | None], ...] = (
        (task.c.id, wanted.ids), (task.c.instance_id, wanted.instance_ids), (key, wanted.keys),
        (task.c.process_id, wanted.processes), (task.c.element_id, wanted.element_ids),
    )  # fmt: skip
    yield from (column.in_(values) for column, values in listed if values is not None)
    equal: tuple[tuple[ColumnElement[Any], Any], ...] = (
        (definition, wanted.definition_id), (task.c.name, wanted.name), (task.c.priority, wanted.priority),
    )  # fmt: skip
    yield from (column == value for column, value in equal if value is not None)
    alike = ((key, wanted.key_like), (task.c.element_id, wanted.element_like), (task.c.name, wanted.name_like))
    yield from (func.lower(column).like(pattern.lower()) for column, pattern in alike if pattern)
    if wanted.token is not None:
        yield and_(task.c.instance_id == wanted.token[0], task.c.token == wanted.token[1])
    if wanted.process_name is not None:
        named = select(process_definition.c.process_id).where(process_definition.c.name == wanted.process_name)
        yield task.c.process_id.in_(named)
    if wanted.name_not is not None:
        yield task.c.name != wanted.name_not
    if wanted.suspended is not None:
        yield process_instance.c.state == ("suspended" if wanted.suspended else "active")
    if wanted.priority_from is not None:
        yield task.c.priority >= wanted.priority_from
    if wanted.priority_to is not None:
        yield task.c.priority <= wanted.priority_to


def _whose(wanted: TaskFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.assignees is not None:
        yield task.c.assignee.in_(wanted.assignees)
    if wanted.assignee_like:
        yield task.c.assignee.like(wanted.assignee_like)
    if wanted.assigned is not None:
        yield task.c.assignee != "" if wanted.assigned else task.c.assignee == ""
    if wanted.owner is not None:
        yield task.c.delegated_by == wanted.owner
    if wanted.delegated is not None:
        yield task.c.delegated_by != "" if wanted.delegated else task.c.delegated_by == ""
    offered = tuple(_offered(wanted))
    yield from offered
    if offered and not wanted.with_assigned:
        yield task.c.assignee == ""
    kinds = (("group:", wanted.has_candidate_groups), ("user:", wanted.has_candidate_users))
    for kind, has in kinds:
        if has is not None:
            found = _candidate(task_candidate.c.subject.startswith(kind))
            yield found if has else ~found


def _offered(wanted: TaskFilter) -> Iterator[ColumnElement[bool]]:
    subject = task_candidate.c.subject
    if wanted.candidate_groups is not None:
        yield _candidate(subject.in_([f"group:{each}" for each in wanted.candidate_groups]))
    if wanted.candidate_user is not None:
        groups = select("group:" + membership.c.group_id).where(membership.c.user_id == wanted.candidate_user)
        yield _candidate(or_(false(), subject == f"user:{wanted.candidate_user}", subject.in_(groups)))


def _candidate(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    found = select(task_candidate.c.task_id).where(
        task_candidate.c.task_id == task.c.id, task_candidate.c.kind == "candidate", condition
    )
    return found.correlate(task).exists()


def _within(column: ColumnElement[Any], span: Span) -> Iterator[ColumnElement[bool]]:
    if span.at is not None:
        yield column == span.at
    if span.after is not None:
        yield column > span.after
    if span.before is not None:
        yield column < span.before
