"""What people add to tasks and records: comments and files, as verbs beside those of tasks."""

from __future__ import annotations

from typing import BinaryIO

from engine.runtime.papers.comments import Comments
from engine.runtime.papers.files import Files
from engine.views import Actor, CommentView, FileView


class Papers:
    """Comments and files by the id of an open task or the business key of a record."""

    def __init__(self, files: Files, comments: Comments) -> None:
        self._files = files
        self._comments = comments

    def comment(self, to: int | str, text: str, actor: Actor) -> CommentView:
        """Comment on a task or record."""
        return self._comments.add(to, text, actor)

    def attach(self, content: BinaryIO, name: str, actor: Actor, to: int | str) -> FileView:
        """Attach a file to a task or record."""
        return self._files.attach(content, name, actor, to)

    def upload(self, content: BinaryIO, name: str, actor: Actor, task_id: int | None = None) -> FileView:
        """Keep a file that will be submitted with a form."""
        return self._files.upload(content, name, actor, task_id)

    def uploaded(self, given: str, actor: Actor) -> FileView | None:
        """An upload of this person by its id or digest."""
        return self._files.uploaded(given, actor)

    def download(self, file_id: int, actor: Actor) -> tuple[FileView, bytes]:
        """A file with its bytes. Raises NotFound."""
        return self._files.download(file_id, actor)
