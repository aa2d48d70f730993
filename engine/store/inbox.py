"""The inbox: pages of tasks by keyset and counts that stop at 999, all through the one predicate of rights."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from engine.store.connect import Connection
from engine.store.prepared import Listed, Prepared
from engine.store.rights import Acting, among, done_for, is_mine, is_offered, may_hear, may_see, per_position
from engine.store.schema.records import record
from engine.store.schema.running import process_instance, task, task_candidate, timer

CAP = 999


def of_owner(acting: Acting, owner: str) -> ColumnElement[bool]:
    """The tasks of an inbox: `mine`, `groups` (offered), `both`, or `all` that the person may see.

    Ids from an index come first, so that nobody's inbox depends on how many tasks others have; then rights decide.
    """
    if owner == "all":
        return may_see(acting)
    if owner == "mine":
        return and_(task.c.id.in_(_held_ids(acting)), is_mine(acting))
    if owner == "groups":
        return and_(task.c.id.in_(_offered_ids(acting)), is_offered(acting))
    ids = union_all(_held_ids(acting), _offered_ids(acting))
    return and_(task.c.id.in_(ids), or_(is_mine(acting), is_offered(acting)))


def _held_ids(acting: Acting) -> Select[Any]:
    holders = sorted({each.principal for each in acting.capacities() if each.personal})
    held = task.alias()
    # That it is somebody's is said in full: only then SQLite knows that the index has it.
    return select(held.c.id).where(among(held.c.assignee, holders), held.c.assignee != literal_column("''"))


def _offered_ids(acting: Acting) -> Select[Any]:
    subjects = sorted({subject for each in acting.capacities() for subject in each.subjects})
    return select(task_candidate.c.task_id).where(
        among(task_candidate.c.subject, subjects), task_candidate.c.kind == "candidate"
    )


def narrowed(
    acting: Acting, process_id: str, element_id: str, stage: str, overdue_at: datetime | None, text: str
) -> list[ColumnElement[bool]]:
    """What a filter leaves: the process is that of the instance or of the called one the element stands in.

    A text finds what the person is shown: not what the record of a linked task keeps from him.
    """
    found: list[ColumnElement[bool]] = []
    if process_id:
        found.append(or_(task.c.process_id == process_id, process_instance.c.process_id == process_id))
    if element_id:
        found.append(task.c.element_id == element_id)
    if stage:
        found.append(task.c.stage == stage)
    if overdue_at is not None:
        found.append(and_(task.c.due_at < overdue_at, process_instance.c.state == "active"))
    for word in text.lower().split():
        found.append(
            or_(
                func.lower(task.c.name).contains(word, autoescape=True),
                func.lower(process_instance.c.number).contains(word, autoescape=True),
                func.lower(process_instance.c.business_key).contains(word, autoescape=True),
                and_(record.c.search.contains(word, autoescape=True), _told(acting)),
            )
        )
    return found


def after(due: datetime | None, task_id: int) -> ColumnElement[bool]:
    """The rows behind a cursor in the order of the list: soonest due first, without due time last."""
    if due is None:
        return and_(task.c.due_at.is_(None), task.c.id > task_id)
    return or_(task.c.due_at > due, and_(task.c.due_at == due, task.c.id > task_id), task.c.due_at.is_(None))


def counts(connection: Connection, acting: Acting, now: datetime, everybody: bool) -> Sequence[int]:
    """Mine, offered, everybody's (0 unless asked for) and overdue of mine and offered, in one statement."""
    return [int(each or 0) for each in _counts_query(acting, everybody).rows(connection, {"now": now})[0]]


@per_position
def _counts_query(acting: Acting, everybody: bool) -> Prepared:
    overdue = and_(task.c.due_at < bindparam("now", type_=task.c.due_at.type), process_instance.c.state == "active")
    parts = [
        _capped(of_owner(acting, "mine")),
        _capped(of_owner(acting, "groups")),
        _capped(of_owner(acting, "all") if everybody else false()),
        _capped(of_owner(acting, "both"), overdue),
    ]
    return Prepared(select(*(part.scalar_subquery() for part in parts)))


def count(connection: Connection, acting: Acting, owner: str) -> int:
    """The tasks of an inbox, counted up to 1000."""
    return int(_count_query(acting, owner).value(connection) or 0)


@per_position
def _count_query(acting: Acting, owner: str) -> Prepared:
    return Prepared(_capped(of_owner(acting, owner)))


