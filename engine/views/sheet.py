"""The working sheet: a kind of record, a row a record that is not over, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass

from engine.definitions.practice import RecordType, SheetColumn
from engine.views.fields import Count, FieldValue
from engine.views.inbox import TaskRow


@dataclass(frozen=True, slots=True)
class SheetFilter:
    """Which rows are wanted: `kind` is a record type (empty: the first that has a sheet), `mine` those one is
    responsible for, `late` those past their date or with a task past its time."""

    kind: str = ""
    mine: bool = True
    late: bool = False
    stage: str = ""
    text: str = ""
    after: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A record: where it stands, a value for each column (None: nothing to say), and the reader's own open tasks, the
    soonest due first."""

    business_key: str
    title: str
    status_label: str
    status_mark: str
    stage_label: str
    late: bool
    cells: tuple[FieldValue | None, ...]
    tasks: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True)
class SheetView:
    """A page of the sheet. `counts` are those of its chips: mine, all, late, then a stage each by its id."""

    kind: RecordType
    kinds: tuple[RecordType, ...]
    columns: tuple[SheetColumn, ...]
    rows: tuple[SheetLine, ...]
    next: str
    counts: tuple[Count, ...]
