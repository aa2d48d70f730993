"""The documents of scenario files: scenarios, fragments and what is always given; and finding them by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from engine.scenarios.given import Given, given, together
from engine.scenarios.grammar import DOCUMENTS
from engine.scenarios.proof.bounds import Bounds, all_bounds, read_bounds
from engine.scenarios.read_steps import parameters, steps, use
from engine.scenarios.source import Place, ScenarioFault, ScenarioFilesInvalid, Section, Source, read_documents
from engine.scenarios.steps import Repeat, Step, Use, UseStep
from engine.scenarios.templates import Constant, Template


@dataclass(frozen=True, slots=True)
class Story:
    """A scenario or a fragment. A parameter whose template is the constant null must be given."""

    name: str
    place: Place
    runs: bool
    title: str
    clauses: tuple[str, ...]
    parameters: tuple[tuple[str, Template], ...]
    uses: tuple[Use, ...]
    given: Given
    steps: tuple[Step, ...]

    @property
    def used(self) -> Iterator[Use]:
        """Everything this story builds on, at its beginning and in its steps."""
        yield from self.uses
        yield from _used(self.steps)


class Library:
    """All stories of some files by name, with what is always given, how much they must reach (`bounds`), and the
    documents left for others (`demo`)."""

    def __init__(
        self, stories: Mapping[str, Story], always: Given, rest: tuple[Source, ...] = (), bounds: Bounds | None = None
    ) -> None:
        self.stories = stories
        self.always = always
        self.rest = rest
        self.bounds = bounds or Bounds()

    def scenarios(self) -> tuple[Story, ...]:
        """The stories that are run, in the order of files and documents."""
        return tuple(story for story in self.stories.values() if story.runs)

    def wrong_uses(self, each: Use) -> Iterator[ScenarioFault]:
        """What is wrong with the use of a story: it is not there, or its parameters are others."""
        return _wrong_use(each, self.stories)

    def given(self, story: Story) -> Given:
        """What is given in a story: always, by what it uses, by itself."""
        return together([self.always, self._given(story)])

    def needs_file(self, story: Story) -> bool:
        """Whether the story stops the engine, so that its database must outlive it."""
        return any(each.verb in ("restart", "off") for each in self._steps(story.steps)) or any(
            self.needs_file(self.stories[each.name]) for each in story.used
        )

    def _given(self, story: Story) -> Given:
        blocks = [self._given(self.stories[each.name]) for each in story.used]
        return together([*blocks, story.given])

    def _steps(self, found: Iterable[Step]) -> Iterator[Step]:
        for each in found:
            yield each
            if isinstance(each, Repeat):
                yield from self._steps(each.steps)


def read_library(paths: Iterable[Path]) -> Library:
    """Read every scenario file at or below the paths.

    All mistakes of all files are found before any is answered (`ScenarioFilesInvalid`).
    """
    found = _Found()
    for path in scenario_files(paths):
        for document in _documents(path, found.faults):
            try:
                _sort(document, found)
            except ScenarioFault as fault:
                found.faults.append(fault)
    found.faults += _dangling(found.stories)
    if found.faults:
        raise ScenarioFilesInvalid(found.faults)
    return Library(found.stories, together(found.always), tuple(found.rest), all_bounds(found.bounds))


@dataclass
class _Found:
    """What the documents read so far hold."""

    faults: list[ScenarioFault] = field(default_factory=list)
    stories: dict[str, Story] = field(default_factory=dict)
    always: list[Given] = field(default_factory=list)
    bounds: list[Bounds] = field(default_factory=list)
    rest: list[Source] = field(default_factory=list)


def scenario_files(paths: Iterable[Path]) -> list[Path]:
    """The YAML files at or below the paths, each once, in order."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found |= dict.fromkeys(each for each in sorted(path.rglob("*.y*ml")) if each.suffix in (".yaml", ".yml"))
        else:
            found[path] = None
    return list(found)


def _documents(path: Path, faults: list[ScenarioFault]) -> list[Source]:
    try:
        return read_documents(path.read_text(encoding="utf-8"), str(path))
    except ScenarioFault as fault:
        faults.append(fault)
    except (OSError, UnicodeDecodeError) as error:
        faults.append(ScenarioFault(Place(str(path), 1, 1), f"The file cannot be read: {error}."))
    return []


def _sort(document: Source, found: _Found) -> None:
    section = document.section("a document")
    if not any(kind in section for kind in DOCUMENTS):
        raise document.fault("A document begins with “scenario: NAME”, “fragment: NAME”, “always:” or “coverage:”.")
    kind = section.verb(DOCUMENTS)
    match kind:
        case "demo":
            found.rest.append(document)
        case "always":
            found.always.append(given(section.take(kind)))
            section.done()
        case "coverage":
            found.bounds.append(read_bounds(section.require(kind)))
            section.done()
        case _:
            story = _story(section, kind, found.faults)
            if story.name in found.stories:
                place = found.stories[story.name].place
                raise document.fault(f"“{story.name}” is told twice; the other one stands at {place}.")
            found.stories[story.name] = story


def _story(section: Section, kind: str, faults: list[ScenarioFault]) -> Story:
    clauses, uses = section.take("clauses"), section.take("uses")
    story = Story(
        name=section.require(kind).text(),
        place=section.place,
        runs=kind == "scenario",
        title=section.text("title"),
        clauses=tuple(each.text() for each in clauses.items()) if clauses else (),
        parameters=parameters(section.take("parameters")),
        uses=tuple(use(each) for each in uses.items()) if uses else (),
        given=given(section.take("given")),
        steps=steps(section.take("steps"), faults),
    )
    section.done()
    return story


def _dangling(stories: Mapping[str, Story]) -> Iterator[ScenarioFault]:
    """Uses of stories that are not there, parameters that are not declared, and circles."""
    for story in stories.values():
        for each in story.used:
            yield from _wrong_use(each, stories)
    if any(True for story in stories.values() for each in story.used if each.name not in stories):
        return
    for story in stories.values():
        if _reaches(story, story.name, stories, set()):
            yield ScenarioFault(story.place, f"“{story.name}” builds on itself.")


def _wrong_use(each: Use, stories: Mapping[str, Story]) -> Iterator[ScenarioFault]:
    target = stories.get(each.name)
    if target is None:
        near = get_close_matches(each.name, stories, 1)
        hint = f" Do you mean “{near[0]}”?" if near else ""
        yield ScenarioFault(each.place, f"There is no fragment or scenario “{each.name}”.{hint}")
        return
    declared = dict(target.parameters)
    for name, _ in each.parameters:
        if name not in declared:
            known = ", ".join(declared) or "none"
            yield ScenarioFault(each.place, f"“{each.name}” has no parameter “{name}”. It has: {known}.")
    given_names = {name for name, _ in each.parameters}
    for name, default in declared.items():
        if default == Constant(None) and name not in given_names:
            yield ScenarioFault(each.place, f"“{each.name}” needs its parameter “{name}”.")


def _reaches(story: Story, name: str, stories: Mapping[str, Story], seen: set[str]) -> bool:
    for each in story.used:
        if each.name == name:
            return True
        if each.name not in seen:
            seen.add(each.name)
            if _reaches(stories[each.name], name, stories, seen):
                return True
    return False


def _used(found: Iterable[Step]) -> Iterator[Use]:
    for each in found:
        if isinstance(each, UseStep):
            yield each.use
        elif isinstance(each, Repeat):
            yield from _used(each.steps)
