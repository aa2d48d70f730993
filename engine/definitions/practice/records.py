"""records.yaml: the kinds of record, their numbers, statuses, stages and published fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.definitions.practice.numbers import RESTARTS, NumberPattern
from engine.definitions.practice.sheet import SheetColumn, read_sheet
from engine.definitions.practice.source import Entry, Label, nearest, unique
from engine.definitions.practice.typed import Choice, choices
from engine.errors import Invalid

MARKS = ("○", "◐", "●", "◇", "◆", "✓", "‖", "✕")
_MOST_YEARS = 1000
FIELD_TYPES = (
    "text",
    "integer",
    "number",
    "money",
    "date",
    "time",
    "datetime",
    "boolean",
    "enum",
    "reference",
    "user",
    "record",
    "list",
    "file",
)


@dataclass(frozen=True, slots=True)
class Status:
    """A status with the mark that shows it without colour; `final` when nothing more is to come. `stage` is the one a
    record with this status stands in, where it is always the same."""

    id: str
    label: Label
    mark: str
    final: bool
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the way a record takes; tasks name it by their property `stage`."""

    id: str
    label: Label


@dataclass(frozen=True, slots=True)
class RecordField:
    """A field that processes publish. `reference` names a list, `currency` the field with the currency of money; a
    `hidden` one is for diagrams only and shown on no page."""

    name: str
    type: str
    label: Label
    values: tuple[Choice, ...] = ()
    reference: str = ""
    currency: str = ""
    hidden: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class RecordType:
    """A kind of record; statuses and stages stand in their order, the first status is that of a new record.

    `keep_years` is how long the contents of one that is over are kept, 0 as the administrator has set it.
    """

    id: str
    label: Label
    number: NumberPattern
    statuses: tuple[Status, ...]
    stages: tuple[Stage, ...]
    fields: Mapping[str, RecordField]
    list: tuple[str, ...]
    search: tuple[str, ...]
    hold_status: str = ""
    keep_years: int = 0
    sheet: tuple[SheetColumn, ...] = ()
    line: int = 0

    def status(self, status_id: str) -> Status | None:
        """The status with this id, or None."""
        return next((status for status in self.statuses if status.id == status_id), None)

    def stage(self, stage_id: str) -> Stage | None:
        """The stage with this id, or None."""
        return next((stage for stage in self.stages if stage.id == stage_id), None)


def read_records(root: Entry) -> tuple[RecordType, ...]:
    """All record types of the file, in order."""
    found = [_record(entry) for entry in root.entries("records")]
    unique(root.source, "Record type", [(record.id, record.line) for record in found])
    root.finish()
    return tuple(found)


def _record(entry: Entry) -> RecordType:
    statuses = _statuses(entry)
    fields = _fields(entry)
    record = RecordType(
        id=entry.name("id"),
        label=entry.label(),
        number=_number(entry),
        statuses=statuses,
        stages=_stages(entry),
        fields=fields,
        list=_known(entry, "list", tuple(fields)),
        search=_known(entry, "search", tuple(fields)),
        hold_status=entry.text("hold_status", ""),
        keep_years=entry.value("keep_years", _years, 0, "a number of years such as 10"),
        sheet=read_sheet(entry, fields),
        line=entry.line,
    )
    if record.hold_status and record.status(record.hold_status) is None:
        _unknown(entry, "hold_status", record.hold_status, tuple(status.id for status in statuses), entry.line)
    for status in statuses:
        if status.stage and record.stage(status.stage) is None:
            _unknown(entry, "stage", status.stage, tuple(stage.id for stage in record.stages), entry.line)
    entry.finish()
    return record


def _years(text: str) -> int:
    years = int(text)
    if not 0 <= years <= _MOST_YEARS:
        raise ValueError(text)
    return years


def _number(entry: Entry) -> NumberPattern:
    restart = entry.one_of("restart", ("", *RESTARTS), "")
    text = entry.text("number")
    try:
        return NumberPattern.parse(text, restart)
    except Invalid as error:
        if text:
            entry.report("number", error.template, "See docs/practice-files.md.", **error.fields)
        return NumberPattern("{seq:1}", "never")


def _statuses(entry: Entry) -> tuple[Status, ...]:
    found, lines = [], []
    for item in entry.entries("statuses"):
        mark, final = item.one_of("mark", MARKS), item.boolean("final")
        found.append(Status(item.name("id"), item.label(), mark, final, item.text("stage", "")))
        lines.append((found[-1].id, item.line))
        item.finish()
    unique(entry.source, "Status", lines)
    if not found:
        entry.report("statuses", "%(element)s has no statuses.", "List at least one; the first is a new record's.")
    return tuple(found)


def _stages(entry: Entry) -> tuple[Stage, ...]:
    found, lines = [], []
    for item in entry.entries("stages"):
        found.append(Stage(item.name("id"), item.label()))
        lines.append((found[-1].id, item.line))
        item.finish()
    unique(entry.source, "Stage", lines)
    return tuple(found)


def _fields(entry: Entry) -> dict[str, RecordField]:
    found = [_field(item) for item in entry.entries("fields", "name")]
    unique(entry.source, "Field", [(field.name, field.line) for field in found])
    by_name = {field.name: field for field in found}
    for field in found:
        if field.currency and field.currency not in by_name:
            _unknown(entry, "currency", field.currency, tuple(by_name), field.line)
    return by_name


def _field(entry: Entry) -> RecordField:
    type_ = entry.one_of("type", FIELD_TYPES)
    field = RecordField(
        name=entry.name("name"),
        type=type_,
        label=entry.label(),
        values=choices(entry, type_),
        reference=entry.text("reference", None if type_ == "reference" else ""),
        currency=entry.text("currency", ""),
        hidden=entry.boolean("hidden"),
        line=entry.line,
    )
    entry.finish()
    return field


def _known(entry: Entry, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    named = entry.lines(key)
    for name, line in named:
        if name not in known:
            _unknown(entry, key, name, known, line)
    return tuple(name for name, _ in named)


def _unknown(entry: Entry, key: str, name: str, known: tuple[str, ...], line: int) -> None:
    entry.source.report(
        line,
        "%(key)s of %(element)s names %(found)s, which is unknown.",
        "Use one of: %(known)s.%(guess)s",
        element=entry.what,
        key=key,
        found=name,
        known=", ".join(known),
        guess=nearest(name, known),
    )
