"""The server, its workers and the database are killed under load, at random moments, again and again."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from engine.engine import SYSTEM, Engine
from engine.settings import Settings
from tests.crash.client import act
from tests.crash.practice import CLERKS, FILES, PASSWORD
from tests.crash.servers import Postgres, Running, free_port, own_postgres, started, wait_for_answer
from tests.crash.verdict import hold_to, settled

KILLS, MANY_KILLS = 20, 200
_LONGEST = 60.0
_A_FEW = 8
"""Lines of the journals that are written for certain between two kills: one before, one after each action."""


class Site:
    """A database with the practice, clients at work, and the processes that serve them."""

    def __init__(self, url: str, directory: Path) -> None:
        self.chance = random.Random(os.environ.get("GENDAN_TEST_SEED") or None)
        self._directory = directory
        self._port = free_port()
        self._address = f"http://127.0.0.1:{self._port}"
        self._environment = {
            "GENDAN_DATABASE_URL": url,
            "GENDAN_DATA_DIR": str(directory),
            "GENDAN_HISTORY_KEY": "the key of the tests",
        }
        self._settings = Settings(url, directory / "attachments", b"the key of the tests")
        self._running: list[Running] = []
        self._prepare()

    def _prepare(self) -> None:
        with self.opened() as engine:
            engine.migrate()
            engine.prepare_workers()
            engine.deployments.deploy(FILES, SYSTEM, "for the clients")
            for who in CLERKS:
                engine.people.create(who, who, PASSWORD, ["clerk"], SYSTEM, must_change=False)

    def command(self, name: str, *options: str) -> Running:
        made = Running([name, *options], self._environment, self._directory / f"{name}.log")
        self._running.append(made)
        return made

    def server(self, *options: str) -> Running:
        return self.command("serve", "--port", str(self._port), *options)

    @contextmanager
    def opened(self) -> Iterator[Engine]:
        engine = Engine.open(self._settings)
        try:
            yield engine
        finally:
            engine.close()

    def close(self) -> None:
        """Leave nothing running, however it went."""
        (self._directory / "stop").touch()
        for each in self._running:
            each.kill()

    @contextmanager
    def clients(self) -> Iterator[None]:
        """Meanwhile everybody acts; at the end each has got an answer to whatever it has sent."""
        self.serving()
        found = [started(act, self._address, self._directory, who, self.chance.random()) for who in CLERKS]
        self._wait(lambda: len(list(self._directory.glob("*.journal"))) == len(CLERKS), "not all can sign in")
        yield
        (self._directory / "stop").touch()
        for process in found:
            process.join(_LONGEST)
        assert [process.exitcode for process in found] == [0] * len(found), self._logs()

    def serving(self) -> None:
        """Wait until the server answers: who is killed before he has begun proves nothing."""
        wait_for_answer(self._address)

    def at_work(self) -> None:
        """Wait until the clients have sent a few things more, however slow the machine is."""
        before = self._written()
        self._wait(lambda: self._written() > before + _A_FEW, "nobody does anything")

    def _written(self) -> int:
        return sum(len(path.read_bytes().splitlines()) for path in self._directory.glob("*.journal"))

    def settle(self) -> None:
        """Wait until nothing is due any more."""
        with self.opened() as engine:
            self._wait(lambda: settled(engine), "something due is never done")

    def _wait(self, there: Callable[[], bool], otherwise: str) -> None:
        until = time.monotonic() + _LONGEST
        while not there():
            assert time.monotonic() < until, f"{otherwise}\n{self._logs()}"
            time.sleep(0.1)

    def verdict(self) -> dict[str, int]:
        with self.opened() as engine:
            return hold_to(engine, self._directory)

    def _logs(self) -> str:
        return "\n".join(path.read_text()[-3000:] for path in self._directory.glob("*.log"))


def on_sqlite(directory: Path, kills: int) -> dict[str, int]:
    with closing(Site(f"sqlite:///{directory / 'crash.sqlite3'}", directory)) as site:
        server = site.server("--tick", "1")
        server.start()
        with site.clients():
            for _ in range(kills):
                site.at_work()
                time.sleep(site.chance.uniform(0.0, 1.5))
                server.kill()
                server.start()
        site.settle()
        server.stop()
        return site.verdict()


def on_postgresql(database: Postgres, directory: Path, kills: int) -> dict[str, int]:
    """Four workers and a server of two processes: one of them is killed each time, at every fifth the database too."""
    with closing(Site(database.url, directory)) as site:
        running = [site.server("--workers", "2", "--threads", "4")]
        running += [site.command("worker", "--sweep", "1") for _ in range(4)]
        for each in running:
            each.start()
        with site.clients():
            for number in range(1, kills + 1):
                site.at_work()
                time.sleep(site.chance.uniform(0.0, 1.5))
                killed = site.chance.choice(running)
                killed.kill()
                if number % 5 == 0:
                    database.restart()
                killed.start()
        site.settle()
        for each in running:
            each.stop()
        return site.verdict()


def worth_it(counts: dict[str, int], kills: int) -> None:
    """Kills that hit nothing prove nothing."""
    assert counts["actions"] - counts["refused"] > 2 * kills, counts
    assert counts["messages"] > kills / 2, counts
    assert counts["repeated"] > 0, counts
    print(counts)


def test_a_server_on_sqlite_is_killed_and_nothing_is_lost(tmp_path: Path) -> None:
    worth_it(on_sqlite(tmp_path, KILLS), KILLS)


def test_servers_workers_and_postgresql_are_killed_and_nothing_is_lost(tmp_path: Path) -> None:
    with own_postgres() as database:
        worth_it(on_postgresql(database, tmp_path, KILLS), KILLS)


@pytest.mark.soak
def test_a_server_on_sqlite_is_killed_very_often(tmp_path: Path) -> None:
    worth_it(on_sqlite(tmp_path, MANY_KILLS), MANY_KILLS)


@pytest.mark.soak
def test_servers_workers_and_postgresql_are_killed_very_often(tmp_path: Path) -> None:
    with own_postgres() as database:
        worth_it(on_postgresql(database, tmp_path, MANY_KILLS), MANY_KILLS)
