"""Which scenarios fail by a new set, and whether they did by the set that is deployed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.scenarios.documents import Library, Story
from engine.scenarios.outcome import Result
from engine.scenarios.parallel import run_parallel
from engine.scenarios.run import run_story


@dataclass(frozen=True, slots=True)
class Proof:
    """How a scenario ends by the new set; `before` tells whether it held by the deployed one (asked only when it fails;
    None when nothing is deployed)."""

    result: Result
    before: bool | None = None


def proofs(
    practice: Mapping[str, bytes],
    deployed: Mapping[str, bytes],
    library: Library,
    stories: Sequence[Story],
    jobs: int = 1,
) -> Iterator[Proof]:
    """Run scenarios by the new set, and those that fail by the deployed one too; one after the other as they end."""
    by_name = {story.name: story for story in stories}
    for result in run_parallel(practice, library, stories, jobs):
        before = None
        if not result.held and deployed:
            before = run_story(deployed, library, by_name[result.name]).held
        yield Proof(result, before)
