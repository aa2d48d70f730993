"""The working sheet: what a person follows up, a row a record, with the columns that the practice lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from engine.definitions.practice import RecordType, SheetColumn
from engine.errors import ExpressionError, Invalid, NotFound
from engine.expressions import Compiled, compile_expression
from engine.runtime.deployed.practice import Practice
from engine.runtime.unit.administration import acting_as
from engine.runtime.unit.environment import PracticeEnvironment
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.showing import Showing
from engine.store import instances, sheet
from engine.store.connect import Connection
from engine.store.records import CAP
from engine.store.rights import Acting
from engine.store.sheet import Dated, Wanted
from engine.values import Value
from engine.views import Actor, Count, FieldValue, SheetFilter, SheetLine, SheetView, TaskRow

_MOST_TASKS = 500


class WorkingSheet:
    """Records that are not over, the most urgent first. The number of statements does not depend on their number."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def show(self, actor: Actor, filter: SheetFilter | None = None) -> SheetView:
        """A page of the sheet. NotFound for a kind of record that has none, Invalid for a wrong cursor."""
        asked = filter or SheetFilter()

        def read(connection: Connection) -> SheetView:
            practice = self._machinery.library.latest(connection)
            kinds = tuple(kind for kind in practice.surroundings.records.values() if kind.sheet) if practice else ()
            kind = next((each for each in kinds if asked.kind in ("", each.id)), None)
            if practice is None or kind is None:
                raise NotFound("There is no working sheet of %(kind)s.", kind=asked.kind)
            acting = acting_as(self._machinery, connection, actor)
            lines = _Lines(self._machinery, connection, acting, practice, kind)
            found = sheet.page(
                connection, acting, _wanted(kind, asked), lines.by, _read_cursor(asked.after), asked.limit + 1
            )
            page = found[: asked.limit]
            following = f"{page[-1].place}~{page[-1].business_key}" if len(found) > asked.limit else ""
            counted = sheet.counts(connection, acting, _chips(kind, asked), lines.by)
            return SheetView(kind, kinds, kind.sheet, lines.of(page), following, _counts(kind, counted))

        return self._machinery.read(read)


class _Lines:
    """Rows of the store as the sheet shows them."""

    def __init__(
        self, machinery: Machinery, connection: Connection, acting: Acting, practice: Practice, kind: RecordType
    ) -> None:
        self._connection = connection
        self._acting = acting
        self._kind = kind
        self._showing = Showing(machinery, connection, acting)
        environment = PracticeEnvironment(machinery, connection, practice, machinery.clock.now())
        self._context = environment.context()
        self._zone = environment.zone
        self._values = {column.id: compile_expression(column.value) for column in kind.sheet if column.value}
        self._names = frozenset(name for each in self._values.values() for name in each.names)
        urgent = next(column for column in kind.sheet if column.urgent)
        now = machinery.clock.now()
        self.by = Dated(urgent.field, now, now.astimezone(environment.zone).date())

    def of(self, page: Sequence[Any]) -> tuple[SheetLine, ...]:
        """The lines, in the order of the page."""
        owners = {each.id: each for each in instances.some(self._connection, [row.instance_id for row in page])}
        published = self._showing.published(owners)
        tasks = self._tasks([row.business_key for row in page])
        fields = [column.field for column in self._kind.sheet if column.field]
        shown = []
        for row in page:
            practice = self._showing.practice(owners[row.instance_id].deployment_id)
            process = practice.processes[owners[row.instance_id].process_id]
            shown.append((practice, process, published.get(row.instance_id, {}), fields))
        self._showing.learn(shown)
        lines = []
        for row, known in zip(page, shown, strict=True):
            own = {field.name: field for field in self._showing.fields(*known)}
            status = self._kind.status(row.status)
            stage = self._kind.stage(status.stage) if status else None
            lines.append(
                SheetLine(
                    business_key=row.business_key,
                    title=row.title,
                    status_label=status.label.zh if status else row.status,
                    status_mark=status.mark if status else "",
                    stage_label=stage.label.zh if stage else "",
                    late=row.place.startswith("0"),
                    cells=tuple(self._cell(column, own, known[2]) for column in self._kind.sheet),
                    tasks=tasks.get(row.business_key, ()),
                )
            )
        return tuple(lines)

    def _tasks(self, keys: Sequence[str]) -> dict[str, tuple[TaskRow, ...]]:
        found = self._showing.task_rows(sheet.tasks(self._connection, self._acting, keys, _MOST_TASKS))
        ordered = sorted(found, key=lambda task: task.business_key)  # stable: the soonest due stays first
        return {key: tuple(tasks) for key, tasks in groupby(ordered, key=lambda task: task.business_key)}

    def _cell(
        self, column: SheetColumn, own: Mapping[str, FieldValue], values: Mapping[str, Value]
    ) -> FieldValue | None:
        if column.field:
            found = own.get(column.field)
            return replace(found, label=column.label.zh) if found else None
        value = self._value(self._values[column.id], values)
        return None if value is None else FieldValue(column.id, column.label.zh, column.show, value)

    def _value(self, compiled: Compiled, values: Mapping[str, Value]) -> Value:
        """What an expression gives for a record; nothing where it cannot be worked out."""
        try:
            value = compiled.evaluate(dict.fromkeys(self._names) | dict(values), self._context)
        except (ExpressionError, Invalid):
            return None
        return value.astimezone(self._zone) if isinstance(value, datetime) and value.tzinfo else value


def _wanted(kind: RecordType, asked: SheetFilter) -> Wanted:
    statuses = tuple(status.id for status in kind.statuses if not status.final and asked.stage in ("", status.stage))
    return Wanted(kind.id, statuses, asked.text, asked.mine, asked.late)


def _chips(kind: RecordType, asked: SheetFilter) -> dict[str, Wanted]:
    """What each chip counts: mine and all of everything; late and the stages among those chosen of the two."""
    plain = SheetFilter(kind.id, asked.mine)
    stages = {status.stage for status in kind.statuses if status.stage and not status.final}
    return {
        "mine": _wanted(kind, replace(plain, mine=True)),
        "all": _wanted(kind, replace(plain, mine=False)),
        "late": _wanted(kind, replace(plain, late=True)),
        **{f"stage:{stage.id}": _wanted(kind, replace(plain, stage=stage.id)) for stage in kind.stages
           if stage.id in stages},
    }  # fmt: skip


def _counts(kind: RecordType, counted: Mapping[str, int]) -> tuple[Count, ...]:
    labels = {f"stage:{stage.id}": stage.label.zh for stage in kind.stages}
    return tuple(
        Count(name.removeprefix("stage:"), labels.get(name, ""), min(number, CAP), number > CAP)
        for name, number in counted.items()
    )


def _read_cursor(text: str) -> tuple[str, str] | None:
    place, mark, key = text.partition("~")
    if text and not mark:
        raise Invalid("The place “%(after)s” in the list is unknown. Begin at its start.", after=text)
    return (place, key) if text else None
