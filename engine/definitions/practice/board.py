"""board.yaml: what has to be looked at, and the figures. Texts of expressions are kept as written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.definitions.practice.source import Entry, Label, unique

ABOUT = ("tasks", "instances", "notifications", "incidents")
MEASURES = ("share", "ratio", "median", "mean", "sum", "count")
UNITS = ("", "%", "days", "hours")
BUILT_IN = ("key", "number", "status", "state", "end", "owner", "started_at", "ended_at")
"""What every instance has beside the fields it publishes."""
MOMENTS = ("started_at", "ended_at")
_MOST_MONTHS = 60


@dataclass(frozen=True, slots=True)
class Dimension:
    """What figures are told apart by: the value of a field."""

    id: str
    label: Label
    field: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Watch:
    """A kind of exception: overdue tasks, instances in a state, unread reports, or incidents.

    Of instances those whose fields are among `one_of`, are there and not among `none_of`, and lack `lacks`. `since`
    names the field that the age is counted from.
    """

    id: str
    label: Label
    about: str
    processes: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    state: str = "active"
    one_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    none_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    since: str = ""
    columns: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure over the instances of a process whose `on` lies in a month and for which `where` is true.

    `share`: how many of them are `good`. `ratio`: the sum of `value` in that of `out_of`. `median` (with the 90th
    percentile), `mean`, `sum`: of `value`. `count`: how many. `by` names other fields for dimensions.
    """

    id: str
    label: Label
    text: Label
    clauses: tuple[str, ...]
    process: str
    on: str
    measure: str
    where: str = "true"
    good: str = ""
    value: str = ""
    out_of: str = ""
    unit: str = ""
    by: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    line: int = 0

    @property
    def expressions(self) -> Mapping[str, str]:
        """Key → text of those that are given."""
        given = {"where": self.where, "good": self.good, "value": self.value, "out_of": self.out_of}
        return {key: text for key, text in given.items() if text}


@dataclass(frozen=True, slots=True)
class Board:
    """The whole board: `months` is how far back figures go, this month included."""

    months: int = 12
    dimensions: tuple[Dimension, ...] = ()
    watches: tuple[Watch, ...] = ()
    figures: tuple[Figure, ...] = ()
    file: str = ""

    def watch(self, id: str) -> Watch | None:
        """The exception with this id, or None."""
        return next((each for each in self.watches if each.id == id), None)

    def figure(self, id: str) -> Figure | None:
        """The figure with this id, or None."""
        return next((each for each in self.figures if each.id == id), None)

    def field_of(self, figure: Figure, dimension: Dimension) -> str:
        """The field that tells the instances of a figure apart."""
        return figure.by.get(dimension.id, dimension.field)


def read_board(root: Entry) -> Board:
    """The board of the file."""
    months = root.value("months", _months, 12, "a number of months such as 12")
    dimensions = tuple(_dimension(entry) for entry in root.entries("dimensions"))
    watches = tuple(_watch(entry) for entry in root.entries("exceptions"))
    figures = tuple(_figure(entry, dimensions) for entry in root.entries("figures"))
    unique(root.source, "Dimension", [(each.id, each.line) for each in dimensions])
    named = [(each.id, each.line) for each in watches] + [(each.id, each.line) for each in figures]
    unique(root.source, "Exception or figure", named)
    root.finish()
    return Board(months, dimensions, watches, figures, root.source.file)


def _months(text: str) -> int:
    months = int(text)
    if not 1 <= months <= _MOST_MONTHS:
        raise ValueError(text)
    return months


def _dimension(entry: Entry) -> Dimension:
    found = Dimension(entry.name("id"), entry.label(), entry.text("field"), entry.line)
    entry.finish()
    return found


def _watch(entry: Entry) -> Watch:
    found = Watch(
        id=entry.name("id"),
        label=entry.label(),
        about=entry.one_of("about", ABOUT),
        processes=entry.texts("processes"),
        elements=entry.texts("elements"),
        state=entry.one_of("state", ("active", "suspended"), "active"),
        one_of=_lists(entry, "one_of"),
        none_of=_lists(entry, "none_of"),
        lacks=entry.texts("lacks"),
        since=entry.text("since", ""),
        columns=entry.texts("columns"),
        line=entry.line,
    )
    if found.about == "instances" and not found.processes:
        entry.report("processes", "%(element)s lacks the key %(key)s.", "Name the processes it looks at.")
    entry.finish()
    return found


def _lists(entry: Entry, key: str) -> dict[str, tuple[str, ...]]:
    inner = entry.entry(key)
    return {name: inner.texts(name) for name in inner.names()} if inner else {}


def _figure(entry: Entry, dimensions: tuple[Dimension, ...]) -> Figure:
    measure = entry.one_of("measure", MEASURES)
    needs = {"share": ("good",), "ratio": ("value", "out_of"), "count": ()}.get(measure, ("value",))
    given = {key: entry.text(key, None if key in needs else "") for key in ("good", "value", "out_of")}
    for key in (name for name, text in given.items() if text and name not in needs):
        entry.report(key, "%(element)s is a %(measure)s, which takes no %(key)s.", "Take it out.", measure=measure)
    found = Figure(
        id=entry.name("id"),
        label=entry.label(),
        text=entry.label("text_zh", "text_en"),
        clauses=entry.texts("clauses"),
        process=entry.text("process"),
        on=entry.text("on"),
        measure=measure,
        where=entry.text("where", "true"),
        unit=entry.one_of("unit", UNITS, "%" if measure == "share" else ""),
        by=_by(entry, tuple(each.id for each in dimensions)),
        columns=entry.texts("columns"),
        line=entry.line,
        **given,
    )
    entry.finish()
    return found


def _by(entry: Entry, known: tuple[str, ...]) -> dict[str, str]:
    inner = entry.entry("by")
    found = {name: inner.text(name) for name in inner.names() if name in known} if inner else {}
    if inner:
        inner.finish()
    return found
