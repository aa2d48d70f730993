"""Comments on tasks and records."""

from __future__ import annotations

from engine.errors import Invalid
from engine.runtime.papers.files import place_of
from engine.runtime.unit.administration import acting_as
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.step import Step
from engine.store import files, instances, lookups
from engine.store.connect import Connection
from engine.views import Actor, CommentView


class Comments:
    """Whoever may see a record may comment on it."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def add(self, to: int | str, text: str, actor: Actor) -> CommentView:
        """Comment on an open task (its id) or a record (its business key)."""
        if not text.strip():
            raise Invalid("A comment needs a text.")

        def work(connection: Connection) -> CommentView:
            acting = acting_as(self._machinery, connection, actor)
            stored, task_id, name = place_of(connection, acting, to)
            by = "" if acting.system else acting.user_id
            now = self._machinery.clock.now()
            values = {
                "instance_id": stored.id,
                "business_key": stored.business_key,
                "task_id": task_id,
                "task_name": name,
                "created_at": now,
                "user_id": by,
                "text": text.strip(),
            }
            made = files.add_comment(connection, values)
            step = Step(self._machinery, connection, stored, acting)
            step.event("commented", None, text=text.strip()).task_id = task_id
            step.save()
            return CommentView(made, now, by, acting.name, text.strip(), name)

        return self._machinery.write(work)

    def of_record(self, key: str, actor: Actor) -> tuple[CommentView, ...]:
        """The comments on a record that this person may see, oldest first."""

        def read(connection: Connection) -> tuple[CommentView, ...]:
            acting = acting_as(self._machinery, connection, actor)
            found = instances.of_record(connection, key, acting)
            rows = files.comments_of(connection, [each.id for each in found])
            names = lookups.names(connection, [row.user_id for row in rows])
            return tuple(
                CommentView(
                    row.id, row.created_at, row.user_id, names.get(row.user_id, row.user_id), row.text, row.task_name
                )
                for row in rows
            )

        return self._machinery.read(read)
