"""A company over a simulated quarter, driven by chance: its people take work, do what waits for them or do not, send
messages early and late, fall ill, cancel; and its server is stopped and started again.

Nothing here knows a process: people do what the start page, their inbox and the buttons of a record offer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random

from engine.errors import Conflict, Forbidden, NotFound
from engine.forms import Form
from engine.scenarios.world import SYSTEM, World
from engine.views import Actor, Button, InboxFilter, RecordFilter, Startable, TaskRow
from tests.quarter.answers import GaveUp, Pen

_SITTINGS = (time(9, 30), time(11, 30), time(15, 0), time(17, 0))
"""When people sit down to their inbox on a working day."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What comes in over how many days; `work` tells how many of each process are begun by hand."""

    days: int
    work: dict[str, int]
    absences: int
    restarts: int
    cancellations: int


@dataclass
class Company:
    """The people at work. `left` counts forms that were left lying, with the reason of the last one."""

    world: World
    plan: Plan
    random: Random
    done: Counter[str] = field(default_factory=Counter)
    left: dict[str, str] = field(default_factory=dict)
    away: dict[str, datetime] = field(default_factory=dict)

    def work(self) -> None:
        """Live through the plan, from where the clock stands."""
        zone = self.world.context.zone()
        first = self.world.clock.now().astimezone(zone).date()
        begun = self._spread(name for name, count in self.plan.work.items() for _ in range(count))
        stops = self._spread("stop" for _ in range(self.plan.restarts))
        leaves = self._spread("leave" for _ in range(self.plan.absences))
        cancels = self._spread("cancel" for _ in range(self.plan.cancellations))
        for number in range(self.plan.days):
            day = first + timedelta(days=number)
            if not self.world.is_work_day(day):
                self.world.advance(datetime.combine(day, time(23), zone))
                continue
            for sitting, at in enumerate(_SITTINGS):
                self.world.advance(datetime.combine(day, at, zone))
                if sitting == 0:
                    self._morning(leaves[number], begun[number], cancels[number])
                self._sit()
            if stops[number]:
                self._stop(datetime.combine(day, time(17, 10), zone))

    def settle(self, days: int) -> None:
        """Let nobody do anything for a while: what is due happens by itself."""
        self.world.advance(self.world.clock.now() + timedelta(days=days))

    # What people do

    def _morning(self, leaves: list[str], begun: list[str], cancels: list[str]) -> None:
        now = self.world.clock.now()
        self.away = {each: until for each, until in self.away.items() if until > now}
        for _ in leaves:
            person = self.random.choice(self._people())
            self.away[person] = now + timedelta(days=self.random.choice((1, 2, 5)))
        for process in begun:
            self._begin(process)
        for _ in cancels:
            self._cancel()

    def _sit(self) -> None:
        """Everybody who is there goes through their inbox; now and then somebody presses a button of a record."""
        people = [each for each in self._people() if each not in self.away]
        self.random.shuffle(people)
        for person in people:
            actor = Actor(person)
            for row in self.world.engine.tasks.inbox(actor, InboxFilter(limit=60)).rows:
                if not row.suspended and self.random.random() < 0.75:
                    self._do(row, actor)
        for person in self.random.sample(people, min(2, len(people))):
            self._press(Actor(person))

    def _do(self, row: TaskRow, actor: Actor) -> None:
        engine = self.world.engine
        what = f"{row.process_id}.{row.element_id}"
        try:
            form = engine.tasks.get(row.id, actor).form
            if row.claimable and self.random.random() < 0.3:
                engine.tasks.claim(row.id, actor)
            assert isinstance(form, Form)
            self._pen(actor).send(form, lambda values: engine.tasks.complete(row.id, values, actor))
            self.done[what] += 1
        except GaveUp as lying:
            self.left[what] = str(lying)
        except (NotFound, Conflict, Forbidden):
            self.done["somebody was faster"] += 1

    def _begin(self, process: str) -> None:
        """Somebody who may begins a piece of work."""
        offered = [
            (each, place) for each in self._people() for place in self._offers(each) if place.process_id == process
        ]
        if not offered:
            self.left[process] = "nobody may begin it"
            return
        person, place = self.random.choice(offered)
        self._start(place.process_id, place.element_id, "", Actor(person))

    def _offers(self, person: str) -> tuple[Startable, ...]:
        return self.world.engine.instances.startable(Actor(person))

    def _start(self, process: str, element: str, key: str, actor: Actor) -> None:
        engine = self.world.engine
        try:
            form, _ = engine.instances.start_form(process, actor, element, key)
            self._pen(actor).send(form, lambda values: engine.instances.start(process, values, actor, element, key))
            self.done[f"{process} begun"] += 1
        except GaveUp as lying:
            self.left[f"{process} begun"] = str(lying)
        except (NotFound, Conflict, Forbidden):
            self.done["somebody was faster"] += 1

    def _press(self, actor: Actor) -> None:
        """A button of some record: a message at any time, whether somebody expects it or not, or linked work."""
        rows, _ = self.world.engine.records.list(actor, RecordFilter(limit=50))
        if not rows:
            return
        key = self.random.choice(rows).business_key
        buttons = [each for each in self.world.engine.records.get(key, actor).buttons if not each.destructive]
        if buttons:
            self._use(self.random.choice(buttons), key, actor)

    def _use(self, button: Button, key: str, actor: Actor) -> None:
        if button.kind == "start":
            self._start(button.process_id, button.element_id, key, actor)
            return
        engine = self.world.engine
        what = f"{button.process_id}.{button.element_id}"
        try:
            form, _ = engine.messages.form(button.subscription_id, actor)
            self._pen(actor).send(form, lambda values: engine.messages.send(button.subscription_id, values, actor))
            self.done[what] += 1
        except GaveUp as lying:
            self.left[what] = str(lying)
        except (NotFound, Conflict, Forbidden):
            self.done["somebody was faster"] += 1

    def _cancel(self) -> None:
        """The manager ends a record for good."""
        rows, _ = self.world.engine.records.list(SYSTEM, RecordFilter(limit=200))
        if not rows:
            return
        record = self.world.engine.records.get(self.random.choice(rows).business_key, SYSTEM)
        if open_ones := [each for each in record.instances if each.state == "active"]:
            self.world.engine.instances.cancel(self.random.choice(open_ones).id, "客户不要了", SYSTEM)
            self.done["cancelled"] += 1

    # The house

    def _stop(self, at: datetime) -> None:
        """The server goes down, at the end of a day or until far into the next one."""
        self.world.advance(at)
        self.world.restart(at + timedelta(hours=self.random.choice((0, 1, 15, 18))))
        self.world.engine.tick()
        self.done["restarts"] += 1

    def _pen(self, actor: Actor) -> Pen:
        zone = self.world.context.zone()
        return Pen(self.world.engine, self.random, actor, self.world.clock.now().astimezone(zone))

    def _people(self) -> list[str]:
        return sorted(person.id for person in self.world.engine.people.list(SYSTEM) if person.active)

    def _spread(self, what: Iterator[str]) -> list[list[str]]:
        """These over the days of the plan by chance; the last fifth of the days begins nothing."""
        days: list[list[str]] = [[] for _ in range(self.plan.days)]
        for each in what:
            days[self.random.randrange(max(1, self.plan.days * 4 // 5))].append(each)
        return days