def _capped(*conditions: ColumnElement[bool]) -> Select[Any]:
    some = (
        select(task.c.id)
        .join(process_instance, process_instance.c.id == task.c.instance_id)
        .where(*conditions)
        .limit(CAP + 1)
        .subquery()
    )
    return select(func.count()).select_from(some)


def kinds(connection: Connection, acting: Acting, owner: str) -> Sequence[Any]:
    """Process, element, name, batch and number of the tasks of an inbox, counting at most 999 tasks in all."""
    return _kinds_query(acting, owner).found(connection)


@per_position
def _kinds_query(acting: Acting, owner: str) -> Prepared:
    some = (
        select(task.c.process_id, task.c.element_id, task.c.name, task.c.batch)
        .join(process_instance, process_instance.c.id == task.c.instance_id)
        .where(of_owner(acting, owner))
        .limit(CAP)
        .subquery()
    )
    return Prepared(
        select(some.c.process_id, some.c.element_id, some.c.name, some.c.batch, func.count().label("number"))
        .group_by(some.c.process_id, some.c.element_id, some.c.name, some.c.batch)
        .order_by(func.count().desc(), some.c.element_id)
    )


def page(
    connection: Connection, acting: Acting, owner: str, conditions: Sequence[ColumnElement[bool]], limit: int
) -> Sequence[Any]:
    """One page of the tasks of an inbox with what a row shows, the soonest due first."""
    if not conditions:
        return _page_query(acting, owner).found(connection, {"most": limit})
    return connection.execute(_page(acting).where(of_owner(acting, owner), *conditions).limit(limit)).all()


@per_position
def _page_query(acting: Acting, owner: str) -> Prepared:
    return Prepared(_page(acting).where(of_owner(acting, owner)).limit(bindparam("most", type_=Integer)))


def one(connection: Connection, acting: Acting, task_id: int) -> Sequence[Any]:
    """A task of an instance that the person may know, as a page shows it; nothing when there is none."""
    return _one_query(acting).found(connection, {"wanted": task_id})


@per_position
def _one_query(acting: Acting) -> Prepared:
    return Prepared(_page(acting).where(task.c.id == bindparam("wanted"), may_see(acting)))


def of_instances(connection: Connection, acting: Acting, instance_ids: Collection[int], limit: int) -> Sequence[Any]:
    """The first tasks of these instances, as a page shows them, the soonest due first."""
    return _instances_query(acting).found(connection, instance_ids, {"most": limit})


@per_position
def _instances_query(acting: Acting) -> Listed:
    query = _page(acting).limit(bindparam("most", type_=Integer))
    return Listed(lambda among: query.where(among(task.c.instance_id)))


def _told(acting: Acting) -> ColumnElement[bool]:
    """Whether a task may show what the record it is linked to has published."""
    owner = select(process_instance.c.id).where(process_instance.c.id == record.c.instance_id, may_hear(acting))
    return or_(record.c.instance_id == process_instance.c.id, owner.correlate(record).exists())


@lru_cache(maxsize=64)
def _page(acting: Acting) -> Select[Any]:
    told = _told(acting)
    return (
        select(
            task,
            process_instance.c.deployment_id,
            process_instance.c.process_id.label("instance_process_id"),
            process_instance.c.business_key,
            process_instance.c.number,
            process_instance.c.title,
            process_instance.c.state,
            case((told, record.c.instance_id), else_=null()).label("record_instance_id"),
            case((told, record.c.title), else_="").label("record_title"),
            record.c.record_type,
            is_mine(acting).label("mine"),
            is_offered(acting).label("claimable"),
            done_for(acting).label("done_for"),
        )
        .join(process_instance, process_instance.c.id == task.c.instance_id)
        .outerjoin(record, record.c.business_key == process_instance.c.business_key)
        .order_by(task.c.due_at.is_(None), task.c.due_at, task.c.id)
    )


def next_timer(connection: Connection, acting: Acting) -> Any | None:
    """The next timer of an instance that this person is responsible for."""
    return connection.execute(
        select(timer.c.due_at, timer.c.process_id, timer.c.element_id, process_instance.c.deployment_id)
        .join(process_instance, process_instance.c.id == timer.c.instance_id)
        .where(timer.c.kind == "timer", timer.c.held.is_(False), process_instance.c.owner == acting.user_id)
        .where(may_see(acting))
        .order_by(timer.c.due_at, timer.c.id)
        .limit(1)
    ).first()
