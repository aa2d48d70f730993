"""The rows of the working sheet: records that are not over by one of their published dates, and counts to 999."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from engine.store import inbox, records
from engine.store.connect import Connection, pairs
from engine.store.rights import Acting, may_do, may_see
from engine.store.schema.records import record, record_field
from engine.store.schema.running import instance_access, process_instance, task

_UNDATED = "9999-99-99"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records: a type, some statuses, words, and whether only mine or only late ones."""

    record_type: str
    statuses: tuple[str, ...]
    text: str
    mine: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Dated:
    """The published date that rows stand by, and when it is now."""

    field: str
    now: datetime
    today: date


def page(
    connection: Connection, acting: Acting, wanted: Wanted, by: Dated, after: tuple[str, str] | None, limit: int
) -> Sequence[Row[Any]]:
    """Records the person is shown: late ones first, then by their date, those without one last.

    `place` begins with 0 for a late one; `after` is place and key of the last one of the page before.
    """
    place = case((_late(acting, by), "0"), else_="1").concat(_date(by))
    query = select(record, place.label("place")).where(*_conditions(acting, wanted, by))
    if after is not None:
        query = query.where(tuple_(place, record.c.business_key) > tuple_(literal(after[0]), literal(after[1])))
    return connection.execute(query.order_by(place, record.c.business_key).limit(limit)).all()


def counts(connection: Connection, acting: Acting, wanted: Mapping[str, Wanted], by: Dated) -> dict[str, int]:
    """Name → how many records are meant, each counted up to 1,000, in one statement."""
    parts = []
    for name, each in wanted.items():
        some = select(record.c.business_key).where(*_conditions(acting, each, by)).limit(records.CAP + 1).subquery()
        parts.append(select(literal(name), func.count()).select_from(some))
    return pairs(connection.execute(union_all(*parts)))


def tasks(connection: Connection, acting: Acting, keys: Collection[str], limit: int) -> Sequence[Any]:
    """The tasks of these records that the person may do, as a page shows them."""
    of_these = process_instance.c.business_key.in_(sorted(keys))
    return inbox.page(connection, acting, "both", [may_do(acting), of_these], limit)


def _conditions(acting: Acting, wanted: Wanted, by: Dated) -> list[ColumnElement[bool]]:
    found = [
        records.shown(acting),
        _running(),
        record.c.record_type == wanted.record_type,
        record.c.status.in_(wanted.statuses),
        *(record.c.search.contains(word, autoescape=True) for word in wanted.text.lower().split()),
    ]
    if wanted.mine:
        found.append(_mine(acting))
    if wanted.late:
        found.append(_late(acting, by))
    return found


def _date(by: Dated) -> ColumnElement[str]:
    published = select(func.nullif(record_field.c.plain, "")).where(
        record_field.c.instance_id == record.c.instance_id, record_field.c.name == by.field
    )
    return func.coalesce(published.correlate(record).scalar_subquery(), _UNDATED)


def _running() -> ColumnElement[bool]:
    """Whether the instance that owns `record` goes on."""
    return exists(
        select(process_instance.c.id).where(
            process_instance.c.id == record.c.instance_id, process_instance.c.ended_at.is_(None)
        )
    )


def _mine(acting: Acting) -> ColumnElement[bool]:
    """Whether the person, or one he stands in for as far as that goes, is responsible for `record`.

    Ids from an index come first, so that nobody's sheet depends on how many records others have.
    """
    capacities = [each for each in acting.capacities() if each.personal]
    owned = or_(
        false(),
        *(
            and_(
                process_instance.c.owner == each.principal,
                record.c.business_key == each.scope_key if each.scope_kind == "record" else true(),
            )
            for each in capacities
        ),
    )
    known = select(instance_access.c.instance_id).where(
        instance_access.c.subject.in_([f"user:{each.principal}" for each in capacities]),
        instance_access.c.kind == "owner",
    )
    own = select(process_instance.c.id).where(process_instance.c.id == record.c.instance_id, owned)
    return and_(record.c.instance_id.in_(known), exists(own))


def _late(acting: Acting, by: Dated) -> ColumnElement[bool]:
    """Whether `record` is past its date, or an open task of it that the person may know past its time."""
    overdue = exists(
        select(task.c.id)
        .join(process_instance, process_instance.c.id == task.c.instance_id)
        .where(process_instance.c.business_key == record.c.business_key, process_instance.c.state == "active")
        .where(task.c.due_at < by.now, may_see(acting))
    )
    return or_(_date(by) < by.today.isoformat(), overdue)
