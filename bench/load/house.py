"""The house that people come to: PostgreSQL, the real server in several processes, and a worker beside it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from sqlalchemy import create_engine, text

from bench.diagrams import practice
from bench.places import empty_database
from engine.command.opening import SYSTEM
from engine.engine import Engine
from engine.settings import Settings
from engine.signed_in import Visitor
from engine.views import Actor, Person
from webui.app import create_app

_PROCESSES = 2


@dataclass(frozen=True, slots=True)
class House:
    """Where it answers, the cookie of each person, and the engine on the same database, to look at what was kept."""

    base: str
    cookies: tuple[str, ...]
    engine: Engine


@contextmanager
def open_house(people: int, records: int) -> Iterator[House]:
    """Serve this many people with this many open records until the block ends."""
    with empty_database("postgresql") as url, tempfile.TemporaryDirectory(prefix="gendan-load-") as directory:
        surroundings = {**os.environ, "GENDAN_DATABASE_URL": url, "GENDAN_DATA_DIR": directory}
        os.environ.update(surroundings)
        engine = Engine.open(Settings.from_environment())
        try:
            _furnish(engine, people, records)
            _settle(url)
            cookies = tuple(_cookies(engine, people))
            with _served(surroundings) as base:
                yield House(base, cookies, engine)
        finally:
            engine.close()


def _furnish(engine: Engine, people: int, records: int) -> None:
    engine.migrate()
    engine.deployments.deploy(practice(), SYSTEM)
    for number in range(people):
        engine.people.create(f"p{number}", f"Person {number}", "", ("clerk",), SYSTEM)
    for number in range(records):
        engine.instances.start("round", {}, Actor(f"p{number % people}"))


def _settle(url: str) -> None:
    """Let PostgreSQL count its rows, as it does by itself within minutes: until then its plans are those of no rows."""
    settled = create_engine(url, isolation_level="AUTOCOMMIT")
    with settled.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
    settled.dispose()


def _cookies(engine: Engine, people: int) -> Iterator[str]:
    """Sessions as the door opens them; two hundred passwords would take half a minute and meet its limits."""
    app = create_app(engine)
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    for number in range(people):
        person = Person(f"p{number}", f"Person {number}", ())
        opened = engine.machinery.write(
            lambda connection, person=person: engine.sessions.open(connection, person, Visitor("load"), "password")
        )
        yield signer.dumps({"_user_id": opened.secret, "_fresh": True})


@contextmanager
def _served(surroundings: dict[str, str]) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = str(Path(sys.executable).with_name("gendan"))
    asked = ([command, "serve", "--port", str(port), "--workers", str(_PROCESSES)], [command, "worker"])
    running = [subprocess.Popen(each, env=surroundings, stdout=subprocess.DEVNULL) for each in asked]
    try:
        base = f"http://127.0.0.1:{port}"
        _wait(base)
        yield base
    finally:
        for each in running:
            each.terminate()
        for each in running:
            each.wait(timeout=30)


def _wait(base: str) -> None:
    for _ in range(300):
        try:
            if requests.get(f"{base}/signin", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise TimeoutError("the server does not answer")
