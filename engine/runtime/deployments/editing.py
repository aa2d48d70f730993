"""Editing diagrams and tables before they are deployed: a draft a person and file, checked with all other files."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from engine.definitions.blank import blank_decision, blank_process
from engine.errors import Conflict, Invalid, NotFound
from engine.runtime.deployments.deployments import Deployment, Deployments, Report
from engine.runtime.unit.machinery import Machinery
from engine.store import editing
from engine.store.connect import Connection
from engine.views import Actor, DeployedFile, DraftRow, Edited

MOST = 50
"""How many drafts one person may keep."""
LARGEST = 8_000_000
"""How many bytes a draft may have."""
_EXPIRE_EVERY = timedelta(days=1)
_NAME = re.compile(r"(?:[\w-][\w .-]*/){0,4}[\w-][\w .-]*\.(?:bpmn|dmn)")
_ID = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


class Editing:
    """What is deployed is no secret among colleagues, so everybody may try a change; deploying it needs the right."""

    def __init__(self, machinery: Machinery, deployments: Deployments) -> None:
        self._machinery = machinery
        self._deployments = deployments
        self._next_expiry: datetime | None = None

    def open(self, file: str, actor: Actor) -> Edited:
        """The actor's draft of a file; without one, the file as deployed. Raises NotFound."""
        draft, held = self._machinery.read(
            lambda connection: (editing.load(connection, actor.user_id, file), editing.deployed(connection, file))
        )
        known = _deployed(held)
        if draft is not None:
            return Edited(file, bytes(draft.content), draft.begun, draft.saved_at, known)
        if held is None or known is None:
            raise NotFound("There is no file %(file)s, and you have no draft of it.", file=file)
        return Edited(file, bytes(held.content), known.digest, None, known)

    def drafts(self, actor: Actor) -> tuple[DraftRow, ...]:
        """The actor's drafts, the one saved last first."""
        rows = self._machinery.read(lambda connection: editing.drafts(connection, actor.user_id))
        kept = self._kept
        return tuple(
            DraftRow(row.file, row.saved_at, row.digest is None, (row.digest or "") != row.begun,
                     None if kept is None else row.saved_at + kept)
            for row in rows
        )  # fmt: skip

    def begin(self, kind: str, id_: str, name: str, lanes: Collection[str], actor: Actor) -> str:
        """A new draft from a blank template: `kind` is bpmn or dmn, `lanes` are groups of the practice, each of which
        gets a lane. Answers the file. Raises Invalid for an id that is none, Conflict when the file is there."""
        if not _ID.fullmatch(id_):
            raise Invalid("%(id)s is no id: begin with a letter, go on with letters, digits, _ . or -.", id=id_)
        practice = self._deployments.current()
        if id_ in (practice.processes if kind == "bpmn" else practice.decisions):
            raise Conflict("%(id)s is deployed already. Edit that, or take another id.", id=id_)
        groups = practice.surroundings.groups
        unknown = [each for each in lanes if each not in groups]
        if unknown:
            raise Invalid("There is no group %(name)s.", name=unknown[0])
        shown = name or id_
        if kind == "dmn":
            file, content = f"decisions/{id_}.dmn", blank_decision(id_, shown)
        else:
            file, content = f"{id_}.bpmn", blank_process(id_, shown, {each: groups[each].label.zh for each in lanes})

        def write(connection: Connection) -> None:
            if editing.load(connection, actor.user_id, file) is not None:
                raise Conflict("You have a draft of %(file)s already.", file=file)
            self._save(connection, file, content, "", actor)

        self._machinery.write(write)
        return file

    def save(self, file: str, content: bytes, begun: str, actor: Actor) -> Edited:
        """Keep a draft in place of the one before. `begun` is the digest of the deployed content it began from."""
        _require_name(file)
        self._machinery.write(lambda connection: self._save(connection, file, content, begun, actor))
        return self.open(file, actor)

    def discard(self, file: str, actor: Actor) -> None:
        """Forget the actor's draft. Raises NotFound without one."""
        if not self._machinery.write(lambda connection: editing.drop(connection, actor.user_id, file)):
            raise NotFound("You have no draft of %(file)s.", file=file)

    def expire(self) -> int:
        """Forget drafts that nobody has saved for as long as they are kept; how many. Once a day at most,
        whoever ticks."""
        now, kept = self._machinery.clock.now(), self._kept
        if kept is None or (self._next_expiry is not None and now < self._next_expiry):
            return 0
        self._next_expiry = now + _EXPIRE_EVERY
        return self._machinery.write(lambda connection: editing.drop_before(connection, now - kept))

    @property
    def _kept(self) -> timedelta | None:
        """How long a draft is kept after it was saved; None for ever."""
        return timedelta(days=self._machinery.settings.draft_days) or None

    def check(self, file: str, content: bytes) -> Report:
        """What is found in the whole practice with this file replaced, and what deploying it would change."""
        _require_name(file)
        _require_size(content)
        return self._deployments.validate({**self._deployments.files(), file: content})

    def deploy(self, file: str, content: bytes, begun: str, note: str, actor: Actor) -> Deployment:
        """Deploy the last set with this file replaced, and forget the actor's draft.

        Raises Conflict when the file was deployed anew since `begun`, DeploymentRefused with all findings, Forbidden.
        """
        _require_name(file)
        _require_size(content)
        done = self._deployments.replace({file: content}, actor, note, {file: begun})
        self._machinery.write(lambda connection: editing.drop(connection, actor.user_id, file))
        return done

    def _save(self, connection: Connection, file: str, content: bytes, begun: str, actor: Actor) -> None:
        _require_size(content)
        if editing.load(connection, actor.user_id, file) is None and editing.count(connection, actor.user_id) >= MOST:
            raise Invalid("You keep %(count)d drafts. Deploy or discard one first.", count=MOST)
        editing.save(connection, actor.user_id, file, content, begun, self._machinery.clock.now())


def _deployed(row: Any | None) -> DeployedFile | None:
    return None if row is None else DeployedFile(row.digest, row.created_at, row.created_by, row.note)


def _require_name(file: str) -> None:
    if not _NAME.fullmatch(file):
        raise Invalid("%(file)s is no name of a diagram or table of the practice: *.bpmn or *.dmn.", file=file)


def _require_size(content: bytes) -> None:
    if len(content) > LARGEST:
        raise Invalid("The file has %(size)d bytes; %(most)d are taken.", size=len(content), most=LARGEST)
    if not content.strip():
        raise Invalid("The file is empty.")
