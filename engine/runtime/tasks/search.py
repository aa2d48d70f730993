"""Open tasks as programs ask for them; what belongs to one of them."""

from __future__ import annotations

from typing import Any

from engine.runtime.papers.files import place_of, view_of
from engine.runtime.unit.administration import acting_as
from engine.runtime.unit.machinery import Machinery
from engine.store import files, lookups, task_search, tasks
from engine.store.connect import Connection
from engine.views import Actor, CommentView, FileView, TaskFilter, TaskHead


class TaskSearch:
    """Lists of tasks of what the person may know. The number of statements does not depend on the number of rows."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def search(self, wanted: TaskFilter, actor: Actor, limit: int = 100, first: int = 0) -> tuple[TaskHead, ...]:
        """A part of them, by number or in the order of the filter."""

        def read(connection: Connection) -> tuple[TaskHead, ...]:
            acting = acting_as(self._machinery, connection, actor)
            return tuple(map(self._head, task_search.page(connection, wanted, acting, limit, first)))

        return self._machinery.read(read)

    def count(self, wanted: TaskFilter, actor: Actor) -> int:
        """How many there are."""
        return self._machinery.read(
            lambda connection: task_search.count(connection, wanted, acting_as(self._machinery, connection, actor))
        )

    def offered(self, task_id: int, actor: Actor) -> tuple[str, ...]:
        """The subjects (`group:x`, `user:x`) a task is offered to. Raises NotFound as the verbs of tasks do."""

        def read(connection: Connection) -> tuple[str, ...]:
            place_of(connection, acting_as(self._machinery, connection, actor), task_id)
            return tuple(tasks.candidates(connection, [task_id]).get(task_id, ()))

        return self._machinery.read(read)

    def comments(self, task_id: int, actor: Actor) -> tuple[CommentView, ...]:
        """What was said of an open task, oldest first."""

        def read(connection: Connection) -> tuple[CommentView, ...]:
            place_of(connection, acting_as(self._machinery, connection, actor), task_id)
            rows = files.comments_of_task(connection, task_id)
            names = lookups.names(connection, [row.user_id for row in rows])
            return tuple(
                CommentView(
                    row.id, row.created_at, row.user_id, names.get(row.user_id, row.user_id), row.text, row.task_name
                )
                for row in rows
            )

        return self._machinery.read(read)

    def attachments(self, task_id: int, actor: Actor) -> tuple[FileView, ...]:
        """What was attached to an open task, oldest first."""

        def read(connection: Connection) -> tuple[FileView, ...]:
            place_of(connection, acting_as(self._machinery, connection, actor), task_id)
            rows = files.attachments_of_task(connection, task_id)
            names = lookups.names(connection, [row.user_id for row in rows])
            return tuple(view_of(row, names.get(row.user_id, row.user_id)) for row in rows)

        return self._machinery.read(read)

    def _head(self, row: Any) -> TaskHead:
        process = self._machinery.library.practice(row.deployment_id).processes[row.process_id]
        element = process.elements.get(row.element_id)
        return TaskHead(
            id=row.id,
            instance_id=row.instance_id,
            token=row.token,
            business_key=row.business_key,
            process_id=row.process_id,
            definition_id=process.row_id,
            version=process.version,
            element_id=row.element_id,
            name=row.name,
            description=element.node.documentation if element is not None else "",
            assignee=row.assignee,
            owner=row.delegated_by,
            created_at=row.created_at,
            due=row.due_at,
            follow_up=row.follow_up_at,
            priority=row.priority,
            suspended=row.state == "suspended",
        )
