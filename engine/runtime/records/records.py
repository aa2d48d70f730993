"""Records: one, lists over published fields, their timeline, and the export. Never from snapshots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from engine.errors import Invalid
from engine.runtime.history import timeline
from engine.runtime.papers.comments import Comments
from engine.runtime.papers.files import Files
from engine.runtime.records.view import RecordViews
from engine.runtime.unit.administration import acting_as
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.publishing import plain
from engine.sheets import write_sheet
from engine.store import records
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.views import Actor, CommentView, Count, FileView, HistoryRow, RecordFilter, RecordRow, RecordView

_EXPORT_PAGE = 500


class Records:
    """What a person may see of records. The number of statements does not depend on the number of rows."""

    def __init__(self, machinery: Machinery, files: Files, comments: Comments) -> None:
        self._machinery = machinery
        self._files = files
        self._comments = comments

    def get(self, key: str, actor: Actor) -> RecordView:
        """One record. Raises NotFound to who may see no instance of it."""
        return self._machinery.read(
            lambda connection: RecordViews(self._machinery, connection, self._acting(connection, actor)).record(key)
        )

    def list(self, actor: Actor, filter: RecordFilter | None = None) -> tuple[tuple[RecordRow, ...], str]:
        """A page of records, newest first, and the cursor of the next page (empty at the end)."""
        asked = filter or RecordFilter()

        def read(connection: Connection) -> tuple[tuple[RecordRow, ...], str]:
            acting = self._acting(connection, actor)
            found = records.page(
                connection,
                acting,
                asked.record_type,
                (asked.status,) if asked.status else (),
                asked.text,
                dict(asked.fields or {}),
                _read_cursor(asked.after),
                asked.limit + 1,
            )
            rows = RecordViews(self._machinery, connection, acting).rows(found[: asked.limit])
            more = len(found) > asked.limit
            return rows, f"{rows[-1].started_at.isoformat()}~{rows[-1].business_key}" if more else ""

        return self._machinery.read(read)

    def counts(self, actor: Actor, filter: RecordFilter | None = None) -> tuple[Count, ...]:
        """How many records of each status this person may see, in the order of the practice."""
        asked = filter or RecordFilter()

        def read(connection: Connection) -> tuple[Count, ...]:
            labels = self._statuses(connection)
            numbers = records.counts(connection, self._acting(connection, actor), labels.keys(), asked.record_type)
            return tuple(
                Count(status, label, min(numbers[status], records.CAP), numbers[status] > records.CAP)
                for status, label in labels.items()
                if numbers.get(status)
            )

        return self._machinery.read(read)

    def timeline(self, key: str, actor: Actor, order: str = "policy") -> tuple[HistoryRow, ...]:
        """What happened to a record: in the order of the policy's clauses, or newest first (`time`)."""
        return self._machinery.read(
            lambda connection: timeline.of_record(
                self._machinery, connection, self._acting(connection, actor), key, order
            )
        )

    def files(self, key: str, actor: Actor) -> tuple[FileView, ...]:
        """Its files, newest first."""
        return self._files.of_record(key, actor)

    def comments(self, key: str, actor: Actor) -> tuple[CommentView, ...]:
        """Its comments, oldest first."""
        return self._comments.of_record(key, actor)

    def comment(self, key: str, text: str, actor: Actor) -> CommentView:
        """Comment on it."""
        return self._comments.add(key, text, actor)

    def export(self, actor: Actor, filter: RecordFilter | None = None) -> bytes:
        """All records of a filter as an Excel file, a column a published field.

        They are gone through page by page, and twice: the headings stand before the first row.
        """
        asked = replace(filter or RecordFilter(), limit=_EXPORT_PAGE)
        labels = {field.name: field.label for row in self._every(actor, asked) for field in row.fields}
        rows = (_cells(row, labels) for row in self._every(actor, asked))
        return write_sheet("records", ["business_key", "title", "status", "started_at", *labels.values()], rows)

    def _every(self, actor: Actor, asked: RecordFilter) -> Iterator[RecordRow]:
        after = ""
        while True:
            rows, after = self.list(actor, replace(asked, after=after))
            yield from rows
            if not after:
                return

    def _acting(self, connection: Connection, actor: Actor) -> Acting:
        return acting_as(self._machinery, connection, actor)

    def _statuses(self, connection: Connection) -> Mapping[str, str]:
        practice = self._machinery.library.latest(connection)
        kinds = practice.surroundings.records.values() if practice is not None else ()
        return {status.id: status.label.zh for kind in kinds for status in kind.statuses}


def _cells(row: RecordRow, names: Iterable[str]) -> tuple[str, ...]:
    values = {field.name: field.text or plain(field.value) for field in row.fields}
    started = row.started_at.isoformat(timespec="minutes")
    return (row.business_key, row.title, row.status_label, started, *(values.get(name, "") for name in names))


def _read_cursor(text: str) -> tuple[datetime, str] | None:
    if not text:
        return None
    started, _, key = text.partition("~")
    try:
        moment = datetime.fromisoformat(started)
        if moment.tzinfo is None:
            raise ValueError(started)
        return moment, key
    except ValueError as error:
        raise Invalid("The place “%(after)s” in the list is unknown. Begin at its start.", after=text) from error
