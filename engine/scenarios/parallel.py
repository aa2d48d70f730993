"""Running scenarios in several processes: what each answers is the same, and so is the order of the answers."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass

from engine.scenarios.beginnings import Beginnings
from engine.scenarios.documents import Library, Story
from engine.scenarios.outcome import Result
from engine.scenarios.run import run_stories, run_story

_CAN_FORK = "fork" in multiprocessing.get_all_start_methods()


@dataclass(frozen=True)
class _Work:
    """What the processes share: it was read before they came about."""

    practice: Mapping[str, bytes]
    library: Library
    stories: Sequence[Story]
    database: str
    beginnings: Beginnings | None


_work: _Work


def cores() -> int:
    """How many processes can run at once on this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_parallel(
    practice: Mapping[str, bytes], library: Library, stories: Sequence[Story], jobs: int, database: str = ""
) -> Iterator[Result]:
    """Run scenarios in `jobs` processes; the results come in the order of the stories, each as soon as it is there.

    Where processes cannot be forked, they run one after the other.
    """
    parts = _parts(library, stories)
    jobs = min(jobs, len(parts))
    if jobs < 2 or not _CAN_FORK:
        yield from run_stories(practice, library, stories, database)
        return
    with Beginnings(practice) as beginnings:
        # In memory they end with their process; a place in a database would be left there.
        work = _Work(practice, library, stories, database, None if database else beginnings)
        fork = multiprocessing.get_context("fork")
        gc.freeze()  # what was read before is shared by all, and no collection of theirs looks through it
        try:
            with ProcessPoolExecutor(jobs, fork, _take, (work,)) as pool:
                yield from _in_order([(part, pool.submit(_run, part)) for part in parts], pool)
        finally:
            gc.unfreeze()


def _parts(library: Library, stories: Sequence[Story]) -> list[tuple[int, ...]]:
    """What is run together: what most stories are given is made in every process, anything else in one of them."""
    given = [library.given(story) for story in stories]
    most = Counter(given).most_common(1)[0][0] if given else None
    parts: dict[object, tuple[int, ...]] = {}
    for number, each in enumerate(given):
        key = number if each == most else each
        parts[key] = (*parts.get(key, ()), number)
    return list(parts.values())


def _in_order(
    running: Sequence[tuple[tuple[int, ...], Future[list[Result]]]], pool: ProcessPoolExecutor
) -> Iterator[Result]:
    whose = {number: (place, future) for part, future in running for place, number in enumerate(part)}
    try:
        for number in sorted(whose):
            place, future = whose[number]
            yield future.result()[place]
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _take(work: _Work) -> None:
    global _work  # noqa: PLW0603 - a process has one work, given when it begins
    _work = work


def _run(numbers: tuple[int, ...]) -> list[Result]:
    work = _work
    return [
        run_story(work.practice, work.library, work.stories[number], work.database, work.beginnings)
        for number in numbers
    ]
