"""The steps of a story as typed values, one class a verb of `docs/scenarios.md`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from engine.scenarios.expectations import Expectation
from engine.scenarios.given import DayException, FileChange, Items, Substitute
from engine.scenarios.moments import Moment
from engine.scenarios.source import Place
from engine.scenarios.templates import NO_VALUES, Constant, Template, Values


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the answer to a refused step must say; empty parts are not looked at."""

    place: Place
    says: Template = field(default_factory=lambda: Constant(None))
    code: str = ""
    text: Template = field(default_factory=lambda: Constant(None))
    fields: tuple[str, ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What may stand beside every verb. `by` and `subject` (`for:`) are texts that may hold expressions."""

    place: Place
    verb: str
    title: str
    by: Template | None = None
    subject: Template | None = None
    note: str = ""
    expect: Expectation | None = None
    refused: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """Which of several open tasks or subscriptions is meant: the named properties must have these values."""

    entries: tuple[tuple[str, Template], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(Common):
    """start: a process by its form, on the record `subject` when it is a linked one."""

    process: Template
    event: Template | None
    alias: Template | None
    values: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Do(Common):
    """do: complete a task."""

    element: Template
    outcome: Template | None
    where: Where
    values: Values


@dataclass(frozen=True, slots=True)
class Row:
    """Rows of a batch page that get the same values; no `names` stands for all that are left but `besides`."""

    place: Place
    names: tuple[Template, ...]
    besides: tuple[Template, ...]
    outcome: Template | None
    where: Where
    values: Values
    refused: Refusal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch(Common):
    """batch: complete many tasks of one element on one page; `rest` is every row that is not named."""

    element: Template
    shared: Values
    rows: tuple[Row, ...]
    rest: Row | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Send(Common):
    """send: a message, by hand when `by` is given, else from outside."""

    message: Template
    where: Where
    key: Template | None
    correlation: Template | None
    values: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Common):
    """wait: move the clock."""

    until: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskVerb(Common):
    """claim, unclaim, delegate, reassign and set due."""

    element: Template
    where: Where
    to: Template | None = None
    moment: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment(Common):
    """comment: on the record."""

    text: Template


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVerb(Common):
    """hold, resume, cancel, correct and modify."""

    reason: Template | None = None
    until: Moment | None = None
    values: Values = NO_VALUES
    cancel: tuple[str, ...] = ()
    start_before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry(Common):
    """retry: an incident, maybe with corrected variables."""

    element: Template
    values: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonVerb(Common):
    """substitute, end substitution, read and deactivate."""

    person: Template
    substitute: Substitute | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterCalendar(Common):
    """calendar: enter exceptions."""

    exceptions: tuple[DayException, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterItems(Common):
    """reference: put items into lists."""

    items: tuple[Items, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Import(Common):
    """`refused_rows` maps a row of the sheet (the first row of data is 2) to a part of the reason."""

    process: Template
    event: Template | None
    rows: tuple[Values, ...]
    created: int | None
    repeated: int | None
    refused_rows: tuple[tuple[int, str], ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deploy(Common):
    """deploy: the practice with changed files."""

    changes: tuple[FileChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PushSwitch(Common):
    """push: the push service is up or down from here on."""

    up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer(Common):
    """http: what another system answers from here on."""

    url: Template
    status: int
    body: Template
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart(Common):
    """restart, off: close the engine and open it on the same database, at once or at a moment."""

    until: Moment | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """Run the steps of a fragment or scenario with these parameters."""

    place: Place
    name: str
    parameters: tuple[tuple[str, Template], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UseStep(Common):
    """use: a fragment or scenario in the middle of a story."""

    use: Use


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat(Common):
    """Steps for each item (of a list) or for 1 to a number."""

    over: Template
    counter: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look(Common):
    """A step that only expects."""


Step: TypeAlias = (
    "Start | Do | Batch | Send | Wait | TaskVerb | Comment | RecordVerb | Retry | PersonVerb | EnterCalendar "
    "| EnterItems | Import | Deploy | PushSwitch | HttpAnswer | Restart | UseStep | Repeat | Look"
)
