"""The facade: everything that pages, the command line and interfaces may do, as groups of verbs."""

from __future__ import annotations

from engine.clock import Clock, SystemClock
from engine.runtime.calendar_verbs import Calendar
from engine.runtime.deployments import Deployments
from engine.runtime.environment import PracticeEnvironment, Surrounding
from engine.runtime.filling import Filling
from engine.runtime.identity import Identity
from engine.runtime.incidents import Incidents
from engine.runtime.instances import Instances
from engine.runtime.library import Library
from engine.runtime.machinery import Machinery
from engine.runtime.messages import Messages
from engine.runtime.notifications import Notifications
from engine.runtime.people import People
from engine.runtime.practice import Practice
from engine.runtime.references import References
from engine.runtime.tasks import Tasks
from engine.runtime.timers import Timers
from engine.settings import Settings
from engine.store import migrate
from engine.store.connect import Connection, Database
from engine.views import Actor

SYSTEM = Actor("-")
"""The engine itself, for the command line and for tests: it may do everything."""
_MOST_ROUNDS = 100_000


class Engine:
    """An open engine: one database, one clock. Safe to use from many threads."""

    def __init__(self, machinery: Machinery) -> None:
        self.machinery = machinery
        self.messages = Messages(machinery)
        self.deployments = Deployments(machinery)
        self.instances = Instances(machinery, self.messages)
        self.tasks = Tasks(machinery, self.messages)
        self.filling = Filling(machinery, self.messages)
        self.timers = Timers(machinery, self.messages)
        self.incidents = Incidents(machinery, self.messages)
        self.people = People(machinery)
        self.identity = Identity(machinery)
        self.references = References(machinery)
        self.notifications = Notifications(machinery)
        self.calendar = Calendar(machinery, changed=self.timers.recompute)

    @classmethod
    def open(cls, settings: Settings, clock: Clock | None = None) -> Engine:
        """Open the database of the settings; it must have been migrated (`migrate`)."""
        database = Database(settings.database_url)
        return cls(Machinery(database, clock or SystemClock(), settings, Library(database)))

    def migrate(self) -> None:
        """Create the schema, or bring it to this release."""
        migrate.upgrade(self.machinery.database)

    def close(self) -> None:
        """Close all connections."""
        self.machinery.database.close()

    def context(self) -> Surrounding:
        """What expressions may ask now: the calendar of the practice deployed last, the clock; no database."""

        def read(connection: Connection) -> Surrounding:
            practice = self.machinery.library.latest(connection) or _NO_PRACTICE
            environment = PracticeEnvironment(self.machinery, connection, practice, self.machinery.clock.now())
            _ = environment.calendars
            return environment.context()

        return self.machinery.read(read)

    def tick(self) -> int:
        """Do all that is due: deliver the outbox, fire timers, end holds, expire messages; how much that was.

        Idempotent; may run in any number of processes at once.
        """
        done = 0
        for _ in range(_MOST_ROUNDS):
            round_ = self.messages.deliver() + self.timers.fire_due() + self.messages.expire()
            if not round_:
                break
            done += round_
        return done


def _no_practice() -> Practice:
    from engine.definitions.practice import Surroundings

    return Practice(0, {}, Surroundings(), {})


_NO_PRACTICE = _no_practice()
