"""Workers outside are killed at random while they have tasks: each task is completed exactly once, locks of the dead
run out, and nothing is lost."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from engine.clock import SystemClock
from engine.engine import SYSTEM, Engine
from engine.settings import Settings
from engine.views import Actor, ExternalFilter
from tests.browser.serving import served
from tests.crash import printer
from tests.engine.definitions.diagrams import definitions, extensions, flows, node, process, properties
from tests.engine.runtime.office import GROUPS, RECORDS
from webui.app import create_app

ANN = Actor("ann")
PRINTING = process(
    extensions(properties(starters="clerk", recordType="loan")),
    node("startEvent", "begin"),
    node("serviceTask", "print", extensions(properties(senders="clerk")),
         'camunda:type="external" camunda:topic="printer"'),
    node("endEvent", "done"),
    flows("begin print done"),
    id="printing",
)  # fmt: skip


class Crew:
    """Worker processes; a dead one is replaced by another of another name."""

    def __init__(self, url: str, token: str, directory: Path) -> None:
        self._given = (url, token)
        self._directory = directory
        self._count = 0
        self._running: list[subprocess.Popen[bytes]] = []

    def hire(self) -> None:
        self._count += 1
        name = f"worker{self._count}"
        command = [sys.executable, printer.__file__, *self._given, name, str(self._directory / f"{name}.txt")]
        self._running.append(subprocess.Popen(command, stderr=subprocess.DEVNULL))

    def kill_one(self, chance: random.Random) -> None:
        """SIGKILL to one, and another comes."""
        one = self._running.pop(chance.randrange(len(self._running)))
        one.kill()
        one.wait()
        self.hire()

    def dismiss(self) -> None:
        for each in self._running:
            each.kill()
            each.wait()

    def answers(self) -> list[tuple[int, int]]:
        """Instance and status of every answer to a completion that a worker lived to note."""
        lines = [line for file in self._directory.glob("worker*.txt") for line in file.read_text().splitlines()]
        return [(int(instance), int(status)) for instance, status in (line.split() for line in lines)]


def ordeal(database_url: str, directory: Path, workers: int, tasks: int, kills: int, seconds: float) -> None:
    """Let this many workers do this many tasks while this many of them are killed."""
    settings = Settings(database_url, directory / "attachments", b"k" * 32)
    engine = Engine.open(settings, SystemClock())
    engine.migrate()
    engine.deployments.deploy(
        {"printing.bpmn": definitions(PRINTING), "groups.yaml": GROUPS.encode(), "records.yaml": RECORDS.encode()},
        SYSTEM,
    )
    engine.people.create("ann", "Ann", "", ["clerk"], SYSTEM)
    instances = [engine.instances.start("printing", {}, ANN).instance_id for _ in range(tasks)]
    app = create_app(engine, SECRET_KEY="test", RATELIMIT_ENABLED=False, PROPAGATE_EXCEPTIONS=False, THREADS=4)
    chance = random.Random(7)
    with served(app) as url:
        crew = Crew(f"{url}/engine-rest", engine.identity.create_token("crew", ANN), directory)
        try:
            for _ in range(workers):
                crew.hire()
            _kill_while_they_work(engine, crew, chance, tasks, kills, seconds)
        finally:
            crew.dismiss()
    for instance in instances:
        kinds = Counter(row.kind for row in engine.history.rows(instance))
        assert (kinds["external-completed"], kinds["ended"]) == (1, 1), instance
    done = Counter(instance for instance, status in crew.answers() if status == 204)
    assert max(done.values()) == 1
    assert {status for _, status in crew.answers()} <= {204, 400, 404}
    assert tasks - workers * 3 - kills * 3 <= len(done) <= tasks  # what is missing was answered to the dead
    assert engine.history.verify().findings == ()
    engine.close()


def _kill_while_they_work(
    engine: Engine, crew: Crew, chance: random.Random, tasks: int, kills: int, seconds: float
) -> None:
    until = time.monotonic() + seconds
    killed = 0
    while left := engine.externals.count(ExternalFilter(), SYSTEM):
        assert time.monotonic() < until, f"{left} of {tasks} are not done after {seconds} seconds"
        if killed < kills and left <= tasks * (1 - (killed + 1) / (kills + 1)):
            crew.kill_one(chance)
            killed += 1
        time.sleep(0.02)
    assert killed == kills


def test_tasks_of_killed_workers_are_done_by_others_once(database_url: str, tmp_path: Path) -> None:
    ordeal(database_url, tmp_path, workers=4, tasks=60, kills=3, seconds=60)


@pytest.mark.soak
def test_two_thousand_tasks_of_twenty_workers_are_done_once(database_url: str, tmp_path: Path) -> None:
    ordeal(database_url, tmp_path, workers=20, tasks=2000, kills=60, seconds=900)
