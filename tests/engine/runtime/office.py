"""An open engine on a real database, with people, a moved clock and small practices written in a few words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from engine.clock import MovedClock
from engine.engine import SYSTEM, Engine
from engine.settings import Settings
from engine.store.prepared import observers
from engine.views import Actor, Completed, InboxFilter, Started, TaskRow
from tests.engine.definitions.diagrams import definitions, extensions, flows, node, process, properties

MONDAY = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)  # 08:00 in Shanghai, the start of a working day

GROUPS = """
groups:
  - {id: clerk, zh: 办事员, en: Clerk}
  - {id: head, zh: 主管, en: Head, rights: [cancel, hold, correct, retry, modify, see_all, send_any]}
  - {id: empty, zh: 空, en: Nobody}
"""
RECORDS = """
records:
  - id: loan
    zh: 借款
    en: Loan
    number: "LN{yy}-{seq:4}"
    statuses:
      - {id: draft, zh: 草稿, en: Draft, mark: "○"}
      - {id: active, zh: 进行中, en: Active, mark: "●"}
      - {id: on_hold, zh: 暂停, en: On hold, mark: "‖"}
    hold_status: on_hold
    stages:
      - {id: intake, zh: 接单, en: Intake}
      - {id: review, zh: 评审, en: Review}
    fields:
      - {name: borrower, type: text, zh: 借款人, en: Borrower}
      - {name: amount, type: number, zh: 金额, en: Amount}
    list: [borrower, amount]
    search: [borrower]
"""
PEOPLE = {"ann": ("clerk",), "bob": ("clerk",), "cy": (), "hel": ("head",), "out": ()}


def field(id: str, type: str = "string", **more: str) -> str:
    """A form field."""
    return f'<camunda:formField id="{id}" label="{id}" type="{type}">{properties(**more)}</camunda:formField>'


def form(*fields: str) -> str:
    """A form as extension content."""
    return f"<camunda:formData>{''.join(fields)}</camunda:formData>"


def user_task(id: str, assignee: str = "", groups: str = "", *fields: str, more: str = "", **given: str) -> str:
    """A user task for somebody, with fields and properties."""
    who = f'camunda:assignee="{assignee}"' if assignee else f'camunda:candidateGroups="{groups}"'
    inner = extensions(*([form(*fields)] if fields else []), *([properties(**given)] if given else []))
    return node("userTask", id, inner if fields or given else "", f"{who} {more}")


def loan(*parts: str, id: str = "loan", **given: str) -> str:
    """A process that owns a record of type loan and that clerks may start."""
    named = {"recordType": "loan", "starters": "clerk", "publish": "borrower, amount", "summary": "borrower", **given}
    return process(extensions(properties(**{key: value for key, value in named.items() if value})), *parts, id=id)


class Office:
    """The engine with its clock, in the words of a story."""

    def __init__(self, engine: Engine, clock: MovedClock, settings: Settings) -> None:
        self.engine = engine
        self.clock = clock
        self.settings = settings

    def deploy(self, *parts: str, **more: bytes) -> None:
        """Deploy these processes, each in a file of its own with the other parts, as the whole practice."""
        shared = [part for part in parts if not part.startswith("<bpmn:process")]
        drawn = [part for part in parts if part.startswith("<bpmn:process")]
        files = {f"file{number}.bpmn": definitions(*shared, part) for number, part in enumerate(drawn)}
        files |= {"groups.yaml": GROUPS.encode(), "records.yaml": RECORDS.encode()}
        self.engine.deployments.deploy({**files, **more}, SYSTEM)

    def hire(self) -> None:
        """Enter the people of `PEOPLE`; without a password they sign in nowhere."""
        for user_id, groups in PEOPLE.items():
            self.engine.people.create(user_id, user_id.title(), "", groups, SYSTEM)

    def start(self, who: str = "ann", process: str = "loan", **values: Any) -> Started:
        return self.engine.instances.start(process, values, Actor(who))

    def tasks(self, who: str = "", **narrowed: Any) -> list[TaskRow]:
        """The tasks of a person (mine and offered), or everybody's."""
        owner = "both" if who else "all"
        actor = Actor(who) if who else SYSTEM
        return list(self.engine.tasks.inbox(actor, InboxFilter(owner=owner, limit=500, **narrowed)).rows)

    def names(self, who: str = "") -> list[str]:
        """The elements that wait for a person, sorted."""
        return sorted(task.element_id for task in self.tasks(who))

    def task(self, element: str) -> TaskRow:
        """The one open task of an element."""
        found = [task for task in self.tasks() if task.element_id == element]
        assert len(found) == 1, f"{element}: {self.names()}"
        return found[0]

    def complete(self, element: str, who: str, values: Mapping[str, Any] | None = None) -> Completed:
        """Complete the one open task of an element."""
        return self.engine.tasks.complete(self.task(element).id, values or {}, Actor(who))

    def wait(self, **span: float) -> None:
        """Let time pass; everything due happens at its own moment."""
        until = self.clock.now() + timedelta(**span)
        while (due := self.engine.next_due()) is not None and due <= until:
            self.clock.move_to(max(due, self.clock.now()))
            self.engine.tick()
        self.clock.move_to(until)
        self.engine.tick()

    def kinds(self, instance_id: int) -> list[str]:
        """The kinds of the history of an instance, in order."""
        return [row.kind for row in self.engine.history.rows(instance_id)]

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """The statements sent meanwhile, without BEGIN; COMMIT counts as `COMMIT`."""
        seen: list[str] = []

        def executed(_c: Any, _cursor: Any, text: str, *_: Any) -> None:
            if not text.startswith("BEGIN"):
                seen.append(text)

        def committed(_c: Any) -> None:
            seen.append("COMMIT")

        engine = self.engine.machinery.database.engine
        observers.append(seen.append)
        event.listen(engine, "before_cursor_execute", executed)
        event.listen(engine, "commit", committed)
        try:
            yield seen
        finally:
            observers.remove(seen.append)
            event.remove(engine, "before_cursor_execute", executed)
            event.remove(engine, "commit", committed)


@contextmanager
def office_at(url: str, directory: Path) -> Iterator[Office]:
    """An office on an empty database at this address."""
    clock = MovedClock(MONDAY)
    settings = Settings(url, directory / "files", b"the key of the tests")
    engine = Engine.open(settings, clock)
    try:
        engine.migrate()
        office = Office(engine, clock, settings)
        office.deploy(loan(node("startEvent", "begin"), user_task("enter", "ann"), node("endEvent", "done"),
                           flows("begin enter done")))  # fmt: skip
        office.hire()
        yield office
    finally:
        engine.close()
