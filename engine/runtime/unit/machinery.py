"""What every verb needs: the database, the clock, the settings, and what is deployed, parsed once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import TypeVar

from engine.clock import Clock
from engine.connectors.calling import Caller, call
from engine.errors import Conflict
from engine.outside_settings import OutsideSettings
from engine.push import Message, send
from engine.runtime.deployed.library import Library, NotLoaded
from engine.runtime.unit.acted import Acted
from engine.settings import Settings
from engine.store.connect import Connection, Database, DuplicateRow

Answer = TypeVar("Answer")
Observer = Callable[[Acted, float], None]
"""Told what was committed, and how many seconds it took."""

_TRIES = 50


class LostRace(Exception):
    """Somebody wrote the instance between load and save: nothing is written, and the work looks again."""


def _nothing(_point: str) -> None:
    """No fault."""


@dataclass
class Machinery:
    """Handed to the constructor of every group of verbs.

    `fault` is called at the named points round a commit; crash tests replace it by one that raises. `observers` are
    told after a commit what was done. `send_push` sends one message to one address, `call` asks another system;
    stories take the place of both.
    """

    database: Database
    clock: Clock
    settings: Settings
    library: Library
    fault: Callable[[str], None] = field(default=_nothing)
    observers: list[Observer] = field(default_factory=list)
    send_push: Callable[[str, Message, str, OutsideSettings], None] = field(default=send)
    call: Caller = field(default=call)
    _doing: threading.local = field(default_factory=threading.local)

    def write(self, work: Callable[[Connection], Answer]) -> Answer:
        """Run one transaction. What it needs parsed is parsed outside of it, then it runs again from the start.

        So it does after a lost race: loading again, it finds the action still possible, or says who was faster.
        """
        began = perf_counter()
        for _ in range(_TRIES):
            self._doing.acts = []
            try:
                answer = self.database.write(work)
            except NotLoaded as missing:
                self.library.load(missing.deployment_id)
            except LostRace:
                continue
            else:
                self.fault("after-commit")
                self._tell(perf_counter() - began)
                return answer
        raise Conflict("The instance changes faster than this could be written. Try again.")

    def act(self, what: Acted) -> None:
        """Say in a transaction what it does; who watches is told once it is committed."""
        self._doing.acts.append(what)

    def _tell(self, seconds: float) -> None:
        if self.observers:
            for what in self._doing.acts:
                for observer in self.observers:
                    observer(what, seconds)

    def write_once(self, work: Callable[[Connection], Answer], submission: str) -> Answer:
        """The same for work that looks whether its submission was done already: of two that come at once the second
        finds what the first has done."""
        try:
            return self.write(work)
        except DuplicateRow:
            if not submission:
                raise
            return self.write(work)

    def read(self, work: Callable[[Connection], Answer]) -> Answer:
        """Run queries on one consistent view of the database."""
        while True:
            try:
                with self.database.reading() as connection:
                    return work(connection)
            except NotLoaded as missing:
                self.library.load(missing.deployment_id)
