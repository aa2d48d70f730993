"""Statements on records and the fields their processes publish. Lists, search and connectors read these only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
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
from engine.store.people_tables import reference_item
from engine.store.prepared import Listed, Prepared
from engine.store.record_tables import record, record_field, sequence
from engine.store.rights import Acting, may_see
from engine.store.tables import process_instance

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


def _published(name: str, plain: str) -> ColumnElement[bool]:
    return exists().where(
        record_field.c.instance_id == record.c.instance_id,
        record_field.c.name == name,
        record_field.c.plain == plain,
    )


def _conditions(
    acting: Acting, record_type: str, statuses: Collection[str], text: str, fields: Mapping[str, str]
) -> list[ColumnElement[bool]]:
    """What a filter leaves of what the person may know; it looks into no record that only its links let him know."""
    words = text.lower().split()
    found = [shown(acting) if statuses or fields else visible(acting)]
    if record_type:
        found.append(record.c.record_type == record_type)
    if statuses:
        found.append(record.c.status.in_(sorted(statuses)))
    if words:
        inside = and_(*(record.c.search.contains(word, autoescape=True) for word in words), shown(acting))
        number = and_(*(func.lower(record.c.business_key).contains(word, autoescape=True) for word in words))
        found.append(or_(inside, number))
    found += [_published(name, plain) for name, plain in fields.items()]
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
) -> Sequence[Row[Any]]:
    """Records the person may know, newest first; `after` is start and key of the last one of the page before."""
    query = select(record, shown(acting).label("shown")).where(
        *_conditions(acting, record_type, statuses, text, fields)
    )
    if after is not None:
        started, key = after
        query = query.where(
            or_(record.c.started_at < started, and_(record.c.started_at == started, record.c.business_key < key))
        )
    query = query.order_by(record.c.started_at.desc(), record.c.business_key.desc())
    return connection.execute(query.limit(limit) if limit else query).all()


def counts(connection: Connection, acting: Acting, statuses: Collection[str], record_type: str = "") -> dict[str, int]:
    """Status → how many records with it the person is shown, each counted up to 1,000."""
    parts = []
    for status in sorted(statuses):
        some = select(record.c.business_key).where(record.c.status == status, shown(acting))
        if record_type:
            some = some.where(record.c.record_type == record_type)
        parts.append(select(literal(status), func.count()).select_from(some.limit(CAP + 1).subquery()))
    return pairs(connection.execute(union_all(*parts))) if parts else {}
