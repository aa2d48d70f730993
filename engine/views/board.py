"""What the board shows: exceptions with owner and age, figures with their trend, and the rows behind both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from engine.definitions.practice import Dimension, Figure, Watch
from engine.views.fields import FieldValue


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One exception, or one instance behind a figure. `row_id` is that of the task, incident or notice.

    `since` is what its age is counted from, or the moment that puts it into a month. `counts` tells of a row behind a
    figure what it adds: whether it is good, or its value.
    """

    row_id: int
    instance_id: int
    name: str
    process_name: str
    business_key: str
    number: str
    title: str
    owners: tuple[str, ...]
    groups: tuple[str, ...]
    since: datetime | date | None
    fields: tuple[FieldValue, ...] = ()
    counts: bool | Decimal | None = None


@dataclass(frozen=True, slots=True)
class WatchView:
    """An exception with its oldest rows; `number` stops at 999 (`more`)."""

    watch: Watch
    number: int
    more: bool
    rows: tuple[BoardRow, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure over some instances: how many they are, its value (None without any), the 90th percentile of a
    median."""

    rows: int = 0
    value: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure for what was chosen, and month by month, the oldest first."""

    figure: Figure
    cell: Cell
    trend: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A value of a dimension, in words."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """What figures are asked for: one member of a dimension, or all; a month, or the whole period."""

    dimension: str = ""
    member: str = ""
    month: str = ""


@dataclass(frozen=True, slots=True)
class BoardView:
    """The whole board. `counted_at` is None where the figures were counted just now."""

    watches: tuple[WatchView, ...]
    figures: tuple[FigureView, ...]
    months: tuple[str, ...]
    members: Mapping[str, tuple[Member, ...]] = field(default_factory=dict)
    counted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FigureRows:
    """The rows behind a figure, and the figure by each dimension."""

    view: FigureView
    rows: tuple[BoardRow, ...]
    next: str
    by: tuple[tuple[Dimension, tuple[tuple[Member, Cell], ...]], ...]
    months: tuple[str, ...]
