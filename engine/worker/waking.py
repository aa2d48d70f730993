"""Waking workers soon after a commit, from the process that committed. Only a comfort: the sweep finds everything."""

from __future__ import annotations

from contextlib import suppress
from threading import Event

from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued

from engine.engine import Engine
from engine.runtime.unit.acted import Acted
from engine.store.wakeups import conninfo
from engine.worker.wakeups import QUEUE, SWEEP, look


class Waker:
    """Notices that something was committed, and asks for a sweep when that left something to do.

    Nothing of it is in the way of the commit: `wake` is called by a thread of its own, now and then.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._committed = Event()
        self._app = App(
            connector=SyncPsycopgConnector(conninfo=conninfo(engine.machinery.database), min_size=1, max_size=1)
        )
        self._app.open()
        engine.machinery.observers.append(self._noticed)

    def wake(self) -> None:
        """Ask for a sweep if anything was committed since the last call that workers have to do something about."""
        if not self._committed.is_set():
            return
        self._committed.clear()
        if look(self._engine):
            with suppress(AlreadyEnqueued):
                self._app.configure_task(SWEEP, queue=QUEUE, queueing_lock=SWEEP).defer(timestamp=0)

    def _noticed(self, _what: Acted, _seconds: float) -> None:
        self._committed.set()
