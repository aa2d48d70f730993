"""The rows of “Figures to hold”: each is one function that answers results by name.

Machines differ and so do moments: what is compared is measured in turns within one run, and medians are taken.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.crowd import add_crowd
from bench.floor import Floor
from bench.system import Commits, complete, counted, open_task, opened, run_line, start
from engine.engine import Engine

_TURNS = 40
_CROWD = 100_000


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured ratio, what it may be at most, and what it is a ratio of; `seen` are the medians behind it."""

    ratio: float
    limit: float
    unit: str
    seen: str

    @property
    def held(self) -> bool:
        return self.ratio <= self.limit


def completion() -> dict[str, Figure]:
    """Completing a task durably against bare SpiffWorkflow in memory, one bare durable commit taken off."""
    floor = Floor()
    with _engine() as engine:
        commits = Commits(engine)
        run_line(engine), floor.run()
        ours, theirs, bare = [], [], []
        for _ in range(_TURNS):
            ours += run_line(engine)[:-1]
            theirs += floor.run()[:-1]
            bare += [commits.one() for _ in range(10)]
    mine, other, commit = median(ours), median(theirs), median(bare)
    seen = f"{_ms(mine)} against {_ms(other)} and a commit of {_ms(commit)}"
    return {"complete_a_task": Figure((mine - commit) / other, 6, "x floor, one durable commit taken off", seen)}


def loop() -> dict[str, Figure]:
    """The 1,000th round of a loop against the 10th: two instances in the same file, completed in turns."""
    with _engine() as engine:
        far, near = _at_round(engine, 1000 - _TURNS // 2), _at_round(engine, 10)
        early, late = [], []
        for turn in range(_TURNS):
            if turn % 10 == 0:
                near = _at_round(engine, 5)
            seconds, far = _next_round(engine, far)
            late.append(seconds)
            seconds, near = _next_round(engine, near)
            early.append(seconds)
    seen = f"{_ms(median(late))} against {_ms(median(early))}"
    return {"round_1000_of_a_loop": Figure(median(late) / median(early), 1.2, "x the 10th round", seen)}


def crowd() -> dict[str, Figure]:
    """A completion among 100,000 other open instances against one among none, in turns on two files."""
    with _engine() as alone, _engine() as crowded:
        pattern = start(crowded, "line")
        path = crowded.machinery.database.url.database
        assert path is not None
        add_crowd(Path(path), pattern, _CROWD)
        run_line(alone), run_line(crowded)
        few, many = [], []
        for _ in range(_TURNS):
            few += run_line(alone)[:-1]
            many += run_line(crowded)[:-1]
    seen = f"{_ms(median(many))} against {_ms(median(few))}"
    return {"among_100000_instances": Figure(median(many) / median(few), 1.3, "x alone", seen)}


def statements() -> dict[str, Figure]:
    """Statements and commits of one completion in the middle of an instance."""
    with _engine() as engine:
        task_id = open_task(engine, start(engine, "line"))
        _, following = complete(engine, task_id)
        assert following is not None
        with counted(engine) as counts:
            complete(engine, following)
    return {
        "statements_a_completion": Figure(len(counts.statements), 10, "SQL statements", ""),
        "commits_a_completion": Figure(counts.commits, 1, "commits", ""),
    }


def _at_round(engine: Engine, count: int) -> int:
    """The open task of a new instance of the loop after this many rounds."""
    task_id = open_task(engine, start(engine, "round"))
    for _ in range(count):
        _, task_id = _next_round(engine, task_id)
    return task_id


def _next_round(engine: Engine, task_id: int) -> tuple[float, int]:
    seconds, following = complete(engine, task_id)
    assert following is not None
    return seconds, following


@contextmanager
def _engine() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix="gendan-bench-") as directory:
        engine = opened(Path(directory))
        try:
            yield engine
        finally:
            engine.close()


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


MEASURES = {"completion": completion, "loop": loop, "crowd": crowd, "statements": statements}
