"""What every verb needs: the database, the clock, the settings, and what is deployed, parsed once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from engine.clock import Clock
from engine.errors import Conflict
from engine.runtime.library import Library, NotLoaded
from engine.settings import Settings
from engine.store.connect import Connection, Database

Answer = TypeVar("Answer")


_TRIES = 50


class LostRace(Exception):
    """Somebody wrote the instance between load and save: nothing is written, and the work looks again."""


def _nothing(_point: str) -> None:
    """No fault."""


@dataclass
class Machinery:
    """Handed to the constructor of every group of verbs.

    `fault` is called at the named points round a commit; crash tests replace it by one that raises.
    """

    database: Database
    clock: Clock
    settings: Settings
    library: Library
    fault: Callable[[str], None] = field(default=_nothing)

    def write(self, work: Callable[[Connection], Answer]) -> Answer:
        """Run one transaction. What it needs parsed is parsed outside of it, then it runs again from the start.

        So it does after a lost race: loading again, it finds the action still possible, or says who was faster.
        """
        for _ in range(_TRIES):
            try:
                answer = self.database.write(work)
            except NotLoaded as missing:
                self.library.load(missing.deployment_id)
            except LostRace:
                continue
            else:
                self.fault("after-commit")
                return answer
        raise Conflict("The instance changes faster than this could be written. Try again.")

    def read(self, work: Callable[[Connection], Answer]) -> Answer:
        """Run queries on one consistent view of the database."""
        while True:
            try:
                with self.database.reading() as connection:
                    return work(connection)
            except NotLoaded as missing:
                self.library.load(missing.deployment_id)
