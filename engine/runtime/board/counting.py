"""Counts figures: from the instances of a span to facts, by the expressions of board.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.definitions.practice import Board, Figure
from engine.errors import ExpressionError, Invalid
from engine.expressions import Compiled, compile_expression
from engine.runtime.board.measuring import Fact
from engine.runtime.deployed.practice import Practice
from engine.runtime.unit.environment import PracticeEnvironment, Surrounding
from engine.runtime.unit.machinery import Machinery
from engine.store import board as store
from engine.store.board import Span
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.values import Value, loads

_BATCH = 900

__all__ = ["Counted", "Counting", "months_back"]


@dataclass(frozen=True, slots=True)
class Counted:
    """An instance that counts, its fact, and the published values it was judged by."""

    row: Any
    fact: Fact
    values: Mapping[str, Value]


class Counting:
    """Counts the figures of a practice for one viewer (None: what everybody sees who may see all)."""

    def __init__(self, machinery: Machinery, connection: Connection, practice: Practice, acting: Acting | None) -> None:
        self._connection = connection
        self._board = practice.surroundings.board
        self._acting = acting
        environment = PracticeEnvironment(machinery, connection, practice, machinery.clock.now())
        self._context: Surrounding = environment.context()
        self._zone = environment.zone
        self.today = machinery.clock.now().astimezone(environment.zone).date()

    @property
    def months(self) -> tuple[str, ...]:
        """The months of the period, the oldest first."""
        return months_back(self.today, self._board.months)

    def rows(self, figure: Figure, month: str = "", before: tuple[Any, int] | None = None) -> Iterator[Counted]:
        """The instances that count, the latest first, read page by page."""
        asks = _Asks(self._board, figure)
        span = self._span(figure, month)
        while True:
            found = store.in_span(self._connection, self._acting, span, _BATCH, before)
            ids = {row.id for row in found} | {row.record_instance_id for row in found if row.record_instance_id}
            published = store.fields(self._connection, sorted(ids), asks.names)
            for row in found:
                values = self._values(row, published, asks.names)
                fact = asks.fact(self._month(row.at), values, self._context)
                if fact is not None:
                    yield Counted(row, fact, values)
            if len(found) < _BATCH:
                return
            before = (found[-1].at, found[-1].id)

    def _span(self, figure: Figure, month: str) -> Span:
        first = month or self.months[0]
        last = month or self.months[-1]
        return Span(figure.process, figure.on, first, _next(last), self._start(first), self._start(_next(last)))

    def _start(self, month: str) -> datetime:
        return datetime(int(month[:4]), int(month[5:]), 1, tzinfo=self._zone).astimezone(UTC)

    def _month(self, at: str | datetime) -> str:
        return at[:7] if isinstance(at, str) else f"{at.astimezone(self._zone):%Y-%m}"

    def _values(self, row: Any, published: Mapping[int, Mapping[str, str]], names: tuple[str, ...]) -> dict[str, Value]:
        """What the expressions may read: the fields of its record, then its own, then what every instance has."""
        found: dict[str, Value] = dict.fromkeys(names)
        for instance_id in (row.record_instance_id, row.id):
            found |= {name: loads(text) for name, text in published.get(instance_id, {}).items()}
        return found | {
            "key": row.business_key, "number": row.number, "status": row.status, "state": row.state,
            "end": row.end_id, "owner": row.owner, "started_at": row.started_at.astimezone(self._zone),
            "ended_at": row.ended_at.astimezone(self._zone) if row.ended_at else None,
        }  # fmt: skip


class _Asks:
    """The expressions of a figure, compiled, and the fields they and its dimensions read."""

    def __init__(self, board: Board, figure: Figure) -> None:
        self._figure = figure
        self._by = {each.id: board.field_of(figure, each) for each in board.dimensions}
        self._compiled: dict[str, Compiled] = {
            key: compile_expression(text) for key, text in figure.expressions.items()
        }
        read = {name for each in self._compiled.values() for name in each.names}
        self.names = tuple(sorted(read | set(self._by.values()) | set(figure.columns)))

    def fact(self, month: str, values: Mapping[str, Value], context: Surrounding) -> Fact | None:
        """What the instance adds; None when it does not count. What cannot be worked out counts nothing."""
        try:
            if self._compiled["where"].evaluate(values, context) is not True:
                return None
            top, bottom = self._measured(values, context)
        except (ExpressionError, Invalid):
            return None
        members = {dimension: str(values.get(name) or "") for dimension, name in self._by.items()}
        return Fact(month, top, bottom, {name: member for name, member in members.items() if member})

    def _measured(self, values: Mapping[str, Value], context: Surrounding) -> tuple[Decimal | None, Decimal]:
        if self._figure.measure == "count":
            return Decimal(1), Decimal(1)
        if self._figure.measure == "share":
            return Decimal(self._compiled["good"].evaluate(values, context) is True), Decimal(1)
        top = _number(self._compiled["value"].evaluate(values, context))
        if self._figure.measure != "ratio":
            return top, Decimal(1)
        bottom = _number(self._compiled["out_of"].evaluate(values, context))
        return (None, Decimal(0)) if bottom is None else (top, bottom)


def months_back(today: date, number: int) -> tuple[str, ...]:
    """So many months up to this one, the oldest first."""
    last = today.year * 12 + today.month - 1
    return tuple(f"{each // 12:04}-{each % 12 + 1:02}" for each in range(last - number + 1, last + 1))


def _next(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def _number(value: Value) -> Decimal | None:
    """A number as it is, a duration in hours; None for anything else."""
    if isinstance(value, timedelta):
        return Decimal(value // timedelta(seconds=1)) / Decimal(3600)
    return value if isinstance(value, Decimal) else None
