"""The facade: everything that pages, the command line and interfaces may do, as groups of verbs."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime

from engine.clock import Clock, SystemClock
from engine.expressions import compile_expression
from engine.runtime.board.board import Board
from engine.runtime.board.figures import Figures
from engine.runtime.deployed.library import Library
from engine.runtime.deployments.deployments import Deployments
from engine.runtime.deployments.editing import Editing
from engine.runtime.heat import Heat
from engine.runtime.history.retention import Retention
from engine.runtime.history.sealing import Sealing
from engine.runtime.history.search import HistorySearch
from engine.runtime.history.verification import History
from engine.runtime.instances.incidents import Incidents
from engine.runtime.instances.instances import Instances
from engine.runtime.jobs.addresses import PushAddresses
from engine.runtime.jobs.http import HttpCalls
from engine.runtime.jobs.jobs import Effect, Jobs
from engine.runtime.jobs.notifications import Notifications
from engine.runtime.jobs.push import Pushes
from engine.runtime.messages.messages import Messages
from engine.runtime.migrating import MigrationJobs, Migrations
from engine.runtime.papers.comments import Comments
from engine.runtime.papers.files import Files
from engine.runtime.people.auditing import Audit
from engine.runtime.people.identity import Identity
from engine.runtime.people.people import People
from engine.runtime.people.provided import Provided
from engine.runtime.people.references import References
from engine.runtime.people.second_factor import SecondFactor
from engine.runtime.people.sessions import Sessions
from engine.runtime.records.printing import Prints
from engine.runtime.records.records import Records
from engine.runtime.records.working_sheet import WorkingSheet
from engine.runtime.simulating import Simulations
from engine.runtime.tasks.externals import Externals
from engine.runtime.tasks.filling import Filling
from engine.runtime.tasks.search import TaskSearch
from engine.runtime.tasks.tasks import Tasks
from engine.runtime.timers.calendar import Calendar
from engine.runtime.timers.heartbeat import Heartbeat
from engine.runtime.timers.timers import Timers
from engine.runtime.timers.waiting import Waiting
from engine.runtime.unit import nobody
from engine.runtime.unit.asking import Asking
from engine.runtime.unit.machinery import Machinery
from engine.settings import Settings
from engine.store import migrate, wakeups
from engine.store.connect import Database
from engine.store.rights import SYSTEM as _SYSTEM
from engine.values import Value
from engine.views import Actor

SYSTEM = Actor(_SYSTEM)
"""The engine itself, for the command line and for tests: it may do everything."""
_MOST_ROUNDS = 100_000


class Engine:
    """An open engine: one database, one clock. Safe to use from many threads."""

    def __init__(self, machinery: Machinery) -> None:
        self.machinery = machinery
        self.files = Files(machinery)
        self.comments = Comments(machinery)
        self.messages = Messages(machinery)
        self.deployments = Deployments(machinery)
        self.editing = Editing(machinery, self.deployments)
        self.instances = Instances(machinery, self.messages)
        self.tasks = Tasks(machinery, self.messages, self.files, self.comments)
        self.task_search = TaskSearch(machinery)
        self.timers = Timers(machinery, self.messages)
        self.waiting = Waiting(machinery, self.messages)
        self.incidents = Incidents(machinery, self.messages)
        self.externals = Externals(machinery, self.messages)
        self.records = Records(machinery, self.files, self.comments)
        self.sheet = WorkingSheet(machinery)
        self.prints = Prints(machinery)
        self._sealing = Sealing(machinery)
        self.history = History(machinery, self._sealing)
        self.history_search = HistorySearch(machinery)
        self.retention = Retention(machinery)
        self.figures = Figures(machinery)
        self.board = Board(machinery)
        self.heat = Heat(machinery)
        self.filling = Filling(machinery, self.messages)
        self.people = People(machinery)
        self.identity = Identity(machinery)
        self.second_factor = SecondFactor(machinery)
        self.sessions = Sessions(machinery, self.second_factor)
        self.provided = Provided(machinery, self.sessions)
        self.audit = Audit(machinery)
        self.references = References(machinery)
        self.notifications = Notifications(machinery)
        self.push_addresses = PushAddresses(machinery)
        self.migrations = Migrations(machinery)
        self.simulations = Simulations(machinery)
        effects: dict[str, Effect] = {
            "http": HttpCalls(machinery),
            "push": Pushes(machinery),
            "migration": MigrationJobs(machinery),
        }
        self.jobs = Jobs(machinery, self.messages, effects)
        self.calendar = Calendar(machinery, self._calendar_changed)
        self._heartbeat = Heartbeat(machinery)

    @classmethod
    def open(cls, settings: Settings, clock: Clock | None = None, connections: int = 10) -> Engine:
        """Open the database of the settings; it must have been migrated (`migrate`).

        `connections` to it are kept open: as many as threads use the engine at once.
        """
        database = Database(settings.database_url, connections)
        return cls(Machinery(database, clock or SystemClock(), settings, Library(database)))

    def migrate(self) -> None:
        """Create the schema, or bring it to this release."""
        migrate.upgrade(self.machinery.database)

    def prepare_workers(self) -> None:
        """Create or upgrade what wakes workers (PostgreSQL). Raises ImportError without the extra “postgres”."""
        if not self.machinery.database.sqlite:
            wakeups.upgrade(self.machinery.database)

    def close(self) -> None:
        """Close all connections."""
        self.machinery.database.close()

    def viewing(self) -> AbstractContextManager[None]:
        """Meanwhile all that this thread asks is answered from one view of the database, until it does something."""
        return self.machinery.database.viewing()

    def context(self) -> Asking:
        """What expressions may ask outside of a step: calendar and figures of the practice deployed last, the clock."""
        return Asking(self.machinery)

    def value(self, text: str) -> Value:
        """The value of an expression that somebody typed, such as `12.5` or `date("2026-10-01")`."""
        return compile_expression(text).evaluate({}, self.context())

    def tick(self, jobs: bool = True) -> int:
        """Do all that is due: deliver the outbox, fire timers, end holds, expire messages, run jobs; how much that was.

        Idempotent; may run in any number of processes at once. Without `jobs` they are left to another thread: a slow
        system outside must not make timers late.
        """
        self.beat()
        done = 0
        for _ in range(_MOST_ROUNDS):
            count = self.messages.deliver() + self.timers.fire_due()
            count += self.jobs.run_due() if jobs else 0
            if not count:
                break
            done += count
        return done + self.keep()

    def next_due(self) -> datetime | None:
        """When the next timer or job is due; None when none waits. For clocks that are moved by hand."""
        return min((due for due in (self.timers.next_due(), self.jobs.next_due()) if due is not None), default=None)

    def beat(self) -> None:
        """Tell the database that the system is running, at most once a minute; `downtime(from, to)` reads it."""
        self._heartbeat.beat()

    def keep(self) -> int:
        """What time asks of nobody in particular: expire kept messages, look who can do what, sweep uploads nobody
        submitted, forget old drafts of diagrams, seal the history, remove contents whose time is over; how much."""
        done = self.messages.expire() + self.jobs.push_again() + nobody.review(self.machinery, last=True)
        done += self.files.sweep() + self.editing.expire()
        self._sealing.due()
        return done + self.retention.due()

    def _calendar_changed(self) -> None:
        self.timers.recomputing.begin()
        self.jobs.calendar_changed()
