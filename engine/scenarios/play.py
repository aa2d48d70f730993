"""Playing a story on a world: its steps one after the other, each checked before the next."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from decimal import Decimal

from engine.engine import Engine
from engine.errors import GendanError
from engine.scenarios.checks import check
from engine.scenarios.documents import Library, Story
from engine.scenarios.expectations import Expectation
from engine.scenarios.hands import EngineHands, Hands
from engine.scenarios.names import Late, Named, Names, Parameters, parameter
from engine.scenarios.outcome import Problem, Result, StepFailed
from engine.scenarios.perform import perform
from engine.scenarios.proof.trace import trace_of
from engine.scenarios.refusals import accepted, differs
from engine.scenarios.source import Place, unknown
from engine.scenarios.steps import Look, Repeat, Step, Use, UseStep, Wait
from engine.scenarios.templates import Scope, Stopped, Template, Upload, spoken
from engine.scenarios.tokens import where_tokens_are
from engine.scenarios.world import SYSTEM, World
from engine.values import Value
from engine.views import Actor, RecordView


class Play:
    """One story being played. What it calls by name is its own, so that several can share a world.

    Its people act with their `hands`: on the engine itself, unless others are given.
    """

    def __init__(self, world: World, library: Library, strict: bool = True, hands: Hands | None = None) -> None:
        self.world = world
        self.hands = hands or EngineHands(world)
        self.library = library
        self.named: dict[str, Named] = {}
        self.awaited: frozenset[str] = frozenset()
        self.until = world.clock.now()
        self.count = 0
        self._spoken = ""
        self._parameters: Parameters = {}
        self._strict = strict
        self._incidents: set[int] = set()

    @property
    def engine(self) -> Engine:
        """The open engine; another one after a restart."""
        return self.world.engine

    def tell(self, story: Story, given: Parameters | None = None) -> Iterator[None]:
        """Play a story with parameters. Yields before each step that moves the clock, whose moment is `until`.

        Raises StepFailed at the first step that does not go as told.
        """
        before = self._parameters
        # A default sees the parameters before it, and what is named until it is used.
        own: dict[str, Value | Late] = dict(given or {})
        names = Names(self.named, own, self.fields)
        for name, default in story.parameters:
            if name not in own:
                own[name] = parameter(default, names, self.world.context)
        self._parameters = own
        try:
            for each in story.uses:
                yield from self._use(each)
            yield from self._steps(story.steps)
        finally:
            self._parameters = before

    # What verbs and checks ask

    def scope(self, upload: Upload | None = None, **form: Value) -> Scope:
        """What templates see at this step; `form` and `task` while a form is filled, whose files go to `upload`."""
        names = Names(self.named, self._parameters, self.fields, form, upload)
        return Scope(names, self.world.context, upload)

    def text(self, template: Template | None) -> str:
        """A text of the file, its expressions evaluated; nothing for none."""
        return "" if template is None else spoken(template.make(self.scope()))

    def actor(self, step: Step) -> Actor:
        """Who does a step."""
        if step.by is None:
            raise Stopped("“by” is missing: who does it?")
        return Actor(self.text(step.by))

    def find(self, subject: Template | None) -> Named:
        """What `for` speaks of; without it what was spoken of last."""
        name = self.text(subject) if subject is not None else self._spoken
        if not name:
            raise Stopped("“for” is missing, and nothing was spoken of before.")
        named = self.named.get(name) or self._keyed(name)
        if named is None:
            raise Stopped(unknown(name, self.named, "this story"))
        self._spoken = name
        return named

    def _keyed(self, key: str) -> Named | None:
        """The record with this business key, which no step of the story started: a diagram did."""
        try:
            record = self.engine.records.get(key, SYSTEM)
        except GendanError:
            return None
        main = next((each for each in record.instances if not each.number), None)
        return None if main is None else Named(key, main.id, main.number, whole=True)

    def call(self, name: str, named: Named) -> None:
        """Give a name from here on, and speak of it."""
        self.named[name] = named
        self._spoken = name

    def fields(self, named: Named) -> Mapping[str, Value]:
        """What an expression sees of a name: its key, number and published fields."""
        fields: dict[str, Value] = {"business_key": named.key, "number": named.number}
        instance = self.engine.instances.get(named.instance_id, SYSTEM)
        fields |= {each.name: each.value for each in instance.summary}
        if named.whole and (record := self.record(named)) is not None:
            fields |= {each.name: each.value for each in record.fields} | {"status": record.status}
        return fields

    def record(self, named: Named) -> RecordView | None:
        """The record as the engine itself sees it; None when the instance belongs to no record."""
        try:
            return self.engine.records.get(named.key, SYSTEM)
        except GendanError:
            return None

    def is_record(self, key: str) -> bool:
        """Whether this is the key of a record of a type of the practice, and not of an instance by itself."""
        try:
            found = self.engine.records.get(key, SYSTEM).record_type
        except GendanError:
            return False
        return found in self.engine.deployments.current().surroundings.records

    # The steps

    def _use(self, use: Use) -> Iterator[None]:
        names = Names(self.named, self._parameters, self.fields)
        given = {name: parameter(template, names, self.world.context) for name, template in use.parameters}
        yield from self.tell(self.library.stories[use.name], given)

    def _steps(self, steps: tuple[Step, ...]) -> Iterator[None]:
        for step in steps:
            yield from self._step(step)

    def _step(self, step: Step) -> Iterator[None]:
        self.count += 1
        try:
            match step:
                case UseStep():
                    yield from self._use(step.use)
                case Repeat():
                    yield from self._repeat(step)
                case Wait():
                    self.until = step.until.at(self.scope())
                    if self.until < self.world.clock.now():
                        raise Stopped(f"{step.until.text} is {self.until}, and it is {self.world.clock.now()} already.")
                    yield
                case Look():
                    pass
                case _:
                    self._act(step)
                    self.world.engine.tick()
            self._check(step)
        except StepFailed:
            raise
        except (Stopped, GendanError) as error:
            self._fail(step, (Problem(step.place, "It cannot go on.", "the step can be done", str(error)),))

    def _repeat(self, step: Repeat) -> Iterator[None]:
        over = step.over.make(self.scope())
        items: list[Value] = over if isinstance(over, list) else [Decimal(n + 1) for n in range(int(spoken(over)))]
        before = self._parameters
        for item in items:
            self._parameters = {**before, step.counter: item}
            yield from self._steps(step.steps)
        self._parameters = before

    def _act(self, step: Step) -> None:
        try:
            perform(self, step)
        except GendanError as error:
            problem = differs(self, step, step.refused, error)
        else:
            problem = accepted(step.refused)
        if problem is not None:
            self._fail(step, (problem,))

    def _check(self, step: Step) -> None:
        expect = step.expect
        problems = list(self._new_incidents(step.place, expect))
        if expect is not None:
            named = self.find(expect.subject) if expect.subject is not None or self._spoken else None
            problems += check(self, expect, named)
        if problems:
            self._fail(step, tuple(problems))

    def _new_incidents(self, place: Place, expect: Expectation | None) -> Iterator[Problem]:
        found = {each.id: each for each in self.engine.incidents.list(SYSTEM)}
        new = [each for key, each in found.items() if key not in self._incidents]
        self._incidents = set(found)
        if self._strict and new and not (expect and expect.incidents):
            shown = "\n".join(f"{each.element_id} {each.element_name}: {each.text}" for each in new)
            yield Problem(place, "The step brought about an incident.", "no incident", shown)

    def _fail(self, step: Step, problems: tuple[Problem, ...]) -> None:
        title = f"{step.title} ({step.note})" if step.note else step.title
        raise StepFailed(step.place, title, problems, where_tokens_are(self))


def play_through(world: World, library: Library, story: Story, hands: Hands | None = None) -> Result:
    """Play one story from its beginning to its end or its first failure; `hands` as in `Play`."""
    play = Play(world, library, hands=hands)
    started = time.perf_counter()
    failure = None
    try:
        for _ in play.tell(story):
            world.advance(play.until)
    except StepFailed as failed:
        failure = failed
    seconds = time.perf_counter() - started
    return Result(story.name, story.title, story.place, play.count, seconds, failure, trace_of(play.engine))
