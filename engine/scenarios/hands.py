"""The hands of a story's people: what they do at forms, tasks and records goes through here.

A story is the same whether its people act on the engine or through pages over it; only their hands differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Protocol

from engine.errors import GendanError
from engine.scenarios.world import World
from engine.values import Value
from engine.views import Actor, Button, Started, TaskForm

Filled = tuple[TaskForm, Mapping[str, Value]]
"""A task, and the values that its form is sent with."""


class Hands(Protocol):
    """Acts of people. Each raises the error of the engine that refused it, or `Stopped` when it cannot be done."""

    def upload(self, name: str, content: bytes, actor: Actor, task_id: int | None) -> Value:
        """Take a file for a form (of that task, or one that begins something): its value, to be sent with it."""

    def start(self, process: str, element: str, key: str, values: Mapping[str, Value], actor: Actor) -> Started:
        """Send a start form; `key` is the record that a linked process joins, `element` may be empty."""

    def complete(self, task: TaskForm, values: Mapping[str, Value], actor: Actor) -> None:
        """Send the form of a task."""

    def complete_page(self, element: str, rows: Sequence[Filled], actor: Actor) -> Sequence[GendanError | None]:
        """Send rows of the page of this element; the answer to each, None for done."""

    def send(self, key: str, button: Button, values: Mapping[str, Value], actor: Actor) -> None:
        """Send a message by its button on a record."""

    def claim(self, task_id: int, actor: Actor) -> None:
        """Take a task of the group."""

    def unclaim(self, task_id: int, actor: Actor) -> None:
        """Give it back."""

    def hold(self, key: str, instance_id: int, reason: str, until: datetime | None, actor: Actor) -> None:
        """Hold a record."""

    def resume(self, key: str, instance_id: int, actor: Actor) -> None:
        """Let it go on."""

    def cancel(self, key: str, instance_id: int, reason: str, actor: Actor) -> None:
        """Cancel it."""


class EngineHands:
    """People act on the engine itself."""

    def __init__(self, world: World) -> None:
        self._world = world

    def upload(self, name: str, content: bytes, actor: Actor, task_id: int | None) -> Value:
        """The value of a stored file."""
        return self._world.engine.files.upload(BytesIO(content), name, actor, task_id).value()

    def start(self, process: str, element: str, key: str, values: Mapping[str, Value], actor: Actor) -> Started:
        """Start it."""
        return self._world.engine.instances.start(process, values, actor, element_id=element, key=key)

    def complete(self, task: TaskForm, values: Mapping[str, Value], actor: Actor) -> None:
        """Complete it."""
        self._world.engine.tasks.complete(task.row.id, values, actor)

    def complete_page(self, element: str, rows: Sequence[Filled], actor: Actor) -> Sequence[GendanError | None]:
        """Each row in its own transaction."""
        del element
        return [self._answer(task, values, actor) for task, values in rows]

    def send(self, key: str, button: Button, values: Mapping[str, Value], actor: Actor) -> None:
        """Send it to who waits."""
        del key
        self._world.engine.messages.send(button.subscription_id, values, actor)

    def claim(self, task_id: int, actor: Actor) -> None:
        """Claim it."""
        self._world.engine.tasks.claim(task_id, actor)

    def unclaim(self, task_id: int, actor: Actor) -> None:
        """Unclaim it."""
        self._world.engine.tasks.unclaim(task_id, actor)

    def hold(self, key: str, instance_id: int, reason: str, until: datetime | None, actor: Actor) -> None:
        """Hold it."""
        del key
        self._world.engine.instances.hold(instance_id, reason, until, actor)

    def resume(self, key: str, instance_id: int, actor: Actor) -> None:
        """Resume it."""
        del key
        self._world.engine.instances.resume(instance_id, actor)

    def cancel(self, key: str, instance_id: int, reason: str, actor: Actor) -> None:
        """Cancel it."""
        del key
        self._world.engine.instances.cancel(instance_id, reason, actor)

    def _answer(self, task: TaskForm, values: Mapping[str, Value], actor: Actor) -> GendanError | None:
        try:
            self.complete(task, values, actor)
        except GendanError as error:
            return error
        return None
