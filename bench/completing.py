"""Completing a task: against the floor, far into a loop, among very many others; what it asks and what it leaves.

Machines differ and so do moments: what is compared is measured in turns within one run, and medians are taken.
"""

from __future__ import annotations

from statistics import median

from sqlalchemy import text

from bench.crowd import add_crowd
from bench.diagrams import LONG, SHORT, line
from bench.figure import Figure, ms
from bench.floor import Floor
from bench.system import Commits, complete, counted, open_task, opened, run_line, start
from engine.engine import Engine

_TURNS = 40
_CROWD = 100_000
_FINISHED = 200


def completion(kind: str) -> dict[str, Figure]:
    """Completing a task durably against bare SpiffWorkflow in memory, one bare durable commit taken off.

    Of an order's length; that of an instance of ten tasks is told beside it, since the floor grows with the tasks
    behind it and the product does not.
    """
    with opened(kind) as engine:
        commits = Commits(engine)
        ratio, seen = _against_floor(engine, commits, "long", LONG, _TURNS // 4)
        short, _ = _against_floor(engine, commits, "short", SHORT, _TURNS)
    seen = f"{seen}; {short:.2f} x in an instance of {SHORT} tasks"
    return {"complete_a_task": Figure(ratio, 6, "x floor, one durable commit taken off", seen)}


def _against_floor(engine: Engine, commits: Commits, name: str, steps: int, turns: int) -> tuple[float, str]:
    floor = Floor(name, line(name, steps))
    run_line(engine, name), floor.run(commits.one)
    commits.took.clear()
    ours, theirs = [], []
    for _ in range(turns):
        ours += run_line(engine, name)[:-1]
        theirs += floor.run(commits.one)[:-1]
    mine, other, commit = median(ours), median(theirs), median(commits.took)
    return (mine - commit) / other, f"{ms(mine)} against {ms(other)} and a commit of {ms(commit)}"


def loop(kind: str) -> dict[str, Figure]:
    """The 1,000th round of a loop against the 10th: two instances in the same database, completed in turns."""
    with opened(kind) as engine:
        far, near = _at_round(engine, 1000 - _TURNS // 2), _at_round(engine, 10)
        early, late = [], []
        for turn in range(_TURNS):
            if turn % 10 == 0:
                near = _at_round(engine, 5)
            seconds, far = _next_round(engine, far)
            late.append(seconds)
            seconds, near = _next_round(engine, near)
            early.append(seconds)
    seen = f"{ms(median(late))} against {ms(median(early))}"
    return {"round_1000_of_a_loop": Figure(median(late) / median(early), 1.2, "x the 10th round", seen)}


def crowd(kind: str) -> dict[str, Figure]:
    """A completion among 100,000 other open instances against one among none, in turns on two databases."""
    with opened(kind) as alone, opened(kind) as crowded:
        add_crowd(crowded, start(crowded, "short"), _CROWD)
        run_line(alone, "short"), run_line(crowded, "short")
        few, many = [], []
        for _ in range(_TURNS):
            few += run_line(alone, "short")[:-1]
            many += run_line(crowded, "short")[:-1]
    seen = f"{ms(median(many))} against {ms(median(few))}"
    return {"among_100000_instances": Figure(median(many) / median(few), 1.3, "x alone", seen)}


def statements(kind: str) -> dict[str, Figure]:
    """Statements and commits of one completion in the middle of an instance; they are the same on both databases."""
    if kind != "sqlite":
        return {}
    with opened(kind) as engine:
        task_id = open_task(engine, start(engine, "short"))
        _, following = complete(engine, task_id)
        assert following is not None
        with counted(engine) as counts:
            complete(engine, following)
    return {
        "statements_a_completion": Figure(len(counts.statements), 10, "SQL statements"),
        "commits_a_completion": Figure(counts.commits, 1, "commits"),
    }


def stored(kind: str) -> dict[str, Figure]:
    """Bytes of the database that a finished instance of ten tasks leaves, history and indexes included."""
    if kind != "sqlite":
        return {}
    with opened(kind) as engine:
        run_line(engine, "short")
        before = _bytes(engine)
        for _ in range(_FINISHED):
            run_line(engine, "short")
        grown = (_bytes(engine) - before) / _FINISHED
    return {"bytes_of_a_finished_instance": Figure(grown / 1024, 16, "KB")}


def _bytes(engine: Engine) -> int:
    with engine.machinery.database.engine.connect() as connection:
        asked = ("page_count", "freelist_count", "page_size")
        pages, free, size = (connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in asked)
        return int((pages - free) * size)


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
