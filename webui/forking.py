"""The pages behind gunicorn: many processes, each with threads."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

_GRACE = 30
"""Seconds that requests have to be answered when the server is told to stop."""


def serve_forking(begin: Callable[[], Flask], bind: str, workers: int, threads: int) -> None:
    """Serve until SIGTERM; `begin` makes the application in each process. A process that dies is replaced."""
    settings = {
        "bind": bind,
        "workers": workers,
        "worker_class": "gthread",
        "threads": threads,
        "graceful_timeout": _GRACE,
        "timeout": 120,  # a process that is alive beats by itself, however long a request takes
        "keepalive": 75,  # longer than proxies and browsers keep theirs: who closes first must not be the server
        "loglevel": "warning",
        "logger_class": _Logs,
        "control_socket_disable": True,
    }
    _Server(begin, settings).run()


class _Logs(Logger):  # type: ignore[misc]
    """What gunicorn itself has to say goes where all lines go, and is written as they are (`engine.logs`)."""

    def setup(self, cfg: object) -> None:
        super().setup(cfg)
        self.error_log.handlers = []
        self.error_log.propagate = True


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, begin: Callable[[], Flask], settings: dict[str, object]) -> None:
        self._begin = begin
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._begin()
