"""Small questions that expressions, forms and connectors ask of the database while an instance runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, bindparam, exists, false, func, or_, select

from engine.store.connect import Connection, pairs
from engine.store.prepared import Listed, Prepared
from engine.store.records import visible
from engine.store.rights import Acting, known_to_process, may_see
from engine.store.schema.people import calendar_exception, membership, reference_item, user
from engine.store.schema.records import attachment, record, record_field
from engine.store.schema.running import heartbeat, process_instance

_REFERENCE = Prepared(
    select(reference_item.c.label, reference_item.c.content, reference_item.c.active).where(
        reference_item.c.list_id == bindparam("list"), reference_item.c.key == bindparam("of")
    )
)
_MEMBERS = Prepared(
    select(user.c.id)
    .join(membership, membership.c.user_id == user.c.id)
    .where(membership.c.group_id == bindparam("of"), user.c.active)
    .order_by(user.c.id)
)
_GROUPS = Prepared(
    select(membership.c.group_id).where(membership.c.user_id == bindparam("of")).order_by(membership.c.group_id)
)
_NAMES = Listed(lambda among: select(user.c.id, user.c.name).where(among(user.c.id)))
_PERSON = Prepared(select(user.c.id).where(user.c.id == bindparam("of"), user.c.active))
_VALUE = (
    select(record_field.c.value)
    .join(record, record.c.instance_id == record_field.c.instance_id)
    .where(record.c.business_key == bindparam("of"), record_field.c.name == bindparam("name"))
)
_STATUS = select(record.c.status).where(record.c.business_key == bindparam("of"))
_OWN_VALUE, _OWN_STATUS = Prepared(_VALUE), Prepared(_STATUS)


@lru_cache(maxsize=256)
def _of_another(query: Select[Any], process_id: str) -> Prepared:
    """The same of a record that is not the asking instance's own."""
    owner = process_instance.c.id == record.c.instance_id
    return Prepared(query.join(process_instance, owner).where(known_to_process(process_id)))


def reference(connection: Connection, list_id: str, key: str) -> tuple[str, str, bool] | None:
    """Label, canonical content and activity of an item; None when there is none."""
    row = _REFERENCE.first(connection, {"list": list_id, "of": key})
    return None if row is None else (row[0], row[1], row[2])


def members(connection: Connection, group_id: str) -> list[str]:
    """Ids of the active members of a group, sorted."""
    return _MEMBERS.column(connection, {"of": group_id})


def groups_of(connection: Connection, user_id: str) -> list[str]:
    """Ids of the groups of a person, sorted."""
    return _GROUPS.column(connection, {"of": user_id})


def names(connection: Connection, user_ids: Sequence[str]) -> dict[str, str]:
    """Id → name of the persons among these ids."""
    return pairs(_NAMES.found(connection, {each for each in user_ids if each}))


def has_person(connection: Connection, user_id: str, group_id: str = "") -> bool:
    """Whether there is an active person with this id (in this group)."""
    if not group_id:
        return _PERSON.first(connection, {"of": user_id}) is not None
    query = select(user.c.id).where(user.c.id == user_id, user.c.active)
    query = query.where(exists().where(membership.c.user_id == user.c.id, membership.c.group_id == group_id))
    return connection.execute(query).first() is not None


def has_record(connection: Connection, record_type: str, business_key: str, acting: Acting | None) -> bool:
    """Whether there is a record of this type (any, when empty) with this key that the person may know."""
    query = select(record.c.business_key).where(record.c.business_key == business_key)
    if acting is not None:
        query = query.where(visible(acting))
    if record_type:
        query = query.where(record.c.record_type == record_type)
    return connection.execute(query).first() is not None


def record_value(connection: Connection, business_key: str, name: str, asking: str | None) -> str | None:
    """Canonical text of a field that the owner of a record has published. `asking` is the process that asks about
    another record than its own, None when it is its own."""
    query = _OWN_VALUE if asking is None else _of_another(_VALUE, asking)
    return query.value(connection, {"of": business_key, "name": name})


def record_status(connection: Connection, business_key: str, asking: str | None) -> str | None:
    """The status of a record; `asking` as in `record_value`."""
    query = _OWN_STATUS if asking is None else _of_another(_STATUS, asking)
    return query.value(connection, {"of": business_key})


