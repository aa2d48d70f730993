"""The engine a story runs on: its own database, a clock that only the story moves, what is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time

import yaml

from engine.clock import MovedClock
from engine.engine import Engine
from engine.expressions import Context, compile_expression
from engine.scenarios.given import DayException, FileChange, Given, Items, Setting, Someone, Substitute
from engine.scenarios.source import ScenarioFault, unknown
from engine.scenarios.templates import Scope, Stopped, as_mapping
from engine.settings import Settings
from engine.values import Value
from engine.views import Actor, CalendarException, ReferenceItem

SYSTEM = Actor("-")
_BEGINNING = datetime(2026, 11, 2, tzinfo=UTC)
_MOST_MOMENTS = 20_000
_SETTINGS = "settings.yaml"
_IS_WORK_DAY = compile_expression("is_work_day(day)")


class World:
    """An open engine with its moved clock."""

    def __init__(
        self, engine: Engine, clock: MovedClock, settings: Settings, practice: Mapping[str, bytes], password: str = ""
    ) -> None:
        self.engine = engine
        self.clock = clock
        self.settings = settings
        self.practice = dict(practice)
        self.password = password

    @property
    def context(self) -> Context:
        """What expressions of the story may ask: the calendar of the practice, the moved clock."""
        return self.engine.context()

    def scope(self, names: Mapping[str, Value] | None = None) -> Scope:
        """A scope with these names."""
        return Scope(names or {}, self.context)

    def advance(self, until: datetime) -> None:
        """Move the clock; everything that falls due on the way happens at its own time, in order."""
        for _ in range(_MOST_MOMENTS):
            due = self.engine.timers.next_due()
            if due is None or due > until:
                break
            self.clock.move_to(max(due, self.clock.now()))
            self.engine.tick()
        else:
            raise Stopped(f"The clock stopped {_MOST_MOMENTS} times on the way to {until}: a timer fires without end.")
        self.clock.move_to(max(until, self.clock.now()))
        self.engine.tick()

    def restart(self) -> None:
        """Close the engine and open another on the same database."""
        self.engine.close()
        self.engine = Engine.open(self.settings, self.clock)

    def deploy(self, changes: tuple[FileChange, ...], actor: Actor = SYSTEM) -> None:
        """Deploy the practice with changed files; the changes stay."""
        changed = changed_files(self.practice, changes)
        self.engine.deployments.deploy(changed, actor)
        self.practice = changed

    def begin(self, given: Given) -> None:
        """Set the clock and enter what is given."""
        if given.now is not None:
            self.clock.move_to(given.now.at(self.scope()))
        self.give_people(given.people)
        scope = self.scope()
        self.give_calendar(given.calendar, scope)
        self.give_items(given.reference, scope)
        for each in given.substitutes:
            self.give_substitute(each, scope, str(each.scope_key.make(scope)) if each.scope_key else "", SYSTEM)
        self.engine.tick()

    def is_work_day(self, day: date) -> bool:
        """Whether the default calendar works on this day."""
        answer = _IS_WORK_DAY.evaluate({"day": day}, self.context)
        return answer is True

    def give_people(self, people: tuple[Someone, ...]) -> None:
        """Enter people with the world's password; without one they cannot sign in, which a scenario never does."""
        for each in people:
            self.engine.people.create(each.id, each.name, self.password, each.groups, SYSTEM, each.language)

    def give_calendar(self, exceptions: tuple[DayException, ...], scope: Scope, actor: Actor = SYSTEM) -> None:
        """Enter exceptions of the calendar."""
        for each in exceptions:
            day = each.day.make(scope)
            if isinstance(day, datetime):
                day = day.date()
            made = CalendarException(each.calendar, day, ",".join(each.periods), each.note)  # type: ignore[arg-type]
            self.engine.calendar.add_exception(made, actor)

    def give_items(self, lists: tuple[Items, ...], scope: Scope, actor: Actor = SYSTEM) -> None:
        """Put items into reference lists."""
        for each in lists:
            for item in each.items:
                values = dict(as_mapping(item.make(scope)))
                key = values.pop("key", None)
                if key is None:
                    raise Stopped(f"{each.place}: an item of {each.list_id} has no “key”.")
                self.engine.references.put(ReferenceItem(each.list_id, str(key), "", values, True), actor)

    def give_substitute(self, given: Substitute, scope: Scope, key: str, actor: Actor) -> None:
        """Enter a substitution; without a beginning it begins now."""
        self.engine.people.add_substitution(
            principal=str(given.principal.make(scope)),
            deputy=str(given.deputy.make(scope)),
            starts=given.starts.at(scope) if given.starts else self.clock.now(),
            ends=given.ends.at(scope) if given.ends else None,
            scope_kind=given.scope_kind or "all",
            scope_key=key,
            actor=actor,
        )


@contextmanager
def world_of(given: Given, practice: Mapping[str, bytes], settings: Settings) -> Iterator[World]:
    """An engine on an empty database with everything that is given, closed at the end."""
    clock = MovedClock(_BEGINNING)
    files = changed_files(practice, given.files)
    if given.settings:
        files[_SETTINGS] = _with_settings(files.get(_SETTINGS, b""), given.settings)
    engine = Engine.open(settings, clock)
    world = World(engine, clock, settings, files)
    try:
        engine.migrate()
        engine.deployments.deploy(files, SYSTEM)
        # Nine in the morning, where the practice works, when nothing else is given.
        clock.move_to(datetime.combine(_BEGINNING.date(), time(9), world.context.zone()))
        world.begin(given)
        yield world
    finally:
        world.engine.close()


def changed_files(files: Mapping[str, bytes], changes: tuple[FileChange, ...]) -> dict[str, bytes]:
    """The files with texts replaced; a file or text that is not there is a mistake of the scenario."""
    changed = dict(files)
    for change in changes:
        if change.file not in changed:
            raise ScenarioFault(change.place, unknown(change.file, changed, "the practice"))
        text = changed[change.file].decode()
        if change.replace not in text:
            raise ScenarioFault(change.place, f"{change.file} does not hold the text to replace: {change.replace}")
        changed[change.file] = text.replace(change.replace, change.by).encode()
    return changed


def _with_settings(content: bytes, settings: tuple[Setting, ...]) -> bytes:
    """`settings.yaml` with other values; a setting that is not there is a mistake of the scenario."""
    document = yaml.safe_load(content) or {}
    known = {each["name"]: each for each in document.get("settings", ())}
    for setting in settings:
        if setting.name not in known:
            raise ScenarioFault(setting.place, unknown(setting.name, known, "settings.yaml"))
        known[setting.name]["value"] = _plain(setting)
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False).encode()


def _plain(setting: Setting) -> object:
    value = getattr(setting.value, "value", None)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value if isinstance(value, (bool, str)) or value is None else yaml.safe_load(str(value))
