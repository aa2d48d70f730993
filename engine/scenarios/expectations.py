"""What must hold, as typed values: one class a key of an `expect` block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from engine.expressions import CompiledUnary
from engine.scenarios.moments import Moment
from engine.scenarios.source import Place
from engine.scenarios.templates import Template


@dataclass(frozen=True, slots=True)
class Is:
    """`{is: "> 5"}`: a test as in a cell of a decision table."""

    test: CompiledUnary
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Has:
    """`{has: text}`: the text is part of the value."""

    part: Template


@dataclass(frozen=True, slots=True)
class IsNot:
    """`{is not: value}`."""

    value: Template


@dataclass(frozen=True, slots=True)
class Equal:
    """The value, compared after both are brought to one type."""

    value: Template


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping compared entry by entry; what is not named may be anything."""

    entries: tuple[tuple[str, Pattern], ...]


@dataclass(frozen=True, slots=True)
class Elements:
    """A list of the same length, compared one by one."""

    patterns: tuple[Pattern, ...]


Pattern: TypeAlias = "Is | Has | IsNot | Equal | Entries | Elements"


@dataclass(frozen=True, slots=True)
class TaskWanted:
    """An open task with what is said of it. `groups` are exactly its candidate groups."""

    place: Place
    element: Template
    count: int = 1
    owner: Template | None = None
    groups: tuple[Template, ...] | None = None
    due: Moment | None = None
    suspended: bool | None = None
    may: tuple[Template, ...] = ()
    may_not: tuple[Template, ...] = ()
    details: tuple[tuple[str, Pattern], ...] = ()
    form: Entries | None = None
    where: tuple[tuple[str, Template], ...] = ()


@dataclass(frozen=True, slots=True)
class TasksExpected:
    """`tasks` (exactly), `has tasks`, `no tasks`."""

    place: Place
    mode: str
    tasks: tuple[TaskWanted, ...]


@dataclass(frozen=True, slots=True)
class RecordExpected:
    """`status`, `fields`, `state`, `end`: of the record and its main instance, or of the instance that is named."""

    place: Place
    key: str
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class InstanceWanted:
    """An instance of the record; `at` are exactly the elements its tokens wait at, `alias` names it from here on."""

    place: Place
    process: Template
    state: str = ""
    end: Template | None = None
    fields: Entries | None = None
    at: tuple[Template, ...] | None = None
    count: int | None = None
    alias: Template | None = None
    number: Template | None = None


@dataclass(frozen=True, slots=True)
class InstancesExpected:
    """Instances that are there, and processes of which none may be."""

    place: Place
    wanted: tuple[InstanceWanted, ...]
    absent: tuple[Template, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeWanted:
    """A notification that was sent; empty parts are not looked at, `count` is how many fit (None: at least one)."""

    place: Place
    to: Template | None = None
    subject: Template | None = None
    text: Template | None = None
    kind: str = ""
    receipt: bool | None = None
    read: bool | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class NoticesExpected:
    """Notifications of the record that were sent or (`absent`) not."""

    place: Place
    wanted: tuple[NoticeWanted, ...]
    absent: bool = False


@dataclass(frozen=True, slots=True)
class DecisionExpected:
    """The last evaluation of a table: the rules that hit (`None`: any), output, inputs; `count` of evaluations."""

    place: Place
    decision: str
    rules: tuple[Template, ...] | None = None
    output: Pattern | None = None
    inputs: Entries | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class EventWanted:
    """An event of history; empty parts are not looked at, `behalf` is the principal."""

    place: Place
    element: Template | None = None
    by: Template | None = None
    behalf: Template | None = None
    kind: str = ""
    text: Template | None = None
    clause: str = ""
    stage: str = ""
    values: Entries | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class HistoryExpected:
    """Events that stand in the record's history or (`absent`) do not."""

    place: Place
    wanted: tuple[EventWanted, ...]
    absent: bool = False


@dataclass(frozen=True, slots=True)
class PassedExpected:
    """Elements that were gone through or (`absent`) not."""

    place: Place
    elements: tuple[Template, ...]
    absent: bool = False


@dataclass(frozen=True, slots=True)
class SightExpected:
    """People who may open the record (or, `absent`, for whom it is not found)."""

    place: Place
    people: tuple[Template, ...]
    absent: bool = False


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """An entry of an inbox, `count` times."""

    place: Place
    element: Template
    subject: Template | None = None
    behalf: Template | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class InboxExpected:
    """Exactly what a person finds in the inbox."""

    place: Place
    person: Template
    entries: tuple[InboxEntry, ...]


@dataclass(frozen=True, slots=True)
class OffersExpected:
    """`buttons`, `no buttons`, `may start`: what is offered to a person."""

    place: Place
    key: str
    person: Template
    names: tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class IncidentWanted:
    """An open incident; empty parts are not looked at."""

    place: Place
    element: Template | None = None
    code: str = ""
    text: Template | None = None


@dataclass(frozen=True, slots=True)
class IncidentsExpected:
    """How many incidents are open, and which."""

    place: Place
    count: int
    wanted: tuple[IncidentWanted, ...]


@dataclass(frozen=True, slots=True)
class RecordsExpected:
    """How many records of a type there are."""

    place: Place
    record_type: str
    count: int


@dataclass(frozen=True, slots=True)
class PushWanted:
    """A message that arrived at somebody's push address; empty parts are not looked at, `count` as in NoticeWanted."""

    place: Place
    to: Template | None = None
    subject: Template | None = None
    text: Template | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class PushesExpected:
    """Pushes that have arrived since the story began or (`absent`) have not."""

    place: Place
    wanted: tuple[PushWanted, ...]
    absent: bool = False


Check: TypeAlias = (
    "TasksExpected | RecordExpected | InstancesExpected | NoticesExpected | DecisionExpected | HistoryExpected "
    "| PassedExpected | SightExpected | InboxExpected | OffersExpected | IncidentsExpected | RecordsExpected "
    "| PushesExpected"
)


@dataclass(frozen=True, slots=True)
class Expectation:
    """An `expect` block: of what record or instance it speaks (`for`), and everything that must hold."""

    place: Place
    subject: Template | None
    checks: tuple[Check, ...]

    @property
    def incidents(self) -> bool:
        """Whether incidents are spoken of; otherwise a new one fails the step."""
        return any(isinstance(check, IncidentsExpected) for check in self.checks)
