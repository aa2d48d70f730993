"""Attachments: temporary file → fsync → name by SHA-256 → row in the transaction.

An upload belongs to its uploader (and task) until it is submitted with a form; then to the instance. One that nobody
submits is taken away after a day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, BinaryIO

from engine.attachments import kinds, names, pictures
from engine.attachments.scanning import Verdict, scan
from engine.attachments.vault import Received, Vault
from engine.errors import Conflict, Invalid, NotFound, NotKept
from engine.runtime.unit import refusals
from engine.runtime.unit.administration import acting_as
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.step import Step
from engine.store import files, instances, lookups, records, rights
from engine.store.connect import Connection
from engine.store.instances import Stored
from engine.store.rights import Acting
from engine.views import Actor, FileView

_KEPT_UNSUBMITTED = timedelta(days=1)
_SWEEP_EVERY = timedelta(minutes=10)
_BATCH = 200
_TRIES = 3
Naming = Callable[[Connection, Mapping[str, Any]], FileView]
"""Writes the row that names the bytes, of the columns every row has."""


class _Swept(Exception):
    """The bytes were taken away as nobody's between keeping them and naming them in a row."""


class Files:
    """Uploads, attachments, downloads."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery
        self._settings = machinery.settings.attachments
        self._vault = Vault(machinery.settings.attachments_dir, machinery.settings.max_attachment_bytes)
        self._next_sweep: datetime | None = None

    def upload(self, content: BinaryIO, name: str, actor: Actor, task_id: int | None = None) -> FileView:
        """Keep a file that will be submitted with a form; only its uploader may use it until then.

        Raises Invalid for one that is too large, not what its name says, infected or one too many, NotKept when it
        cannot be kept now.
        """

        def work(connection: Connection, values: Mapping[str, Any]) -> FileView:
            acting = self._acting(connection, actor)
            if task_id is not None:
                todo = instances.load_task(connection, task_id, acting)
                if todo is None or todo.done_for is None:
                    raise refusals.task_is_over(connection, task_id, acting)
            by = str(values["user_id"])
            known = files.pending_like(connection, by, task_id, values["digest"], values["name"])
            if known is not None:
                return view_of(files.get_attachment(connection, known), acting.name)
            self._require_room(connection, by, task_id)
            return self._add(connection, acting, {**values, "task_id": task_id, "business_key": ""})

        return self._store(content, name, actor, work)

    def attach(self, content: BinaryIO, name: str, actor: Actor, to: int | str) -> FileView:
        """Attach a file to an open task (its id) or a record (its business key); told in its history."""

        def work(connection: Connection, values: Mapping[str, Any]) -> FileView:
            acting = self._acting(connection, actor)
            stored, task_id, element = place_of(connection, acting, to)
            given = {
                **values,
                "task_id": task_id,
                "instance_id": stored.id,
                "business_key": stored.business_key,
                "element_name": element,
                "submitted": True,
            }
            view = self._add(connection, acting, given)
            step = Step(self._machinery, connection, stored, acting)
            step.event("attached", None, name=view.name, file=view.digest).task_id = task_id
            step.save()
            return view

        return self._store(content, name, actor, work)

    def uploaded(self, given: str, actor: Actor) -> FileView | None:
        """An upload by its id or digest, if it is this person's."""

        def read(connection: Connection) -> FileView | None:
            row: Any = lookups.upload(connection, given, actor.user_id, "", self._acting(connection, actor))
            return None if row is None else view_of(row, "")

        return self._machinery.read(read)

    def download(self, file_id: int, actor: Actor) -> tuple[FileView, bytes]:
        """A file with its bytes, for who uploaded it or may see its instance. Raises NotFound, Conflict while no
        scanner has seen it, NotKept when its bytes cannot be read."""
        view = self._machinery.read(partial(self._seen, file_id=file_id, actor=actor))
        if view.scan:
            raise Conflict(
                "%(name)s waits for the virus scanner. Try again later."
                if view.scan == files.HELD
                else "%(name)s was infected and has been taken away.",
                name=view.name,
            )
        try:
            return view, self._vault.path(view.digest).read_bytes()
        except OSError as error:
            raise NotKept(
                "%(name)s cannot be read just now. Tell who looks after the server.", name=view.name
            ) from error

    def picture(self, file_id: int, actor: Actor) -> bytes:
        """The picture of a file as a JPEG drawn anew, to be shown in a page. Raises NotFound, also when it is none."""
        view = self._machinery.read(partial(self._seen, file_id=file_id, actor=actor))
        drawn = self._vault.picture(view.digest) if view.picture else None
        if drawn is None:
            drawn = pictures.redrawn(self._vault.path(view.digest), view.type) if view.picture else None
            if drawn is None:
                raise NotFound("There is no file %(id)d, or it is not yours to see.", id=file_id)
            self._vault.keep_picture(view.digest, drawn)
        return drawn

    def of_record(self, key: str, actor: Actor) -> tuple[FileView, ...]:
        """The files of a record that this person may see, newest first."""

        def read(connection: Connection) -> tuple[FileView, ...]:
            acting = self._acting(connection, actor)
            found = instances.of_record(connection, key, acting)
            rows = files.attachments_of(connection, [each.id for each in found])
            people = lookups.names(connection, [row.user_id for row in rows])
            return tuple(view_of(row, people.get(row.user_id, row.user_id)) for row in rows)

        return self._machinery.read(read)

    def sweep(self) -> int:
        """Take away what nobody submitted for a day and what a crash has left; ask the scanner about what waits for it.

        Does something every ten minutes at most, whoever ticks; how many files it settled.
        """
        now = self._machinery.clock.now()
        if self._next_sweep is not None and now < self._next_sweep:
            return 0
        self._next_sweep = now + _SWEEP_EVERY
        before = now - _KEPT_UNSUBMITTED

        def forget(connection: Connection) -> int:
            gone = files.take_orphans(connection, before, _BATCH)
            for digest in gone:
                self._vault.remove(digest)
            return len(gone)

        self._vault.sweep(before.timestamp())
        waiting = self._machinery.read(partial(files.unscanned, limit=_BATCH))
        return self._machinery.write(forget) + sum(self._scan_again(digest) for digest in waiting)

    def _scan_again(self, digest: str) -> bool:
        verdict = scan(self._vault.path(digest), self._settings)
        if verdict is Verdict.UNAVAILABLE:
            return False
        infected = verdict is Verdict.INFECTED
        said = files.INFECTED if infected else ""
        self._machinery.write(partial(files.set_scan, digest=digest, scan=said))
        if infected:
            self._vault.remove(digest)
        return True

    def _seen(self, connection: Connection, file_id: int, actor: Actor) -> FileView:
        acting = self._acting(connection, actor)
        row: Any = files.get_attachment(connection, file_id)
        mine = row is not None and row.user_id == actor.user_id
        seen = row is not None and row.instance_id is not None and row.submitted
        if not mine and not (seen and instances.load(connection, row.instance_id, acting) is not None):
            raise NotFound("There is no file %(id)d, or it is not yours to see.", id=file_id)
        people = lookups.names(connection, [row.user_id])
        return view_of(row, people.get(row.user_id, row.user_id))

    def _store(self, content: BinaryIO, name: str, actor: Actor, work: Naming) -> FileView:
        """Check and keep the bytes, then name them in a transaction; nothing stays when either fails."""
        shown = names.clean(name)
        for _ in range(_TRIES):
            with self._vault.received(content) as received:
                kind = kinds.kind_of(received.path)
                kinds.check(shown, kind)
                pictures.check(received.path, kind, shown)
                held = self._scanned(received, shown)
                self._vault.keep(received)
            values = {
                "digest": received.digest,
                "name": shown,
                "type": kind,
                "size": received.size,
                "created_at": self._machinery.clock.now(),
                "user_id": "" if actor.user_id == rights.SYSTEM else actor.user_id,
                "scan": files.HELD if held else "",
            }
            try:
                return self._machinery.write(partial(_named, work, values))
            except _Swept:
                content.seek(0)
        raise NotKept("%(name)s could not be kept. Try again.", name=shown)

    def _scanned(self, received: Received, name: str) -> bool:
        """Whether the file must wait for the scanner. Raises Invalid for an infected one."""
        verdict = scan(received.path, self._settings)
        if verdict is Verdict.INFECTED:
            raise Invalid("%(name)s is infected by a virus and was not taken. Have your device checked.", name=name)
        if verdict is Verdict.UNAVAILABLE and not self._settings.scan_hold:
            raise NotKept(
                "The virus scanner cannot be asked just now, so %(name)s was not taken. Try later.", name=name
            )
        return verdict is Verdict.UNAVAILABLE

    def _require_room(self, connection: Connection, user_id: str, task_id: int | None) -> None:
        waiting, here = files.pending(connection, user_id, task_id)
        if here >= self._settings.form_files:
            raise Invalid(
                "A form takes up to %(most)d new files. Send it, then add more.", most=self._settings.form_files
            )
        if waiting >= self._settings.pending_files:
            raise Invalid(
                "%(most)d uploads of yours wait to be submitted. Send or close those forms first.",
                most=self._settings.pending_files,
            )

    def _acting(self, connection: Connection, actor: Actor) -> Acting:
        return acting_as(self._machinery, connection, actor)

    def _add(self, connection: Connection, acting: Acting, values: Mapping[str, Any]) -> FileView:
        made = files.add_attachment(connection, values)
        if not self._vault.path(values["digest"]).exists():  # rows of a digest and the sweep wait for one another
            raise _Swept
        return view_of(files.get_attachment(connection, made), acting.name)


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


def _named(work: Naming, values: Mapping[str, Any], connection: Connection) -> FileView:
    return work(connection, values)


def view_of(row: Any, by_name: str) -> FileView:
    """The row of an attachment as it is shown."""
    return FileView(
        id=row.id,
        name=row.name,
        type=row.type,
        size=row.size,
        at=row.created_at,
        by_name=by_name,
        element_name=row.element_name,
        digest=row.digest,
        scan=row.scan,
        picture=not row.scan and pictures.shown(row.type),
    )
