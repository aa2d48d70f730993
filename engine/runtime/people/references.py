"""The verbs of reference lists: look up, change one item, take over a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from engine import scalars
from engine.definitions.practice import ReferenceList, nearest
from engine.errors import Forbidden, FormInvalid, GendanError, Invalid, NotFound
from engine.runtime.people.reference_items import Known, check_key, known, read_values, repeated, row_of, values_of
from engine.runtime.unit.administration import ADMINISTER, acting_as, may, tell
from engine.runtime.unit.machinery import Machinery
from engine.sheets import Sheet, read_sheet
from engine.store import references
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.values import Value
from engine.views import Actor, ReferenceItem

MOST_BYTES = 10 * 1024 * 1024
_KEY = "key"
_ACTIVE = "active"


class RowError(NamedTuple):
    """Why a row of a sheet was not taken over; `row` is its number in the sheet."""

    row: int
    error: GendanError


@dataclass(frozen=True, slots=True)
class UploadReport:
    """What came of a sheet: numbers of items, and the rows that were not taken over."""

    added: int
    changed: int
    same: int
    errors: tuple[RowError, ...]


class References:
    """Reference lists: their columns are the practice's, their items the database's."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery

    def lists(self) -> tuple[ReferenceList, ...]:
        """The lists of the practice, with their columns and who may change them; none before the first deployment."""
        return self._machinery.read(self._lists)

    def items(
        self, list_id: str, text: str = "", limit: int = 50, after: ReferenceItem | None = None
    ) -> tuple[ReferenceItem, ...]:
        """Items that contain every word of the text, those in use first; at most `limit` (0: all), those after one."""
        place = None if after is None else (after.active, after.label, after.key)

        def work(connection: Connection) -> tuple[ReferenceItem, ...]:
            self._list(connection, list_id)
            return tuple(_item(row) for row in references.page(connection, list_id, text, limit, place))

        return self._machinery.read(work)

    def get(self, list_id: str, key: str) -> ReferenceItem:
        """One item. Raises NotFound."""

        def work(connection: Connection) -> ReferenceItem:
            self._list(connection, list_id)
            row = references.one(connection, list_id, key)
            if row is None:
                raise NotFound("There is no %(key)s in the list %(list)s.", key=key, list=list_id)
            return _item(row)

        return self._machinery.read(work)

    def put(self, item: ReferenceItem, actor: Actor) -> ReferenceItem:
        """Add or change an item; its values may be typed or texts, its label is made from them.

        Raises FormInvalid with the errors by column, Forbidden to who is no editor of the list.
        """

        def work(connection: Connection) -> ReferenceItem:
            of, acting = self._editing(connection, item.list_id, actor)
            values, errors = read_values(of, item.values, known(connection))
            wrong = check_key(item.key)
            if wrong is not None:
                errors[_KEY] = wrong
            stored = references.all_of(connection, of.id) if any(column.unique for column in of.columns) else {}
            others = {key: values_of(row) for key, row in stored.items() if key != item.key}
            errors |= repeated(of, {**others, item.key: values}).get(item.key, {})
            if errors:
                raise FormInvalid({name: (error,) for name, error in errors.items()})
            row = row_of(of, item.key, values, item.active)
            before = references.one(connection, of.id, item.key)
            if before is None or _changed(before, row):
                self._store(connection, acting, of, {item.key: before}, [row])
            return ReferenceItem(of.id, item.key, row["label"], values, item.active)

        return self._machinery.write(work)

    def upload(self, list_id: str, content: bytes, actor: Actor) -> UploadReport:
        """Take over an Excel sheet: its first row names the key and columns (by name or label). Right rows are taken,
        wrong ones reported with their reason; items and columns that are not in it stay as they are.

        Raises Invalid when the file cannot be read or a heading is unknown; then nothing is taken.
        """
        if len(content) > MOST_BYTES:
            raise Invalid("The file has more than %(most)d MB. Divide it.", most=MOST_BYTES // 1024**2)
        sheet = read_sheet(content)

        def work(connection: Connection) -> UploadReport:
            of, acting = self._editing(connection, list_id, actor)
            taking = _Taking(of, sheet, references.all_of(connection, of.id), known(connection))
            taking.take()
            self._store(connection, acting, of, taking.stored, list(taking.rows.values()))
            added = sum(key not in taking.stored for key in taking.rows)
            errors = tuple(sorted(taking.errors, key=lambda error: error.row))
            return UploadReport(added, len(taking.rows) - added, taking.same, errors)

        return self._machinery.write(work)

    def _lists(self, connection: Connection) -> tuple[ReferenceList, ...]:
        practice = self._machinery.library.latest(connection)
        return tuple(practice.surroundings.references.values()) if practice is not None else ()

    def _list(self, connection: Connection, list_id: str) -> ReferenceList:
        for found in self._lists(connection):
            if found.id == list_id:
                return found
        raise NotFound("There is no list %(list)s.", list=list_id)

    def _editing(self, connection: Connection, list_id: str, actor: Actor) -> tuple[ReferenceList, Acting]:
        of, acting = self._list(connection, list_id), acting_as(self._machinery, connection, actor)
        if not may(acting, ADMINISTER) and (not acting.known or acting.capacity_in(of.editors) is None):
            raise Forbidden(
                "Only editors of %(list)s may change it. Ask one of them.", list=str(of.label), right="edit"
            )
        return of, acting

    def _store(
        self,
        connection: Connection,
        acting: Acting,
        of: ReferenceList,
        before: Mapping[str, Any],
        rows: list[dict[str, Any]],
    ) -> None:
        if not rows:
            return
        stamp = {"updated_at": self._machinery.clock.now(), "updated_by": acting.user_id}
        references.put(connection, [{**row, **stamp} for row in rows])
        told: list[Value] = [_told(row, before.get(row["key"])) for row in rows]
        tell(self._machinery, connection, "reference-items-put", acting, of.id, {"items": told})


@dataclass
class _Taking:
    """A sheet being taken over."""

    of: ReferenceList
    sheet: Sheet
    stored: Mapping[str, Any]
    world: Known
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    same: int = 0

    def take(self) -> None:
        """Fill `rows`, `errors` and `same`."""
        columns = _columns(self.of, self.sheet.headings)
        read: dict[str, tuple[int, dict[str, Value], bool]] = {}
        for row in self.sheet.rows:
            cells = dict(zip(columns, row.cells, strict=False))
            key = _text(cells.pop(_KEY, None))
            error = self._read(key, cells, row.number, read)
            if error is not None:
                self.errors.append(RowError(row.number, error))
        others = {key: values_of(row) for key, row in self.stored.items() if key not in read}
        wrong = repeated(self.of, {**others, **{key: values for key, (_, values, _) in read.items()}})
        for key, (number, values, active) in read.items():
            if key in wrong:
                self.errors += [RowError(number, error) for error in wrong[key].values()]
                continue
            row_made = row_of(self.of, key, values, active)
            if key in self.stored and not _changed(self.stored[key], row_made):
                self.same += 1
            else:
                self.rows[key] = row_made

    def _read(
        self, key: str, cells: dict[str, Value], number: int, read: dict[str, tuple[int, dict[str, Value], bool]]
    ) -> GendanError | None:
        wrong = check_key(key)
        if wrong is not None:
            return wrong
        if key in read:
            return Invalid("The key %(key)s stands in row %(row)d already.", key=key, row=read[key][0])
        before = self.stored.get(key)
        active = before.active if before is not None else True
        given = cells.pop(_ACTIVE, None)
        if given is not None:
            try:
                active = scalars.boolean(_text(given))
            except ValueError:
                return Invalid("%(value)s is neither yes nor no.", value=_text(given)[:60])
        kept = values_of(before) if before is not None else {}
        known_columns = {name: value for name, value in kept.items() if self.of.column(name) is not None}
        values, errors = read_values(self.of, {**known_columns, **cells}, self.world)
        if errors:
            return next(iter(errors.values()))
        read[key] = (number, values, active)
        return None


def _columns(of: ReferenceList, headings: tuple[str, ...]) -> tuple[str, ...]:
    """The column each heading means. Raises Invalid for the first that means none, twice the same, or no key."""
    names = {_KEY: _KEY, of.key.zh: _KEY, of.key.en: _KEY, _ACTIVE: _ACTIVE, "启用": _ACTIVE}
    for column in of.columns:
        names |= {column.label.zh: column.name, column.label.en: column.name, column.name: column.name}
    folded = {word.casefold(): name for word, name in names.items()}
    found: list[str] = []
    for heading in headings:
        name = folded.get(heading.casefold())
        if name is None:
            raise Invalid(
                "The heading %(heading)s is no column of %(list)s.%(guess)s Nothing was taken over.",
                heading=heading,
                list=str(of.label),
                guess=nearest(heading, tuple(names)),
            )
        if name in found:
            raise Invalid("The column %(heading)s stands twice. Nothing was taken over.", heading=heading)
        found.append(name)
    if _KEY not in found:
        raise Invalid("The sheet has no column %(key)s. Nothing was taken over.", key=_KEY)
    return tuple(found)


def _text(value: Value) -> str:
    return "" if value is None else str(value).strip()


def _changed(before: Any, row: Mapping[str, Any]) -> bool:
    return any(getattr(before, name) != row[name] for name in ("label", "content", "active"))


def _told(row: Mapping[str, Any], before: Any) -> Value:
    told: dict[str, Value] = {"key": row["key"], "content": row["content"], "active": row["active"]}
    if before is not None:
        told["before"] = {"content": before.content, "active": before.active}
    return told


def _item(row: Any) -> ReferenceItem:
    return ReferenceItem(row.list_id, row.key, row.label, values_of(row), row.active)
