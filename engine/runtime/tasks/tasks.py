"""What people do with tasks: complete, claim, give back, delegate, reassign, due, priority, drafts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from engine import forms
from engine.errors import Forbidden, Invalid
from engine.runtime.messages.messages import Messages
from engine.runtime.papers.adding import Papers
from engine.runtime.papers.comments import Comments
from engine.runtime.papers.files import Files
from engine.runtime.tasks.inbox import Inboxes
from engine.runtime.unit import nobody, refusals
from engine.runtime.unit.administration import acting_as
from engine.runtime.unit.machinery import LostRace, Machinery
from engine.runtime.unit.occurrences import Place
from engine.runtime.unit.showing import Showing
from engine.runtime.unit.step import Step
from engine.store import history, instances, lookups, rights, tasks
from engine.store.connect import Connection
from engine.store.instances import TaskToDo
from engine.store.rights import Acting
from engine.values import Value, dumps, loads
from engine.views import Actor, Completed

T = TypeVar("T")


class Tasks(Inboxes, Papers):
    """The verbs of one task. Every one raises NotFound to who may not know it, Forbidden naming the missing right,
    and Conflict saying who was faster and when."""

    def __init__(self, machinery: Machinery, messages: Messages, files: Files, comments: Comments) -> None:
        Inboxes.__init__(self, machinery)
        Papers.__init__(self, files, comments)
        self._messages = messages

    def complete(
        self,
        task_id: int,
        values: Mapping[str, object],
        actor: Actor,
        submission: str = "",
        keyed_at: datetime | None = None,
    ) -> Completed:
        """Complete a task with the values of its form (typed values or texts).

        Raises FormInvalid with every field's errors. The same `submission` again returns what the first one did.
        `keyed_at` is when it was entered, where that was without network and before now; history keeps it beside the
        time of arrival.
        """

        def work(connection: Connection) -> tuple[Completed, bool]:
            acting = acting_as(self._machinery, connection, actor)
            todo = instances.load_task(connection, task_id, acting)
            if todo is None or todo.done_for is None:
                return self._not_completed(connection, task_id, todo, acting, submission), False
            refusals.require_active(todo.instance)
            step = Step(self._machinery, connection, todo.instance, acting, todo.delegated_by or todo.done_for)
            self._complete(step, todo, values, submission, keyed_at)
            return Showing(self._machinery, connection, acting).completed(step, task_id), step.posted

        completed, posted = self._machinery.write(work)
        if posted:
            self._messages.deliver()
        return completed

    def _complete(
        self,
        step: Step,
        todo: TaskToDo,
        values: Mapping[str, object],
        submission: str,
        keyed_at: datetime | None,
    ) -> None:
        place = Place(todo.process_id, todo.element_id, todo.token)
        element = step.element_at(todo.process_id, todo.element_id, todo.token)
        context = step.environment.context()
        names = step.execution.variables(todo.token)
        checked = forms.validate(element.form, values, names, context, element.prefilled)
        event = step.event("task-completed", place, values=checked)
        event.task_id, event.submission = todo.id, submission or None
        if keyed_at is not None and keyed_at < step.now:  # a clock that is ahead is not believed
            event.data["keyed_at"] = keyed_at
        whole: dict[str, Value] = {
            **checked,
            "completed_by": step.actor,
            "completed_at": step.now,
            "on_behalf_of": step.on_behalf_of or None,
        }
        step.execution.complete(todo.token, checked, whole)
        step.save()
        step.submit_files(checked, element.name)
        if not todo.took_part or step.on_behalf_of:
            people = [f"user:{each}" for each in (step.actor, step.on_behalf_of) if each]
            instances.grant(step.connection, step.stored.id, "participant", people)

    def _not_completed(
        self, connection: Connection, task_id: int, todo: TaskToDo | None, acting: Acting, submission: str
    ) -> Completed:
        """The first answer of a repeated submission, or the reason why it cannot be done."""
        known = history.with_submission(connection, submission) if submission else None
        if known is not None and known.task_id == task_id and known.actor == acting.user_id:
            return Completed(task_id, known.instance_id, known.business_key, True, (), known.state)
        if todo is None:
            raise refusals.task_is_over(connection, task_id, acting)
        raise refusals.taken(connection, todo, acting)

    def claim(self, task_id: int, actor: Actor) -> None:
        """Take a task that is offered to you (or to somebody you stand in for: then it is his)."""

        def work(step: Step, todo: TaskToDo) -> None:
            if todo.done_for is None:
                raise refusals.taken(step.connection, todo, step.acting)
            if todo.assignee:
                return
            self._give(step, todo, "claimed", todo.done_for)

        self._change(task_id, actor, work)

    def unclaim(self, task_id: int, actor: Actor) -> None:
        """Give a claimed task back to those it is offered to."""

        def work(step: Step, todo: TaskToDo) -> None:
            self._require_holder(step, todo)
            if not tasks.candidates(step.connection, [todo.id]):
                raise Invalid("“%(task)s” is offered to nobody else. Delegate it instead.", task=todo.name)
            self._give(step, todo, "unclaimed", "")

        self._change(task_id, actor, work)

    def delegate(self, task_id: int, to: str, actor: Actor) -> None:
        """Let somebody else do your task, for you."""

        def work(step: Step, todo: TaskToDo) -> None:
            self._require_holder(step, todo)
            self._require_person(step, todo, to)
            self._give(step, todo, "delegated", to, todo.assignee or step.actor)

        self._change(task_id, actor, work)

    def resolve(self, task_id: int, actor: Actor) -> None:
        """Give a task that was delegated to you back to who did."""

        def work(step: Step, todo: TaskToDo) -> None:
            self._require_holder(step, todo)
            if not todo.delegated_by:
                raise Invalid("“%(task)s” was delegated by nobody. Complete it.", task=todo.name)
            self._give(step, todo, "delegated", todo.delegated_by)

        self._change(task_id, actor, work)

    def reassign(self, task_id: int, to: str, actor: Actor) -> None:
        """Give anybody's task to somebody else; needs the right to correct."""

        def work(step: Step, todo: TaskToDo) -> None:
            self._require_right(step, todo)
            self._require_person(step, todo, to)
            self._give(step, todo, "reassigned", to)

        self._change(task_id, actor, work)

    def set_due(self, task_id: int, due: datetime | None, actor: Actor) -> None:
        """Give a task another due time; needs the right to correct."""
        self._set(task_id, actor, "due-set", "due_at", due)

    def set_priority(self, task_id: int, priority: int, actor: Actor) -> None:
        """Give a task another priority (50 is normal, more is sooner); needs the right to correct."""
        self._set(task_id, actor, "priority-set", "priority", priority)

    def save_draft(self, task_id: int, values: Mapping[str, Value], actor: Actor) -> None:
        """Keep what you have typed so far; only you see it."""

        def work(connection: Connection) -> None:
            acting = acting_as(self._machinery, connection, actor)
            todo = instances.load_task(connection, task_id, acting)
            if todo is None or todo.done_for is None:
                raise refusals.task_is_over(connection, task_id, acting)
            tasks.save_draft(connection, task_id, actor.user_id, dumps(dict(values)), self._machinery.clock.now())

        self._machinery.write(work)

    def draft(self, task_id: int, actor: Actor) -> dict[str, Value]:
        """What you have typed so far; empty without a draft."""
        text = self._machinery.read(lambda connection: tasks.load_draft(connection, task_id, actor.user_id))
        found = loads(text) if text else {}
        return found if isinstance(found, dict) else {}

    def _set(self, task_id: int, actor: Actor, kind: str, column: str, value: datetime | int | None) -> None:
        def work(step: Step, todo: TaskToDo) -> None:
            self._require_right(step, todo)
            known = loads(dumps(value))  # type: ignore[arg-type]
            self._event(step, todo, kind, {"to": known})
            tasks.change(step.connection, todo.id, {column: value})

        self._change(task_id, actor, work)

    def _change(self, task_id: int, actor: Actor, change: Callable[[Step, TaskToDo], None]) -> None:
        """One unit of work on a task that stays open."""

        def work(connection: Connection) -> bool:
            acting = acting_as(self._machinery, connection, actor)
            todo = instances.load_task(connection, task_id, acting)
            if todo is None:
                raise refusals.task_is_over(connection, task_id, acting)
            if todo.done_for is None and not todo.seen:
                raise refusals.no_such_task(task_id)
            step = Step(self._machinery, connection, todo.instance, acting, todo.done_for or "")
            change(step, todo)
            if step.journal.events:
                step.save()
            return step.posted

        if self._machinery.write(work):
            self._messages.deliver()

    def _give(self, step: Step, todo: TaskToDo, kind: str, to: str, delegated_by: str = "") -> None:
        self._event(step, todo, kind, {"from": todo.assignee, "to": to})
        values = {"assignee": to, "delegated_by": delegated_by}
        if not tasks.change(step.connection, todo.id, values, todo.assignee):
            raise LostRace  # given to somebody else just now: looking again tells to whom, and when
        nobody.look(step, {todo.token: todo.id}, known=True)

    def _event(self, step: Step, todo: TaskToDo, kind: str, data: dict[str, Value]) -> None:
        place = Place(todo.process_id, todo.element_id, todo.token)
        step.event(kind, place, **data).task_id = todo.id

    def _require_holder(self, step: Step, todo: TaskToDo) -> None:
        if todo.done_for is None or not todo.assignee:
            self._require_right(step, todo)

    def _require_right(self, step: Step, todo: TaskToDo) -> None:
        acting, stored = step.acting, todo.instance
        groups = step.process.traits.correctors
        if acting.system or acting.capacity_with("administer", stored.business_key, stored.confidential):
            return
        step.on_behalf_of = self._principal(refusals.require_right(acting, "correct", stored, groups), acting)

    @staticmethod
    def _principal(principal: str, acting: Acting) -> str:
        return "" if principal == acting.user_id else principal

    def _require_person(self, step: Step, todo: TaskToDo, user_id: str) -> None:
        if not lookups.has_person(step.connection, user_id):
            raise Invalid("There is no active person %(id)s.", id=user_id)
        to = rights.who(step.connection, user_id, step.now)
        if instances.is_shut_out(step.connection, step.stored.id, to):
            raise Forbidden("“%(task)s” cannot be given to %(id)s.", id=user_id, task=todo.name, right="complete")
        if instances.is_excluded(step.connection, todo.id, user_id):
            raise Forbidden(
                "%(id)s may not do “%(task)s”: who did an earlier step of it may not do this one (four eyes).",
                id=user_id,
                task=todo.name,
                right="complete",
            )
