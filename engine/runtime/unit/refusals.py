"""Why somebody cannot do a task: looked up only when he cannot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.errors import Conflict, Forbidden, GendanError, NotFound
from engine.store import history, instances, lookups
from engine.store.connect import Connection
from engine.store.instances import Stored, TaskToDo
from engine.store.rights import Acting
from engine.values import loads

_OVER = {
    "task-completed": "%(who)s completed this task at %(when)s.",
    "task-withdrawn": "This task was withdrawn at %(when)s: it is not needed any more.",
}


def no_such_task(task_id: int) -> NotFound:
    """The answer to everybody who may not know the task."""
    return NotFound("There is no task %(id)d, or it is not yours to see.", id=task_id)


def task_is_over(connection: Connection, task_id: int, acting: Acting) -> GendanError:
    """What became of a task that is not there any more: who completed it and when, if the person may know."""
    rows = history.of_task(connection, task_id)
    over = next((row for row in reversed(rows) if row.kind in _OVER), None)
    if over is None or instances.is_shut_out(connection, over.instance_id, acting):
        return no_such_task(task_id)
    if not (_had_it(rows, acting) or instances.load(connection, over.instance_id, acting) is not None):
        return no_such_task(task_id)
    name = lookups.names(connection, [over.actor]).get(over.actor, over.actor)
    return Conflict(_OVER[over.kind], who=name, when=over.at, actor=over.actor)


def _had_it(rows: Sequence[Any], acting: Acting) -> bool:
    """Whether the task was once the person's or offered to him: then he may know what became of it."""
    subjects = {subject for each in acting.capacities() for subject in each.subjects}
    for row in rows:
        data = loads(row.data) if row.data else {}
        if isinstance(data, dict):
            offered = data.get("offered")
            named = [str(each) for each in offered] if isinstance(offered, list) else []
            if subjects & {*named, f"user:{data.get('assignee')}", f"user:{data.get('to')}"}:
                return True
    return False


def not_yours(connection: Connection, todo: TaskToDo, acting: Acting) -> GendanError:
    """Why this person may not complete a task that waits."""
    if not todo.seen:
        return no_such_task(todo.id)
    if instances.is_excluded(connection, todo.id, acting.user_id):
        return Forbidden(
            "You may not do “%(task)s”: who did an earlier step of it may not do this one (four eyes).",
            task=todo.name,
            right="complete",
            reason="four-eyes",
        )
    if todo.assignee:
        name = lookups.names(connection, [todo.assignee]).get(todo.assignee, todo.assignee)
        return Forbidden(
            "“%(task)s” is with %(who)s. It can be reassigned.", task=todo.name, who=name, right="complete"
        )
    return Forbidden("“%(task)s” is offered to others, not to you.", task=todo.name, right="complete")


def taken(connection: Connection, todo: TaskToDo, acting: Acting) -> GendanError:
    """Why this person may not have a task that waits: who was faster and when, if it is offered to him too."""
    rows = history.of_task(connection, todo.id)
    last = next((row for row in reversed(rows) if row.kind == "claimed"), None)
    if not todo.assignee or last is None or not todo.seen or not _had_it(rows, acting):
        return not_yours(connection, todo, acting)
    name = lookups.names(connection, [todo.assignee]).get(todo.assignee, todo.assignee)
    return Conflict("%(who)s took “%(task)s” at %(when)s.", who=name, task=todo.name, when=last.at, actor=last.actor)


def not_a_worker(topic: str) -> Forbidden:
    """Why somebody who may know an instance may not do its external tasks."""
    return Forbidden(
        "Working on “%(topic)s” needs to be one of the step's senders, or the right %(right)s.",
        topic=topic,
        right="send_any",
    )


def require_active(stored: Stored) -> None:
    """Raise Conflict when the instance has ended or is on hold."""
    if stored.state == "suspended":
        raise Conflict(
            "%(key)s is on hold since %(since)s: %(reason)s. Resume it first.",
            key=stored.business_key,
            since=stored.suspended_at,
            reason=stored.suspend_reason,
            until=stored.suspended_until,
        )
    require_open(stored)


def require_open(stored: Stored) -> None:
    """Raise Conflict when the instance has ended."""
    if stored.ended:
        raise Conflict("%(key)s has ended already.", key=stored.number or stored.business_key, state=stored.state)


def require_right(acting: Acting, right: str, stored: Stored, groups: tuple[str, ...] = ()) -> str:
    """The principal in whose capacity the person has a right on an instance; Forbidden when he has not.

    `groups` (from the process) replace the groups that have the right by default.
    """
    if acting.system:
        return ""
    if groups:
        found = acting.capacity_in(groups, stored.business_key, stored.confidential)
    else:
        found = acting.capacity_with(right, stored.business_key, stored.confidential)
    if found is None:
        raise Forbidden("This needs the right “%(right)s” on %(key)s.", right=right, key=stored.business_key)
    return found.principal


def has_right(acting: Acting, right: str, stored: Stored, groups: tuple[str, ...] = ()) -> bool:
    """Whether the person has a right on an instance, by the same rule."""
    try:
        require_right(acting, right, stored, groups)
    except Forbidden:
        return False
    return True


def visible_instance(connection: Connection, instance_id: int, acting: Acting) -> Stored:
    """An instance the person may know. Raises NotFound, the same for one that does not exist."""
    found = instances.load(connection, instance_id, acting)
    if found is None:
        raise NotFound("There is no instance %(id)d, or it is not yours to see.", id=instance_id)
    return found
