"""Running a demonstration: many stories on one clock that goes from the past to the present.

Nothing is inserted. Every story is played as a scenario is, and they are interleaved by time: whoever is next moves
the clock, and what falls due for the others on the way happens as it would have happened.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from engine.scenarios.demo import Demo, Routine
from engine.scenarios.documents import Library, Story
from engine.scenarios.given import Given, together
from engine.scenarios.outcome import StepFailed
from engine.scenarios.play import Play
from engine.scenarios.templates import Scope
from engine.scenarios.world import World

_LONG_BEFORE = timedelta(days=200)


@dataclass(order=True)
class _Next:
    """Who acts next, and when; first come, first served at the same moment."""

    at: datetime
    turn: int
    play: Play = field(compare=False)
    way: Iterator[None] = field(compare=False)


def run_demo(
    world: World, library: Library, demo: Demo, now: datetime, progress: Callable[[int, int], None] | None = None
) -> list[StepFailed]:
    """Play a demonstration in a world with an empty, migrated database until `now`, where its clock then stands.

    A story whose next step lies in the future stays where it is. One that does not go as told stops there and the
    others go on; what failed is answered.
    """
    # The practice must be there before anything that is seen from the present can be computed on its calendar.
    world.clock.move_to(now - _LONG_BEFORE)
    world.deploy(())
    world.clock.move_to(now)
    present = world.scope()
    begins = demo.begins.at(present)
    world.clock.move_to(begins)
    used = [library.given(library.stories[name]) for name in dict.fromkeys(each.use.name for each in demo.entries)]
    world.begin(together([*used, demo.given]))
    return _run(world, _queue(world, library, demo, begins, now, present), now, progress)


def _queue(world: World, library: Library, demo: Demo, begins: datetime, now: datetime, present: Scope) -> list[_Next]:
    """Everybody who acts, each at the moment of his first step."""
    turns = count()
    plays: dict[str, Play] = {}
    world.clock.move_to(now)
    moments = [each.at.at(present) for each in demo.entries]
    ends = [each.until.at(present) if each.until else now for each in demo.routines]
    world.clock.move_to(begins)
    queue: list[_Next] = []
    for entry, at in zip(demo.entries, moments, strict=True):
        play = plays[entry.name or str(entry.place)] = Play(world, library)
        # A story that only uses another, so that its parameters are computed when it begins.
        story = Story(entry.name, entry.place, False, "", (), (), (entry.use,), Given(), ())
        queue.append(_Next(max(at, begins), next(turns), play, play.tell(story)))
    for routine, end in zip(demo.routines, ends, strict=True):
        for at in _times(world, routine, begins, min(end, now)):
            play = Play(world, library)
            queue.append(_Next(at, next(turns), play, _act(play, routine, plays)))
    heapq.heapify(queue)
    return queue


def _run(
    world: World, queue: list[_Next], now: datetime, progress: Callable[[int, int], None] | None
) -> list[StepFailed]:
    failures: list[StepFailed] = []
    turns = count(len(queue))
    begins = world.clock.now()
    while queue and queue[0].at <= now:
        due = heapq.heappop(queue)
        world.advance(due.at)
        try:
            next(due.way)
            heapq.heappush(queue, _Next(due.play.until, next(turns), due.play, due.way))
        except StopIteration:
            pass
        except StepFailed as failed:
            failures.append(failed)
        if progress is not None:
            progress(int((due.at - begins) / timedelta(minutes=1)), int((now - begins) / timedelta(minutes=1)))
    world.advance(now)
    return failures


def _act(play: Play, routine: Routine, plays: dict[str, Play]) -> Iterator[None]:
    """A routine sees every story under the story's name: what the story named first."""
    play.awaited = frozenset(plays)
    play.named = {name: next(iter(each.named.values())) for name, each in plays.items() if each.named}
    yield from play.tell(Story("", routine.place, False, "", (), (), (), Given(), routine.steps))


def _times(world: World, routine: Routine, begins: datetime, ends: datetime) -> Iterator[datetime]:
    """Every moment of a routine on working days between two moments."""
    zone = world.context.zone()
    day = begins.astimezone(zone).date()
    while day <= ends.astimezone(zone).date():
        if world.is_work_day(day):
            moments = (datetime.combine(day, each, zone) for each in routine.times)
            yield from (at for at in moments if begins <= at <= ends)
        day += timedelta(days=1)
