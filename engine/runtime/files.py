"""Attachments: temporary file → fsync → name by SHA-256 → row in the transaction.

An upload belongs to its uploader (and task) until it is submitted with a form; then to the instance.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import filetype

from engine.errors import Invalid, NotFound
from engine.runtime import refusals
from engine.runtime.machinery import Machinery
from engine.runtime.step import Step
from engine.store import files, instances, lookups, records, rights
from engine.store.connect import Connection
from engine.store.instances import Stored
from engine.store.rights import Acting
from engine.views import Actor, FileView

_CHUNK = 1 << 20
_HEAD = 8192
_UNKNOWN = "application/octet-stream"
_NAME = 200


class Files:
    """Uploads, attachments, downloads."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def upload(self, content: BinaryIO, name: str, actor: Actor, task_id: int | None = None) -> FileView:
        """Keep a file that will be submitted with a form; only its uploader may use it until then."""
        digest, size, type_ = self._keep(content)

        def work(connection: Connection) -> FileView:
            acting = self._acting(connection, actor)
            values = self._values(acting, digest, size, type_, name)
            return self._add(connection, acting, {**values, "task_id": task_id, "business_key": ""})

        return self._machinery.write(work)

    def attach(self, content: BinaryIO, name: str, actor: Actor, to: int | str) -> FileView:
        """Attach a file to an open task (its id) or a record (its business key); told in its history."""
        digest, size, type_ = self._keep(content)

        def work(connection: Connection) -> FileView:
            acting = self._acting(connection, actor)
            stored, task_id, element = place_of(connection, acting, to)
            values = {
                **self._values(acting, digest, size, type_, name),
                "task_id": task_id,
                "instance_id": stored.id,
                "business_key": stored.business_key,
                "element_name": element,
                "submitted": True,
            }
            view = self._add(connection, acting, values)
            step = Step(self._machinery, connection, stored, acting)
            step.event("attached", None, name=view.name, file=digest).task_id = task_id
            step.save()
            return view

        return self._machinery.write(work)

    def uploaded(self, given: str, actor: Actor) -> FileView | None:
        """An upload by its id or digest, if it is this person's."""

        def read(connection: Connection) -> FileView | None:
            row: Any = lookups.upload(connection, given, actor.user_id, "", self._acting(connection, actor))
            return None if row is None else _view(row, "")

        return self._machinery.read(read)

    def download(self, file_id: int, actor: Actor) -> tuple[FileView, bytes]:
        """A file with its bytes, for who uploaded it or may see its instance. Raises NotFound."""

        def read(connection: Connection) -> FileView:
            acting = self._acting(connection, actor)
            row: Any = files.get_attachment(connection, file_id)
            mine = row is not None and row.user_id == actor.user_id
            seen = row is not None and row.instance_id is not None and row.submitted
            if not mine and not (seen and instances.load(connection, row.instance_id, acting) is not None):
                raise NotFound("There is no file %(id)d, or it is not yours to see.", id=file_id)
            names = lookups.names(connection, [row.user_id])
            return _view(row, names.get(row.user_id, row.user_id))

        view = self._machinery.read(read)
        return view, self._path(view.digest).read_bytes()

    def of_record(self, key: str, actor: Actor) -> tuple[FileView, ...]:
        """The files of a record that this person may see, newest first."""

        def read(connection: Connection) -> tuple[FileView, ...]:
            acting = self._acting(connection, actor)
            found = instances.of_record(connection, key, acting)
            rows = files.attachments_of(connection, [each.id for each in found])
            names = lookups.names(connection, [row.user_id for row in rows])
            return tuple(_view(row, names.get(row.user_id, row.user_id)) for row in rows)

        return self._machinery.read(read)

    def _acting(self, connection: Connection, actor: Actor) -> Acting:
        return rights.who(connection, actor.user_id, self._machinery.clock.now())

    def _values(self, acting: Acting, digest: str, size: int, type_: str, name: str) -> dict[str, Any]:
        plain = Path(name.replace("\\", "/")).name[-_NAME:] or "file"
        by = "" if acting.system else acting.user_id
        now: datetime = self._machinery.clock.now()
        return {"digest": digest, "name": plain, "type": type_, "size": size, "created_at": now, "user_id": by}

    def _add(self, connection: Connection, acting: Acting, values: Mapping[str, Any]) -> FileView:
        made = files.add_attachment(connection, values)
        return _view(files.get_attachment(connection, made), acting.name)

    def _keep(self, content: BinaryIO) -> tuple[str, int, str]:
        """Write the bytes under their digest before any row names them; digest, size and type by content."""
        directory = self._machinery.settings.attachments_dir
        directory.mkdir(parents=True, exist_ok=True)
        most, size, hashed, head = self._machinery.settings.max_attachment_bytes, 0, hashlib.sha256(), b""
        with tempfile.NamedTemporaryFile(dir=directory, delete=False) as temporary:
            try:
                while chunk := content.read(_CHUNK):
                    size += len(chunk)
                    if size > most:
                        raise Invalid("The file is larger than %(most)d MB. Make it smaller.", most=most >> 20)
                    hashed.update(chunk)
                    head = head or chunk[:_HEAD]
                    temporary.write(chunk)
                temporary.flush()
                os.fsync(temporary.fileno())
            except BaseException:
                os.unlink(temporary.name)
                raise
        digest = hashed.hexdigest()
        os.replace(temporary.name, self._path(digest))
        _sync(directory)
        guessed = filetype.guess(head) if head else None
        return digest, size, guessed.mime if guessed is not None else _UNKNOWN

    def _path(self, digest: str) -> Path:
        return self._machinery.settings.attachments_dir / digest


def _sync(directory: Path) -> None:
    """A file's name is durable only when its directory is."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def place_of(connection: Connection, acting: Acting, to: int | str) -> tuple[Stored, int | None, str]:
    """What a comment or file belongs to: instance, task and name, of a task's id or a record's business key.

    Raises NotFound to who may not see it.
    """
    if isinstance(to, int):
        todo = instances.load_task(connection, to, acting)
        if todo is None:
            raise refusals.task_is_over(connection, to, acting)
        if not (todo.seen or todo.done_for is not None):
            raise refusals.no_such_task(to)
        return todo.instance, to, todo.name
    found = records.get(connection, to)
    seen = instances.of_record(connection, to, acting) if found is not None else ()
    if found is None or not seen:
        raise NotFound("There is no record %(key)s, or it is not yours to see.", key=to)
    chosen = next((each.id for each in seen if each.id == found.instance_id), seen[0].id)
    stored = instances.load(connection, chosen)
    assert stored is not None
    return stored, None, ""


def _view(row: Any, by_name: str) -> FileView:
    return FileView(row.id, row.name, row.type, row.size, row.created_at, by_name, row.element_name, row.digest)
