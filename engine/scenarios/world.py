"""The engine a story runs on: its own database, a clock that only the story moves, what is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from engine.clock import MovedClock
from engine.engine import Engine
from engine.expressions import Context, compile_expression
from engine.scenarios.answering import OtherSystems
from engine.scenarios.changing import changed_files
from engine.scenarios.given import DayException, FileChange, Given, Items, Someone, Substitute
from engine.scenarios.pushing import SETTINGS, PushService, address_of
from engine.scenarios.templates import Scope, Stopped, as_mapping
from engine.settings import Settings
from engine.values import Value
from engine.views import Actor, CalendarException, ReferenceItem

SYSTEM = Actor("-")
_MOST_MOMENTS = 20_000
_IS_WORK_DAY = compile_expression("is_work_day(day)")


class World:
    """An open engine with its moved clock.

    `context` is what expressions of the story may ask: the calendar of the practice, the moved clock.
    """

    def __init__(
        self, engine: Engine, clock: MovedClock, settings: Settings, practice: Mapping[str, bytes], password: str = ""
    ) -> None:
        self.engine = engine
        self.clock = clock
        self.settings = settings
        self.context: Context = engine.context()
        self.practice = dict(practice)
        self.password = password
        self.pushes = PushService()
        self.others = OtherSystems()
        self.plug()

    def scope(self, names: Mapping[str, Value] | None = None) -> Scope:
        """A scope with these names."""
        return Scope(names or {}, self.context)

    def advance(self, until: datetime) -> None:
        """Move the clock; everything that falls due on the way happens at its own time, in order."""
        for _ in range(_MOST_MOMENTS):
            due = self.engine.next_due()
            if due is None or due > until:
                break
            self.clock.move_to(max(due, self.clock.now()))
            if not self.engine.tick() and self.engine.next_due() == due:
                raise Stopped(f"What is due at {due} cannot be done; the log says why.")
        else:
            raise Stopped(f"The clock stopped {_MOST_MOMENTS} times on the way to {until}: a timer fires without end.")
        self.clock.move_to(max(until, self.clock.now()))
        self.engine.tick()

    def restart(self, at: datetime | None = None) -> None:
        """Close the engine and open another on the same database, now or `at` a later moment."""
        self.engine.beat()
        self.engine.close()
        if at is not None:
            self.clock.move_to(max(at, self.clock.now()))
        self.engine = Engine.open(self.settings, self.clock)
        self.context = self.engine.context()
        self.plug()

    def plug(self) -> None:
        """Nothing leaves a story: what is pushed is kept, what is called is answered by the story itself."""
        machinery = self.engine.machinery
        machinery.settings = replace(machinery.settings, outside=self.others.allowed(SETTINGS))
        machinery.send_push, machinery.call = self.pushes.send, self.others.call

    def deploy(self, changes: tuple[FileChange, ...], actor: Actor = SYSTEM) -> None:
        """Deploy the practice with changed files; the changes stay."""
        changed = changed_files(self.practice, changes)
        self.engine.deployments.deploy(changed, actor)
        self.practice = changed

    def begin(self, given: Given) -> None:
        """Enter what is given; the clock stands where the story begins already."""
        self.give_people(given.people)
        scope = self.scope()
        self.give_calendar(given.calendar, scope)
        self.give_items(given.reference, scope)
        for person in given.push:
            self.engine.push_addresses.add(person, address_of(person), SYSTEM)
        for each in given.substitutes:
            self.give_substitute(each, scope, str(each.scope_key.make(scope)) if each.scope_key else "", SYSTEM)
        self.engine.tick()

    def is_work_day(self, day: date) -> bool:
        """Whether the default calendar works on this day."""
        answer = _IS_WORK_DAY.evaluate({"day": day}, self.context)
        return answer is True

    def give_people(self, people: tuple[Someone, ...]) -> None:
        """Enter people with the world's password, which is shared and stays; without one they cannot sign in, which a
        scenario never does."""
        for each in people:
            self.engine.people.create(each.id, each.name, self.password, each.groups, SYSTEM, each.language, False)

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
