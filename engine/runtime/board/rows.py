"""Rows of the board in words: owners by name, published fields with their labels, links to task and record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from engine.definitions.practice import Figure, Watch
from engine.errors import Invalid
from engine.runtime.board.counting import Counted
from engine.runtime.deployed.practice import Practice
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.showing import Showing
from engine.store import board as store
from engine.store import lookups, notifications, records, tasks
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.views import BoardRow, Member, WatchView

_ID_DIGITS = 18


class BoardRows:
    """Builds what the board lists for one viewer on one open connection."""

    def __init__(self, machinery: Machinery, connection: Connection, acting: Acting) -> None:
        self._connection = connection
        self._acting = acting
        self._now = machinery.clock.now()
        self._showing = Showing(machinery, connection, acting)

    def watch(self, watch: Watch, limit: int, after: str | None = None, whole: bool = False) -> WatchView:
        """An exception with its oldest rows. Unless it is the `whole` list, the oldest among the first thousand."""
        query = self._query(watch)
        number = store.count(self._connection, query)
        among = 0 if whole else store.CAP + 1
        found = store.oldest(self._connection, query, limit + 1, read_cursor(after or ""), among)
        page = found[:limit]
        following = cursor(page[-1].since, page[-1].row_id) if len(found) > limit and page[-1].since else ""
        rows = self._rows(page, watch.columns, self._owners(watch, page))
        return WatchView(watch, min(number, store.CAP), number > store.CAP, rows, following)

    def counted(self, figure: Figure, page: Sequence[Counted]) -> tuple[BoardRow, ...]:
        """The instances behind a figure, with what each adds."""
        owners = {each.row.id: ((each.row.owner,) if each.row.owner else (), ()) for each in page}
        counts = [each.fact.top for each in page]
        rows = self._rows([_Behind(each.row) for each in page], figure.columns, owners)
        share = figure.measure == "share"
        return tuple(
            _with(row, None if figure.measure == "count" else bool(top) if share else top)
            for row, top in zip(rows, counts, strict=True)
        )

    def members(self, practice: Practice, found: Mapping[str, Sequence[str]]) -> dict[str, tuple[Member, ...]]:
        """The members of each dimension in words: a person by name, an item of a list by its label."""
        board, kinds = practice.surroundings.board, practice.surroundings.records
        types = {name: field for kind in reversed(tuple(kinds.values())) for name, field in kind.fields.items()}
        people = {
            key for each in board.dimensions if _type(types, each.field) == "user" for key in found.get(each.id, ())
        }
        items = {
            (types[each.field].reference, key)
            for each in board.dimensions
            if _type(types, each.field) == "reference"
            for key in found.get(each.id, ())
        }
        names, labels = lookups.names(self._connection, sorted(people)), records.labels(self._connection, items)
        answer = {}
        for each in board.dimensions:
            reference = types[each.field].reference if each.field in types else ""
            answer[each.id] = tuple(
                Member(key, names.get(key) or labels.get((reference, key)) or key) for key in found.get(each.id, ())
            )
        return answer

    def _query(self, watch: Watch) -> Any:
        if watch.about == "tasks":
            return store.overdue(self._acting, self._now, watch.processes, watch.elements)
        if watch.about == "notifications":
            return store.unread(self._acting)
        if watch.about == "incidents":
            return store.stuck(self._acting)
        asked = store.Conditions(watch.processes, watch.state, watch.one_of, watch.none_of, watch.lacks, watch.since)
        return store.instances(self._acting, asked)

    def _owners(self, watch: Watch, page: Sequence[Any]) -> dict[int, tuple[tuple[str, ...], tuple[str, ...]]]:
        """Row → people and groups who have to act."""
        ids = [row.row_id for row in page]
        if watch.about == "notifications":
            told = notifications.receivers(self._connection, ids)
            return {row: (tuple(user for user, at in told.get(row, ()) if at is None), ()) for row in ids}
        found: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {
            row.row_id: ((row.owner,) if row.owner else (), ()) for row in page
        }
        if watch.about == "tasks":
            free = [row.row_id for row in page if not row.owner]
            for task_id, subjects in tasks.candidates(self._connection, free).items():
                found[task_id] = (
                    tuple(each[5:] for each in subjects if each.startswith("user:")),
                    tuple(each[6:] for each in subjects if each.startswith("group:")),
                )
        return found

    def _rows(
        self,
        page: Sequence[Any],
        columns: Sequence[str],
        owners: Mapping[int, tuple[tuple[str, ...], tuple[str, ...]]],
    ) -> tuple[BoardRow, ...]:
        names = lookups.names(self._connection, sorted({each for found, _ in owners.values() for each in found}))
        published = self._showing.published(
            {row.instance_id for row in page} | {row.record_instance_id or 0 for row in page}
        )
        shown = []
        for row in page:
            practice = self._showing.practice(row.deployment_id)
            values = {**published.get(row.record_instance_id, {}), **published.get(row.instance_id, {})}
            shown.append((practice, practice.processes[row.process_id], values, columns))
        self._showing.learn(shown)
        return tuple(
            BoardRow(
                row_id=row.row_id,
                instance_id=row.instance_id,
                name=row.name,
                process_name=each[1].name,
                business_key=row.business_key,
                number=row.number,
                title=row.title or row.record_title or "",
                owners=tuple(names.get(who, who) for who in owners[row.row_id][0]),
                groups=owners[row.row_id][1],
                since=_since(row.since),
                fields=self._showing.fields(*each),
            )
            for row, each in zip(page, shown, strict=True)
        )


class _Behind:
    """A row behind a figure as the other rows are."""

    name = ""

    def __init__(self, row: Any) -> None:
        self.row_id = self.instance_id = row.id
        self.since = row.at
        for name in ("deployment_id", "process_id", "business_key", "number", "title", "record_instance_id",
                     "record_title"):  # fmt: skip
            setattr(self, name, getattr(row, name))


def _with(row: BoardRow, counts: Any) -> BoardRow:
    return replace(row, counts=counts)


def _type(types: Mapping[str, Any], name: str) -> str:
    return types[name].type if name in types else ""


def _since(value: Any) -> datetime | date | None:
    """A moment of the database, or a published date or moment as it is compared."""
    if not isinstance(value, str):
        return value  # type: ignore[no-any-return]
    try:
        return datetime.fromisoformat(value) if len(value) > len("2026-11-26") else date.fromisoformat(value)
    except ValueError:
        return None


def cursor(since: Any, row_id: int) -> str:
    """Where a page ended."""
    return f"{since if isinstance(since, str) else '@' + since.isoformat()}~{row_id}"


def read_cursor(text: str) -> tuple[Any, int] | None:
    """What `cursor` wrote; None for the start. Raises Invalid for anything else."""
    if not text:
        return None
    since, _, row_id = text.rpartition("~")
    try:
        if len(row_id) > _ID_DIGITS:
            raise ValueError(row_id)
        moment = datetime.fromisoformat(since[1:]) if since.startswith("@") else since
        if isinstance(moment, datetime) and moment.tzinfo is None:
            raise ValueError(since)
        return moment, int(row_id)
    except ValueError as error:
        raise Invalid("The place “%(after)s” in the list is unknown. Begin at its start.", after=text) from error
