"""Statements on records and the fields their processes publish. Lists, search and connectors read these only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    union_all,
    update,
)

from engine.store.connect import Connection, pairs
from engine.store.dialects import next_value, upsert
from engine.store.prepared import Listed, Prepared
from engine.store.rights import Acting, may_see, per_position
from engine.store.schema.people import reference_item
from engine.store.schema.records import record, record_field, sequence
from engine.store.schema.running import process_instance

CAP = 999


def insert_record(connection: Connection, values: Mapping[str, Any]) -> None:
    """A new record."""
    connection.execute(insert(record), dict(values))


def update_record(connection: Connection, business_key: str, values: Mapping[str, Any]) -> None:
    """Change what lists show of a record."""
    given = {f"new_{name}": value for name, value in values.items()}
    _updating(tuple(sorted(values))).run(connection, {**given, "key": business_key})


@lru_cache(maxsize=64)
def _updating(names: tuple[str, ...]) -> Prepared:
    return Prepared(
        update(record)
        .where(record.c.business_key == bindparam("key"))
        .values({name: bindparam(f"new_{name}", type_=record.c[name].type) for name in names})
    )


_GET = Prepared(select(record).where(record.c.business_key == bindparam("key")))


def get(connection: Connection, business_key: str) -> Any | None:
    """The record's row."""
    return _GET.first(connection, {"key": business_key})


def put_fields(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write published fields; those that are there already get the new values."""
    if rows:
        upsert(connection, record_field, rows)


_FIELDS = Listed(
    lambda among: select(record_field.c.instance_id, record_field.c.name, record_field.c.value).where(
        among(record_field.c.instance_id)
    )
)


def fields_of(connection: Connection, instance_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Instance → name → canonical text of everything these instances have published."""
    found: dict[int, dict[str, str]] = {}
    for instance_id, name, value in _FIELDS.found(connection, instance_ids):
        found.setdefault(instance_id, {})[name] = value
    return found


def owning_instances(connection: Connection, keys: Collection[str]) -> dict[str, int]:
    """Business key → the instance that owns the record."""
    rows = connection.execute(
        select(record.c.business_key, record.c.instance_id).where(record.c.business_key.in_(sorted(set(keys))))
    )
    return pairs(rows)


def labels(connection: Connection, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """(list, key) → label of reference items; those that are unknown are missing."""
    if not wanted:
        return {}
    rows = connection.execute(
        select(reference_item.c.list_id, reference_item.c.key, reference_item.c.label).where(
            tuple_(reference_item.c.list_id, reference_item.c.key).in_(sorted(wanted))
        )
    )
    return {(list_id, key): label for list_id, key, label in rows}


def next_number(connection: Connection, name: str) -> int:
    """The next running number of a sequence; a number of a transaction that fails is given again."""
    return next_value(connection, sequence, name)


def visible(acting: Acting) -> ColumnElement[bool]:
    """Whether the person may know at least one instance of `record`."""
    return exists(
        select(process_instance.c.id).where(process_instance.c.business_key == record.c.business_key, may_see(acting))
    )


def shown(acting: Acting) -> ColumnElement[bool]:
    """Whether the person may know the instance that owns `record`: title, status and fields are its."""
    owner = select(process_instance.c.id).where(process_instance.c.id == record.c.instance_id, may_see(acting))
    return owner.correlate(record).exists()


@dataclass(frozen=True, slots=True)
class _Filter:
    """What a list of records is narrowed by, without the values: how many statuses, words and fields, and whether by
    type, from a place on and to a number."""

    statuses: int
    words: int
    fields: int
    typed: bool
    further: bool
    limited: bool


def _conditions(acting: Acting, by: _Filter) -> list[ColumnElement[bool]]:
    """What a filter leaves of what the person may know; it looks into no record that only its links let him know."""
    words = [bindparam(f"word_{number}", type_=Text) for number in range(by.words)]
    found = [shown(acting) if by.statuses or by.fields else visible(acting)]
    if by.typed:
        found.append(record.c.record_type == bindparam("type"))
    if by.statuses:
        found.append(record.c.status.in_([bindparam(f"status_{number}", type_=Text) for number in range(by.statuses)]))
    if words:
        inside = and_(*(record.c.search.like(word, escape="/") for word in words), shown(acting))
        number = and_(*(func.lower(record.c.business_key).like(word, escape="/") for word in words))
        found.append(or_(inside, number))
    for nth in range(by.fields):
        published = exists().where(
            record_field.c.instance_id == record.c.instance_id,
            record_field.c.name == bindparam(f"name_{nth}"),
            record_field.c.plain == bindparam(f"plain_{nth}"),
        )
        found.append(published)
    return found


def page(
    connection: Connection,
    acting: Acting,
    record_type: str,
    statuses: Collection[str],
    text: str,
    fields: Mapping[str, str],
    after: tuple[datetime, str] | None,
    limit: int,
) -> Sequence[Any]:
    """Records the person may know, newest first; `after` is start and key of the last one of the page before."""
    words = text.lower().split()
    values: dict[str, Any] = {"type": record_type, "most": limit}
    values |= {f"status_{number}": status for number, status in enumerate(sorted(statuses))}
    values |= {f"word_{number}": containing(word) for number, word in enumerate(words)}
    for number, (name, plain) in enumerate(fields.items()):
        values |= {f"name_{number}": name, f"plain_{number}": plain}
    if after is not None:
        values |= {"started": after[0], "after": after[1]}
    by = _Filter(len(statuses), len(words), len(fields), bool(record_type), after is not None, bool(limit))
    return _page_query(acting, by).found(connection, values)


@per_position
def _page_query(acting: Acting, by: _Filter) -> Prepared:
    query = select(record, shown(acting).label("shown")).where(*_conditions(acting, by))
    if by.further:
        started, key = bindparam("started", type_=record.c.started_at.type), bindparam("after", type_=Text)
        at_once = and_(record.c.started_at == started, record.c.business_key < key)
        query = query.where(or_(record.c.started_at < started, at_once))
    query = query.order_by(record.c.started_at.desc(), record.c.business_key.desc())
    return Prepared(query.limit(bindparam("most", type_=Integer)) if by.limited else query)


def containing(word: str) -> str:
    """The pattern of LIKE, escaped by `/`, for texts with this word in them."""
    return "%" + word.replace("/", "//").replace("%", "/%").replace("_", "/_") + "%"


def counts(connection: Connection, acting: Acting, statuses: Collection[str], record_type: str = "") -> dict[str, int]:
    """Status → how many records with it the person is shown, each counted up to 1,000."""
    if not statuses:
        return {}
    query = _counts_query(acting, tuple(sorted(statuses)), bool(record_type))
    return pairs(query.rows(connection, {"type": record_type}))


@per_position
def _counts_query(acting: Acting, statuses: tuple[str, ...], typed: bool) -> Prepared:
    parts = []
    for status in statuses:
        some = select(record.c.business_key).where(record.c.status == status, shown(acting))
        if typed:
            some = some.where(record.c.record_type == bindparam("type"))
        parts.append(select(literal(status), func.count()).select_from(some.limit(CAP + 1).subquery()))
    return Prepared(union_all(*parts))
