"""How a form stands while somebody fills it in: what it asks, requires and computes with what is typed so far.

For pages, which show and hide fields, sum up rows and draw the panel of each outcome. Nothing is written; whoever may
not see the form gets the same answer as from the form itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine import forms
from engine.forms import FormState
from engine.runtime.lifecycle.startable import Starts
from engine.runtime.messages.messages import Messages
from engine.runtime.unit import refusals
from engine.runtime.unit.administration import acting_as
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.step import Step
from engine.store import instances
from engine.store.connect import Connection
from engine.views import Actor

Typed = Sequence[Mapping[str, object]]
"""Submissions as far as they are typed, one form state each."""


class Filling:
    """Form states of tasks, starts and messages; several submissions of one form are answered in one transaction."""

    def __init__(self, machinery: Machinery, messages: Messages) -> None:
        self._machinery = machinery
        self._messages = messages

    def of_task(self, task_id: int, typed: Typed, actor: Actor) -> tuple[FormState, ...]:
        """Of an open task. Raises NotFound, or Conflict when it is over."""

        def read(connection: Connection) -> tuple[FormState, ...]:
            acting = acting_as(self._machinery, connection, actor)
            todo = instances.load_task(connection, task_id, acting)
            if todo is None:
                raise refusals.task_is_over(connection, task_id, acting)
            if todo.done_for is None and not todo.seen:
                raise refusals.no_such_task(task_id)
            step = Step(self._machinery, connection, todo.instance, acting)
            element = step.element_at(todo.process_id, todo.element_id, todo.token)
            names, context = step.execution.variables(todo.token), step.environment.context()
            return tuple(forms.state(element.form, each, names, context, element.prefilled) for each in typed)

        return self._machinery.read(read)

    def of_start(
        self, process_id: str, typed: Typed, actor: Actor, element_id: str = "", key: str = ""
    ) -> tuple[FormState, ...]:
        """Of a start event, for itself or for the record named `key`. Raises NotFound and Forbidden."""

        def read(connection: Connection) -> tuple[FormState, ...]:
            acting = acting_as(self._machinery, connection, actor)
            starts = Starts(self._machinery, connection, acting, key)
            process, node = starts.find(process_id, element_id)
            starts.require(process, node)
            element, context = process.elements[node.id], starts.environment.context()
            return tuple(forms.state(element.form, each, starts.names, context, element.prefilled) for each in typed)

        return self._machinery.read(read)

    def of_message(self, subscription_id: int, typed: Typed, actor: Actor) -> tuple[FormState, ...]:
        """Of a message that may be sent by hand. Raises NotFound and Forbidden."""

        def read(connection: Connection) -> tuple[FormState, ...]:
            row, stored, acting = self._messages.by_hand(connection, subscription_id, actor)
            step = Step(self._machinery, connection, stored, acting)
            element = step.element_at(row.process_id, row.element_id, row.token)
            names, context = step.execution.variables(row.token), step.environment.context()
            return tuple(forms.state(element.form, each, names, context, element.prefilled) for each in typed)

        return self._machinery.read(read)
