"""The board: exceptions, figures and the rows behind both. Needs the right `board`.

Who may see all is shown figures as they were counted last: counting a whole history takes longer than anybody waits.
For everybody else they are counted from what he may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from time import perf_counter
from typing import Any

from engine.definitions.practice import Board as Definition
from engine.definitions.practice import Dimension, Figure
from engine.errors import Invalid, NotFound
from engine.runtime.board.counting import Counting
from engine.runtime.board.measuring import Fact, cells
from engine.runtime.board.rows import BoardRows, cursor, read_cursor
from engine.runtime.deployed.practice import Practice
from engine.runtime.unit.administration import acting_as, may, require
from engine.runtime.unit.machinery import Machinery
from engine.sheets import write_sheet
from engine.store import board as store
from engine.store.connect import Connection, DuplicateRow
from engine.store.rights import Acting
from engine.views import Actor, BoardView, Cell, Chosen, FigureRows, FigureView, Member, WatchView

_FIRST, _PAGE, _MOST = 20, 50, 10_000
_FRESH = timedelta(minutes=15)
_PART = 20
"""Counting takes at most a twentieth of the time: what took long is counted less often."""
_Cells = Mapping[tuple[str, str, str], Cell]


class Board:
    """What needs somebody's attention. The number of statements does not depend on the number of rows."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery
        self._took: dict[str, timedelta] = {}

    def may(self, actor: Actor) -> bool:
        """Whether this person has the right to see it."""
        return self._machinery.read(lambda connection: may(acting_as(self._machinery, connection, actor), "board"))

    def show(self, actor: Actor, chosen: Chosen | None = None) -> BoardView:
        """The first page. Forbidden without the right, Invalid for a member or month that there cannot be."""
        asked = chosen or Chosen()

        def read(connection: Connection) -> BoardView:
            acting, practice = self._who(connection, actor)
            definition = practice.surroundings.board
            rows = BoardRows(self._machinery, connection, acting)
            counting = Counting(self._machinery, connection, practice, acting)
            found, at = self._cells(connection, acting, practice, counting, asked)
            _check(asked, definition, counting.months)
            members = _members(found) if at is None else store.members(connection, practice.deployment_id)
            return BoardView(
                watches=tuple(rows.watch(each, _FIRST) for each in definition.watches),
                figures=tuple(
                    _view(each, found.get(each.id, {}), asked, counting.months) for each in definition.figures
                ),
                months=counting.months,
                members=rows.members(practice, members),
                counted_at=at,
            )

        return self._machinery.read(read)

    def watch(self, id: str, actor: Actor, after: str = "", limit: int = _PAGE) -> WatchView:
        """A page of one exception, the oldest first. NotFound for one that the practice does not have."""

        def read(connection: Connection) -> WatchView:
            acting, practice = self._who(connection, actor)
            watch = practice.surroundings.board.watch(id)
            if watch is None:
                raise NotFound("There is no figure or exception “%(id)s” on the board.", id=id)
            return BoardRows(self._machinery, connection, acting).watch(watch, limit, after or None, whole=True)

        return self._machinery.read(read)

    def figure(
        self, id: str, actor: Actor, chosen: Chosen | None = None, after: str = "", limit: int = _PAGE
    ) -> FigureRows:
        """A figure by each dimension, and a page of the instances behind it, the latest first."""
        asked = chosen or Chosen()

        def read(connection: Connection) -> FigureRows:
            acting, practice = self._who(connection, actor)
            figure = practice.surroundings.board.figure(id)
            if figure is None:
                raise NotFound("There is no figure or exception “%(id)s” on the board.", id=id)
            counting = Counting(self._machinery, connection, practice, acting)
            _check(asked, practice.surroundings.board, counting.months)
            rows = BoardRows(self._machinery, connection, acting)
            behind = (
                each
                for each in counting.rows(figure, asked.month, read_cursor(after))
                if not asked.dimension or each.fact.members.get(asked.dimension) == asked.member
            )
            page = list(islice(behind, limit + 1))
            following = cursor(page[limit - 1].row.at, page[limit - 1].row.id) if len(page) > limit else ""
            found = self._of_figure(connection, acting, practice, counting, figure)
            by = tuple(
                (each, _parts(each, found, asked.month, rows.members(practice, _members({"": found}))))
                for each in practice.surroundings.board.dimensions
            )
            view = _view(figure, found, asked, counting.months)
            return FigureRows(view, rows.counted(figure, page[:limit]), following, by, counting.months)

        return self._machinery.read(read)

    def export(self, id: str, actor: Actor, chosen: Chosen | None = None) -> bytes:
        """The rows behind an exception or a figure as an Excel file."""
        board = self._machinery.read(lambda connection: self._who(connection, actor)[1].surroundings.board)
        if board.watch(id) is not None:
            rows = self.watch(id, actor, limit=_MOST).rows
        else:
            rows = self.figure(id, actor, chosen, limit=_MOST).rows
        labels = {field.name: field.label for row in rows for field in row.fields}
        headings = ["business_key", "number", "title", "name", "owner", "since", "counts", *labels.values()]
        lines = []
        for row in rows:
            values = {field.name: field.text or str(field.value) for field in row.fields}
            lines.append((row.business_key, row.number, row.title, row.name, ", ".join((*row.owners, *row.groups)),
                          str(row.since or ""), "" if row.counts is None else str(row.counts),
                          *(values.get(name, "") for name in labels)))  # fmt: skip
        return write_sheet("board", headings, lines)

    def count_due(self) -> int:
        """Count again the figures that were counted long ago, or by another board.yaml; how many they were."""
        practice = self._machinery.read(self._machinery.library.latest)
        if practice is None:
            return 0
        kept = self._machinery.read(lambda connection: store.counted_at(connection, practice.deployment_id))
        due = [figure for figure in practice.surroundings.board.figures if self._is_due(figure, kept)]
        for figure in due:
            self._count(practice, figure)
        return len(due)

    def _is_due(self, figure: Figure, kept: Mapping[str, datetime]) -> bool:
        rest = max(_FRESH, self._took.get(figure.id, timedelta(0)) * _PART)
        return figure.id not in kept or kept[figure.id] + rest <= self._machinery.clock.now()

    def _count(self, practice: Practice, figure: Figure) -> None:
        began = perf_counter()

        def read(connection: Connection) -> _Cells:
            counting = Counting(self._machinery, connection, practice, None)
            return cells(figure.measure, (each.fact for each in counting.rows(figure)))

        found = self._machinery.read(read)
        now = self._machinery.clock.now()
        rows = [
            {"figure": figure.id, "dimension": dimension, "member": member, "month": month,
             "deployment_id": practice.deployment_id, "counted_at": now, "rows": each.rows,
             "value": _text(each.value), "high": _text(each.high)}
            for (dimension, member, month), each in found.items()
        ]  # fmt: skip
        try:
            self._machinery.write(lambda connection: store.keep(connection, figure.id, rows))
        except DuplicateRow:  # another process has counted meanwhile
            return
        self._took[figure.id] = timedelta(seconds=perf_counter() - began)

    def _who(self, connection: Connection, actor: Actor) -> tuple[Acting, Practice]:
        acting = acting_as(self._machinery, connection, actor)
        require(acting, "board")
        practice = self._machinery.library.latest(connection)
        if practice is None:
            raise NotFound("Nothing is deployed yet. Deploy the practice first: gendan deploy processes/")
        return acting, practice

    def _cells(
        self, connection: Connection, acting: Acting, practice: Practice, counting: Counting, asked: Chosen
    ) -> tuple[dict[str, _Cells], datetime | None]:
        """Figure → its cells, and when they were counted (None: just now)."""
        figures = practice.surroundings.board.figures
        if _sees_all(acting):
            kept = store.kept(connection, practice.deployment_id, asked.dimension, asked.member)
            total = store.counted_at(connection, practice.deployment_id)
            if len(total) == len(figures) and total:
                found: dict[str, dict[tuple[str, str, str], Cell]] = {}
                for row in kept:
                    found.setdefault(row.figure, {})[row.dimension, row.member, row.month] = _cell(row)
                return dict(found), min(total.values())
        return {each.id: cells(each.measure, _facts(counting, each)) for each in figures}, None

    def _of_figure(
        self, connection: Connection, acting: Acting, practice: Practice, counting: Counting, figure: Figure
    ) -> _Cells:
        kept = store.kept_of(connection, practice.deployment_id, figure.id) if _sees_all(acting) else ()
        if kept:
            return {(row.dimension, row.member, row.month): _cell(row) for row in kept}
        return cells(figure.measure, _facts(counting, figure))


