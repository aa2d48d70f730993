"""Reading and checking the practice as a process does that has read nothing yet, and deploying it unchanged."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from bench.figure import Figure, ms
from bench.system import opened
from engine.command.opening import SYSTEM, practice_files
from engine.runtime.deployed import readings
from engine.runtime.deployments.checking import check

PRACTICE = Path(__file__).parents[1] / "processes"
_PROCESS = "order_followup"
_TURNS = 5


def checking(_kind: str) -> dict[str, Figure]:
    """`order_followup` with all it calls, its tables and what stands beside them, read and checked."""
    found = median(_asked() for _ in range(_TURNS))
    return {"check_order_followup": Figure(found, 1.0, "s of one core")}


def deploying(kind: str) -> dict[str, Figure]:
    """Deploying a set that is deployed already, against checking it."""
    files = practice_files(PRACTICE)
    with opened(kind) as engine:
        started = perf_counter()
        engine.deployments.deploy(files, SYSTEM)
        first = perf_counter() - started
        took = []
        for _ in range(_TURNS):
            started = perf_counter()
            engine.deployments.deploy(files, SYSTEM)
            took.append(perf_counter() - started)
    seen = f"{ms(median(took))} against {ms(first)}"
    return {"deploy_unchanged": Figure(median(took) / first, 0.05, "x deploying it first", seen)}


def with_all_it_calls(files: Mapping[str, bytes], process: str) -> dict[str, bytes]:
    """The files of a process and of all it calls, with the tables and what stands beside the diagrams."""
    diagrams = {name: readings.diagram(content, name)[0] for name, content in files.items() if name.endswith(".bpmn")}
    homes = {each.id: (name, each) for name, file in diagrams.items() for each in file.processes}
    wanted, left = set(), [process]
    while left:
        name, definition = homes[left.pop()]
        if name not in wanted:
            wanted.add(name)
            left += [node.call.element for node in definition.scope.walk() if node.call and node.call.element in homes]
    return {name: content for name, content in files.items() if name not in diagrams or name in wanted}


def _asked() -> float:
    """The seconds a process of its own needs, which has read nothing yet."""
    said = subprocess.run([sys.executable, "-m", "bench.checking"], capture_output=True, check=True, text=True)
    return float(said.stdout)


def _answer() -> float:
    files = with_all_it_calls(practice_files(PRACTICE), _PROCESS)
    readings.diagram.cache_clear()
    started = process_time()
    found = check(files, datetime.now(UTC))
    assert found.processes, "nothing was read"
    return process_time() - started


if __name__ == "__main__":
    print(_answer())