def instances(
    connection: Connection,
    process_id: str,
    state: str,
    business_key: str | None,
    fields: Mapping[str, str],
    asking: str,
    telling: Collection[str] = (),
) -> Sequence[Row[Any]]:
    """Instances of a process (`state` open, ended or all; of one record unless the key is None) whose published
    fields are equal to these and that the `asking` process may know, oldest first."""
    query = select(process_instance).where(known_to_process(asking, telling)).order_by(process_instance.c.id)
    if process_id:
        query = query.where(process_instance.c.process_id == process_id)
    if business_key is not None:
        query = query.where(process_instance.c.business_key == business_key)
    if state == "open":
        query = query.where(process_instance.c.ended_at.is_(None))
    if state == "ended":
        query = query.where(process_instance.c.ended_at.is_not(None))
    for name, plain in fields.items():
        query = query.where(
            exists().where(
                record_field.c.instance_id == process_instance.c.id,
                record_field.c.name == name,
                record_field.c.plain == plain,
            )
        )
    return connection.execute(query).all()


def records(
    connection: Connection,
    record_type: str,
    fields: Mapping[str, str],
    asking: str,
    telling: Collection[str] = (),
) -> Sequence[Row[Any]]:
    """Records of a type whose published fields are equal to these and that the `asking` process may know, oldest
    first."""
    query = select(record, process_instance.c.process_id, process_instance.c.state, process_instance.c.end_id).join(
        process_instance, process_instance.c.id == record.c.instance_id
    )
    query = query.where(known_to_process(asking, telling)).order_by(record.c.started_at, record.c.business_key)
    if record_type:
        query = query.where(record.c.record_type == record_type)
    for name, plain in fields.items():
        if name == "status":
            query = query.where(record.c.status == plain)
        else:
            query = query.where(
                exists().where(
                    record_field.c.instance_id == record.c.instance_id,
                    record_field.c.name == name,
                    record_field.c.plain == plain,
                )
            )
    return connection.execute(query).all()


def upload(connection: Connection, given: str, user_id: str, business_key: str, acting: Acting) -> Row[Any] | None:
    """An attachment by its id or, the latest, by its digest, that may be submitted: one's own, or one submitted to
    this record in an instance that one may know."""
    by_id = attachment.c.id == int(given) if given.isascii() and given.isdigit() and len(given) < 19 else false()
    seen = (
        select(process_instance.c.id)
        .where(process_instance.c.id == attachment.c.instance_id, may_see(acting))
        .correlate(attachment)
        .exists()
    )
    here = and_(attachment.c.business_key == business_key, attachment.c.submitted, seen) if business_key else false()
    query = select(attachment).where(
        or_(by_id, attachment.c.digest == given),
        or_(attachment.c.user_id == user_id, here) if user_id else here,
        attachment.c.scan != "infected",
    )
    return connection.execute(query.order_by(attachment.c.id.desc()).limit(1)).first()


_EXCEPTIONS = Prepared(
    select(
        calendar_exception.c.calendar,
        calendar_exception.c.day,
        calendar_exception.c.periods,
        calendar_exception.c.note,
    ).order_by(calendar_exception.c.calendar, calendar_exception.c.day)
)


class ExceptionRow(NamedTuple):
    """One exception people have entered: a day off, or one with its own periods."""

    calendar: str
    day: date
    periods: str
    note: str


def calendar_exceptions(connection: Connection) -> list[ExceptionRow]:
    """Every exception people have entered."""
    return [ExceptionRow(*row) for row in _EXCEPTIONS.rows(connection)]


def heartbeats(connection: Connection, start: datetime, end: datetime) -> Sequence[Row[Any]]:
    """The spans in which the engine was running that touch this time, and the next one behind it, in order."""
    next_one = select(func.min(heartbeat.c.started_at)).where(heartbeat.c.started_at > end).scalar_subquery()
    return connection.execute(
        select(heartbeat)
        .where(heartbeat.c.last_at >= start, or_(heartbeat.c.started_at <= end, heartbeat.c.started_at == next_one))
        .order_by(heartbeat.c.started_at)
    ).all()
