"""Running scenarios, each on an engine and a database of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path

from engine.errors import GendanError
from engine.scenarios.beginnings import Beginnings, world_of
from engine.scenarios.documents import Library, Story, read_library, scenario_files
from engine.scenarios.outcome import Problem, Result, StepFailed
from engine.scenarios.play import play_through
from engine.scenarios.source import ScenarioFault
from engine.scenarios.templates import Stopped
from engine.settings import Settings
from engine.store.scratch import place_in

_MEMORY = "sqlite://"


def chosen_scenarios(
    paths: Iterable[Path], only: tuple[str, ...] = (), folder: Path | None = None
) -> tuple[Library, tuple[Story, ...]]:
    """The scenarios of the paths, and the library with the fragments of `folder` beside them.

    `only` are names of scenarios, in which `*` stands for any text. Raises ScenarioFilesInvalid.
    """
    files = scenario_files(paths)
    around = scenario_files([folder]) if folder is not None and folder.is_dir() else []
    library = read_library({each.resolve(): each for each in (*around, *files)}.values())
    wanted = {str(each.resolve()) for each in files}
    chosen = tuple(
        story
        for story in library.scenarios()
        if (not only or any(fnmatchcase(story.name, pattern) for pattern in only))
        and str(Path(story.place.file).resolve()) in wanted
    )
    return library, chosen


def run_stories(
    practice: Mapping[str, bytes], library: Library, stories: Iterable[Story], database: str = ""
) -> Iterator[Result]:
    """Run scenarios one after the other."""
    with Beginnings(practice, database) as beginnings:
        for story in stories:
            yield run_story(practice, library, story, database, beginnings)


def run_story(
    practice: Mapping[str, bytes],
    library: Library,
    story: Story,
    database: str = "",
    beginnings: Beginnings | None = None,
) -> Result:
    """Run one scenario on an empty database: in memory, or in a place of its own in `database`.

    `beginnings` keep what several stories begin with; one that stops the engine, or has a file, does without.
    """
    given = library.given(story)
    needs_file = library.needs_file(story)
    try:
        with _settings(needs_file, database) as settings:
            if beginnings is not None and not needs_file and not database.startswith("sqlite"):
                return play_through(beginnings.world(given, settings), library, story)
            with world_of(given, practice, settings) as world:
                return play_through(world, library, story)
    except (GendanError, Stopped) as error:
        place = error.place if isinstance(error, ScenarioFault) else story.place
        problem = Problem(place, "What is given cannot be given.", "an engine to begin with", _all(error))
        return Result(story.name, story.title, story.place, 0, 0, StepFailed(place, "given", (problem,)))


@contextmanager
def _settings(needs_file: bool, database: str) -> Iterator[Settings]:
    with tempfile.TemporaryDirectory(prefix="gendan-") as directory:
        data = Path(directory)
        url = database or (f"sqlite:///{data / 'scenario.sqlite3'}" if needs_file else _MEMORY)
        with place_in(url) as own:
            yield Settings(database_url=own, attachments_dir=data / "attachments", history_key=b"scenario")


def _all(error: Exception) -> str:
    findings = getattr(error, "findings", ())
    return "\n".join([str(error), *(str(each) for each in findings)])