def _facts(counting: Counting, figure: Figure) -> Iterable[Fact]:
    return (each.fact for each in counting.rows(figure))


def _sees_all(acting: Acting) -> bool:
    return acting.system or "see_all" in acting.own.rights


def _check(asked: Chosen, definition: Definition, months: Sequence[str]) -> None:
    if asked.month and asked.month not in months:
        raise Invalid("The board goes from %(first)s to %(last)s.", first=months[0], last=months[-1])
    if asked.dimension and asked.dimension not in {each.id for each in definition.dimensions}:
        raise Invalid("The board cannot be read by “%(name)s”.", name=asked.dimension)


def _view(figure: Figure, found: _Cells, asked: Chosen, months: Sequence[str]) -> FigureView:
    at = (asked.dimension, asked.member)
    trend = tuple((month, found.get((*at, month), Cell())) for month in months)
    return FigureView(figure, found.get((*at, asked.month), Cell()), trend)


def _members(found: Mapping[str, _Cells]) -> dict[str, list[str]]:
    pairs = {(dimension, member) for each in found.values() for dimension, member, _ in each if dimension}
    members: dict[str, list[str]] = {}
    for dimension, member in sorted(pairs):
        members.setdefault(dimension, []).append(member)
    return members


def _parts(
    dimension: Dimension, found: _Cells, month: str, members: Mapping[str, tuple[Member, ...]]
) -> tuple[tuple[Member, Cell], ...]:
    known = members.get(dimension.id, ())
    return tuple((each, found.get((dimension.id, each.key, month), Cell())) for each in known)


def _cell(row: Any) -> Cell:
    return Cell(row.rows, Decimal(row.value) if row.value else None, Decimal(row.high) if row.high else None)


def _text(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")
