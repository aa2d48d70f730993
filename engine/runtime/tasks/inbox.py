"""What waits for a person: the inbox, one task with what its page needs, and batches."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine import forms
from engine.errors import Conflict, GendanError, Invalid
from engine.runtime.records.view import RecordViews
from engine.runtime.unit import refusals
from engine.runtime.unit.administration import acting_as
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.showing import Showing
from engine.runtime.unit.step import Step
from engine.store import inbox, instances, rights, tasks
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.views import Actor, Count, Inbox, InboxFilter, TaskForm, TaskRow, TaskView

_BATCH_LIMIT = 200
_ID_DIGITS = 18
_SEEN = frozenset({"comment", "attach"})


class Inboxes:
    """Lists of tasks. The number of statements does not depend on the number of rows."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def inbox(self, actor: Actor, filter: InboxFilter | None = None) -> Inbox:
        """One page of the tasks of a person with the counts of its chips. Raises Invalid for a wrong cursor."""
        wanted = filter or InboxFilter()

        def read(connection: Connection) -> Inbox:
            now = self._machinery.clock.now()
            acting = rights.who(connection, actor.user_id, now)
            showing = Showing(self._machinery, connection, acting)
            conditions = inbox.narrowed(
                acting,
                wanted.process_id,
                wanted.element_id,
                wanted.stage,
                now if wanted.overdue else None,
                wanted.text,
            )
            if wanted.after:
                conditions.append(inbox.after(*_read_cursor(wanted.after)))
            rows = inbox.page(connection, acting, wanted.owner, conditions, wanted.limit + 1)
            shown = showing.task_rows(rows[: wanted.limit])
            everybody = "see_all" in acting.own.rights or acting.system
            mine, groups, everybodys, overdue = inbox.counts(connection, acting, now, everybody)
            return Inbox(
                rows=shown,
                next=_cursor(shown[-1]) if len(rows) > wanted.limit else "",
                mine=mine,
                groups=groups,
                everybody=everybodys,
                overdue=overdue,
                kinds=tuple(
                    Count(f"{each.process_id}/{each.element_id}", each.name, each.number, each.number >= inbox.CAP)
                    for each in inbox.kinds(connection, acting, wanted.owner)
                ),
                next_due=None if shown else self._next(connection, acting),
            )

        return self._machinery.read(read)

    def waiting(self, actor: Actor) -> int:
        """How many tasks wait for this person, mine and offered, counted up to 999; for the frame of every page."""

        def read(connection: Connection) -> int:
            acting = acting_as(self._machinery, connection, actor)
            return min(inbox.count(connection, acting, "both"), inbox.CAP)

        return self._machinery.read(read)

    def get(self, task_id: int, actor: Actor) -> TaskView:
        """One task for its page. NotFound to who may not know it; Conflict when it is over, saying who and when."""

        def read(connection: Connection) -> TaskView:
            acting = acting_as(self._machinery, connection, actor)
            found = inbox.one(connection, acting, task_id)
            if not found:
                raise refusals.task_is_over(connection, task_id, acting)
            showing = Showing(self._machinery, connection, acting)
            return self._view(connection, acting, found[0], showing.task_rows(found)[0])

        return self._machinery.read(read)

    def form(self, task_id: int, actor: Actor) -> TaskForm:
        """One task with its form, without what its page shows beside. Raises as `get`."""

        def read(connection: Connection) -> TaskForm:
            acting = acting_as(self._machinery, connection, actor)
            found = inbox.one(connection, acting, task_id)
            todo = instances.load_task(connection, task_id, acting) if found else None
            if todo is None:
                raise refusals.task_is_over(connection, task_id, acting)
            shown = Showing(self._machinery, connection, acting).task_rows(found)[0]
            return TaskForm(**self._form(connection, acting, todo, shown))

        return self._machinery.read(read)

    def next(self, actor: Actor) -> TaskRow | None:
        """The first task of one's inbox."""

        def read(connection: Connection) -> TaskRow | None:
            acting = acting_as(self._machinery, connection, actor)
            found = inbox.page(connection, acting, "both", (), 1)
            return next(iter(Showing(self._machinery, connection, acting).task_rows(found)), None)

        return self._machinery.read(read)

    def batch(self, process_id: str, element_id: str, actor: Actor) -> tuple[TaskForm, ...]:
        """The tasks of one element that the person may do now, each with its form, to be done on one page."""

        def read(connection: Connection) -> tuple[TaskForm, ...]:
            acting = acting_as(self._machinery, connection, actor)
            conditions = [
                rights.may_do(acting),
                *inbox.narrowed(acting, "", element_id, "", None, ""),
                tasks.in_process(process_id),
            ]
            found = inbox.page(connection, acting, "both", conditions, _BATCH_LIMIT)
            shown = Showing(self._machinery, connection, acting).task_rows(found)
            wanted = [view for view in shown if view.batch and not view.suspended]
            loaded = instances.load_tasks(connection, [view.id for view in wanted], acting)
            return tuple(TaskForm(**self._form(connection, acting, loaded[view.id], view)) for view in wanted)

        return self._machinery.read(read)

    def batches(self, element_id: str, actor: Actor) -> tuple[str, ...]:
        """The processes of which this person has tasks of this element to be done on one page."""

        def read(connection: Connection) -> tuple[str, ...]:
            acting = acting_as(self._machinery, connection, actor)
            found = inbox.kinds(connection, acting, "both")
            return tuple(each.process_id for each in found if each.element_id == element_id and each.batch)

        return self._machinery.read(read)

    def _view(self, connection: Connection, acting: Acting, row: Any, shown: TaskRow) -> TaskView:
        todo = instances.load_task(connection, row.id, acting)
        if todo is None:
            raise refusals.no_such_task(row.id)
        record = RecordViews(self._machinery, connection, acting).record(todo.instance.business_key)
        may, why = self._may(connection, acting, todo, shown)
        return TaskView(**self._form(connection, acting, todo, shown), may=may, record=record, why_not=why)

    def _form(self, connection: Connection, acting: Acting, todo: instances.TaskToDo, shown: TaskRow) -> dict[str, Any]:
        """What a `TaskForm` holds."""
        step = Step(self._machinery, connection, todo.instance, acting)
        element = step.element_at(todo.process_id, todo.element_id, todo.token)
        names, context = step.execution.variables(todo.token), step.environment.context()
        values = forms.prefill(element.form, names, context, element.prefilled)
        return {
            "row": shown,
            "documentation": element.node.documentation,
            "clauses": element.clauses,
            "form": element.form,
            "values": values,
            "state": forms.state(element.form, values, names, context, element.prefilled),
            "offline": element.node.properties.get("offline", ""),
        }

    def _may(
        self, connection: Connection, acting: Acting, todo: instances.TaskToDo, shown: TaskRow
    ) -> tuple[frozenset[str], GendanError | None]:
        """The verbs this person may do now, and why completing is not among them."""
        found = set(_SEEN)
        stored = todo.instance
        corrects = (
            acting.system
            or acting.capacity_with("administer") is not None
            or bool(acting.capacity_with("correct", stored.business_key, stored.confidential))
        )
        if corrects:
            found |= {"reassign", "set_due", "set_priority"}
        if todo.done_for is None:
            return frozenset(found), refusals.not_yours(connection, todo, acting)
        if shown.suspended:
            return frozenset(found), Conflict("This is on hold. It can be done once it goes on.")
        found.add("complete")
        if todo.assignee:
            found |= {"delegate"} | ({"unclaim"} if tasks.candidates(connection, [todo.id]) else set())
        else:
            found.add("claim")
        return frozenset(found), None

    def _next(self, connection: Connection, acting: Acting) -> tuple[datetime, str] | None:
        found = inbox.next_timer(connection, acting)
        if found is None:
            return None
        practice = self._machinery.library.practice(found.deployment_id)
        process = practice.processes.get(found.process_id)
        element = process.elements.get(found.element_id) if process is not None else None
        return found.due_at, element.name if element is not None else found.element_id


def _cursor(row: TaskRow) -> str:
    return f"{row.due.isoformat() if row.due is not None else ''}~{row.id}"


def _read_cursor(text: str) -> tuple[datetime | None, int]:
    due, _, task_id = text.rpartition("~")
    try:
        if len(task_id) > _ID_DIGITS:
            raise ValueError(task_id)
        moment = datetime.fromisoformat(due) if due else None
        if moment is not None and moment.tzinfo is None:
            raise ValueError(due)
        return moment, int(task_id)
    except ValueError as error:
        raise Invalid("The place “%(after)s” in the list is unknown. Begin at its start.", after=text) from error
