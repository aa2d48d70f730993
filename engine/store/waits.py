"""Statements on the rows that say what an instance waits for: written with its snapshot, in one transaction.

All are addressed by instance and token; token ids are never used again within an instance.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, and_, bindparam, delete, exists, func, insert, or_, select, update

from engine.store.connect import Connection, pairs
from engine.store.prepared import Listed, Prepared
from engine.store.rights import Acting, may_see, per_position
from engine.store.schema.people import membership, substitution, user
from engine.store.schema.running import (
    access_review,
    event_subscription,
    external_task,
    incident,
    instance_access,
    process_instance,
    task,
    task_candidate,
    timer,
)

Rows = Sequence[Mapping[str, Any]]
SUBSCRIPTIONS, EXTERNALS, INCIDENTS, TIMERS, TASKS = event_subscription, external_task, incident, timer, task


def remove(connection: Connection, table: Table, instance_id: int, tokens: Collection[int]) -> None:
    """Take away the rows of these tokens (timers: see `remove_timers`)."""
    if tokens:
        _removing(table).run(connection, tokens, {"of": instance_id})


@lru_cache(maxsize=16)
def _removing(table: Table) -> Listed:
    return Listed(lambda among: delete(table).where(table.c.instance_id == bindparam("of"), among(table.c.token)))


def add(connection: Connection, table: Table, rows: Rows) -> None:
    """Add rows, all with the same columns, whose ids nobody needs to know yet."""
    if rows:
        _adding(table, tuple(rows[0])).many(connection, rows)


@lru_cache(maxsize=64)
def _adding(table: Table, columns: tuple[str, ...]) -> Prepared:
    return Prepared(insert(table), columns)


def remove_timers(connection: Connection, instance_id: int, tokens: Collection[int], kind: str) -> None:
    """Take away the timers of this kind of these tokens."""
    _REMOVE_TIMERS.run(connection, tokens, {"of": instance_id, "kind": kind})


_REMOVE_TIMERS = Listed(
    lambda among: delete(timer).where(
        timer.c.instance_id == bindparam("of"), among(timer.c.token), timer.c.kind == bindparam("kind")
    )
)


_CLOSING = delete(task).where(task.c.instance_id == bindparam("of")).returning(task.c.token, task.c.id)
_CLOSE_ONE = Prepared(_CLOSING.where(task.c.token == bindparam("token")))
_CLOSE = _CLOSING.where(task.c.token.in_(bindparam("tokens", expanding=True)))
_OPEN = insert(task).returning(task.c.token, task.c.id)
_OPENED = (
    "instance_id", "token", "scope", "process_id", "element_id", "name", "assignee", "created_at", "due_at",
    "follow_up_at", "priority", "batch_group", "stage", "batch",
)  # fmt: skip
_OPEN_ONE = Prepared(_OPEN, _OPENED)
_OFFER = Prepared(insert(task_candidate), ("task_id", "subject", "kind"))


def close_tasks(connection: Connection, instance_id: int, tokens: Collection[int]) -> dict[int, int]:
    """Take away tasks (candidates go with them); token → id of those that were there."""
    if not tokens:
        return {}
    if len(tokens) == 1:  # nearly always, and a list costs more
        return dict(_CLOSE_ONE.rows(connection, {"of": instance_id, "token": next(iter(tokens))}))
    return pairs(connection.execute(_CLOSE, {"of": instance_id, "tokens": sorted(tokens)}))


def open_tasks(connection: Connection, rows: Rows) -> dict[int, int]:
    """Add tasks of one instance; token → new id."""
    if not rows:
        return {}
    if len(rows) == 1 and rows[0].keys() == set(_OPENED):
        return dict(_OPEN_ONE.rows(connection, rows[0]))
    return pairs(connection.execute(_OPEN, [dict(row) for row in rows]))


def add_candidates(connection: Connection, rows: Rows) -> None:
    """Add candidates and excluded persons of tasks."""
    if rows:
        _OFFER.many(connection, rows)


# Task and person are named: SQLAlchemy correlates only with the SELECT right around.
_OWN_GROUPS = select("group:" + membership.c.group_id).where(membership.c.user_id == user.c.id).correlate(user)
_KEPT_AWAY = (
    exists()
    .where(
        task_candidate.c.task_id == task.c.id,
        task_candidate.c.kind == "excluded",
        task_candidate.c.subject == "user:" + user.c.id,
    )
    .correlate(task, user)
)
_OFFERED = (
    exists()
    .where(
        task_candidate.c.task_id == task.c.id,
        task_candidate.c.kind == "candidate",
        or_(task_candidate.c.subject == "user:" + user.c.id, task_candidate.c.subject.in_(_OWN_GROUPS)),
    )
    .correlate(task, user)
)
_SHUT_OUT = (
    exists()
    .where(
        instance_access.c.instance_id == task.c.instance_id,
        instance_access.c.kind == "excluded",
        or_(instance_access.c.subject == "user:" + user.c.id, instance_access.c.subject.in_(_OWN_GROUPS)),
    )
    .correlate(task, user)
)
_HAS_IT = or_(task.c.assignee == user.c.id, and_(task.c.assignee == "", _OFFERED))
_DOABLE = exists().where(user.c.active, ~_KEPT_AWAY, ~_SHUT_OUT, _HAS_IT).correlate(task)
_HANDED_OVER = (
    exists()
    .where(
        task.c.assignee == substitution.c.principal,
        substitution.c.ends_at.is_(None),
        substitution.c.deputy == user.c.id,
        user.c.active,
        ~_KEPT_AWAY,
        ~_SHUT_OUT,
        process_instance.c.id == task.c.instance_id,
        process_instance.c.confidential.is_(False),
        or_(
            substitution.c.scope_kind == "all",
            and_(substitution.c.scope_kind == "record", substitution.c.scope_key == process_instance.c.business_key),
        ),
    )
    .correlate(task)
)
_HOLDING = select(
    task.c.id,
    func.coalesce(select(user.c.name).where(user.c.id == task.c.assignee).scalar_subquery(), ""),
    or_(_DOABLE, _HANDED_OVER),
)
_HOLDERS_ONE = Prepared(_HOLDING.where(task.c.id == bindparam("only")))
_HOLDERS = _HOLDING.where(task.c.id.in_(bindparam("ids", expanding=True)))


def holders(connection: Connection, task_ids: Collection[int]) -> dict[int, tuple[str, bool]]:
    """Task → name of its assignee, and whether any active person can do it: the assignee is active, or a candidate is,
    and he is not kept away by four eyes or excluded from the instance; or the assignee has handed over for good, which
    is a substitution without an end."""
    if not task_ids:
        return {}
    found: Iterable[Any]
    if len(task_ids) == 1:
        found = _HOLDERS_ONE.rows(connection, {"only": next(iter(task_ids))})
    else:
        found = connection.execute(_HOLDERS, {"ids": sorted(task_ids)})
    return {task_id: (name, bool(doable)) for task_id, name, doable in found}


_OPEN_TASKS = Prepared(select(task.c.token, task.c.id).where(task.c.instance_id == bindparam("of")).order_by(task.c.id))
_UNDOABLE = Prepared(
    select(incident.c.token).where(incident.c.instance_id == bindparam("of"), incident.c.code == bindparam("code"))
)


def open_tokens(connection: Connection, instance_id: int) -> dict[int, int]:
    """Token → id of the open tasks of an instance."""
    return dict(_OPEN_TASKS.rows(connection, {"of": instance_id}))


def incident_tokens(connection: Connection, instance_id: int, code: str) -> set[int]:
    """The tokens of an instance at which an incident of this code is open."""
    return set(_UNDOABLE.column(connection, {"of": instance_id, "code": code}))


_CONCERNED = or_(
    task.c.id.in_(
        select(task_candidate.c.task_id).where(task_candidate.c.subject.in_(select(access_review.c.subject)))
    ),
    task.c.assignee.in_(
        select(func.substr(access_review.c.subject, len("user:") + 1)).where(access_review.c.subject.like("user:%"))
    ),
)
_TOLD = (
    exists()
    .where(
        incident.c.instance_id == task.c.instance_id,
        incident.c.token == task.c.token,
        incident.c.code == bindparam("code"),
    )
    .correlate(task)
)
_TO_REVIEW = Prepared(
    select(task.c.instance_id)
    .where(_CONCERNED, or_(and_(_DOABLE, _TOLD), and_(~_DOABLE, ~_TOLD)))
    .distinct()
    .order_by(task.c.instance_id)
)
_REVIEWS = Prepared(select(access_review.c.id).order_by(access_review.c.id))


def instances_to_review(connection: Connection, code: str) -> Sequence[int]:
    """Instances with a task for a noted subject that nobody can do although no incident of this code says so, or that
    somebody can do again although one does."""
    return _TO_REVIEW.column(connection, {"code": code})


def note_review(connection: Connection, subjects: Collection[str]) -> None:
    """Remember that the tasks for these subjects are to be looked at: who can do them has changed."""
    if subjects:
        connection.execute(insert(access_review), [{"subject": each} for each in sorted(set(subjects))])


def reviews(connection: Connection) -> Sequence[int]:
    """The ids of what is to be looked at, in order."""
    return _REVIEWS.column(connection)


def drop_reviews(connection: Connection, ids: Collection[int]) -> None:
    """They were looked at."""
    connection.execute(delete(access_review).where(access_review.c.id.in_(sorted(ids))))


def tries(connection: Connection, instance_id: int, tokens: Collection[int]) -> dict[int, int]:
    """How often the incidents of these tokens were tried so far."""
    found = connection.execute(
        select(incident.c.token, incident.c.tries).where(
            incident.c.instance_id == instance_id, incident.c.token.in_(sorted(tokens))
        )
    )
    return pairs(found)


def timers_of(connection: Connection, instance_id: int, kinds: Collection[str]) -> Sequence[Any]:
    """The timers of an instance, in order of due time."""
    return connection.execute(
        select(timer)
        .where(timer.c.instance_id == instance_id, timer.c.kind.in_(list(kinds)))
        .order_by(timer.c.due_at, timer.c.id)
    ).all()


def tasks_of(connection: Connection, instance_id: int) -> Sequence[Any]:
    """The open tasks of an instance, oldest first."""
    return connection.execute(select(task).where(task.c.instance_id == instance_id).order_by(task.c.id)).all()


def set_due(connection: Connection, table: Table, rows: Rows) -> None:
    """Write due times and what is kept of them during a hold; rows name `the_id` and the columns."""
    if rows:
        columns = [name for name in rows[0] if name != "the_id"]
        connection.execute(
            update(table)
            .where(table.c.id == bindparam("the_id"))
            .values({name: bindparam(f"new_{name}") for name in columns}),
            [{"the_id": row["the_id"], **{f"new_{name}": row[name] for name in columns}} for row in rows],
        )


def add_timer(connection: Connection, values: Mapping[str, Any]) -> None:
    """Add one timer that no token waits for (the end of a hold, a start event)."""
    connection.execute(insert(timer), dict(values))


def remove_kind(connection: Connection, instance_id: int, kind: str) -> None:
    """Take away all timers of a kind of an instance."""
    connection.execute(delete(timer).where(timer.c.instance_id == instance_id, timer.c.kind == kind))


_REMOVALS = tuple(
    Prepared(delete(table).where(table.c.instance_id == bindparam("of")))
    for table in (task, timer, event_subscription, external_task, incident)
)


def remove_everything(connection: Connection, instance_id: int) -> None:
    """Nothing waits any more: the instance has ended."""
    for removal in _REMOVALS:
        removal.run(connection, {"of": instance_id})


def count(connection: Connection, table: Table, instance_id: int) -> int:
    """How many rows of an instance a table holds."""
    return connection.execute(
        select(func.count()).select_from(table).where(table.c.instance_id == instance_id)
    ).scalar_one()


_TASK_AT = Prepared(select(task).where(task.c.instance_id == bindparam("of"), task.c.token == bindparam("token")))


def task_at(connection: Connection, instance_id: int, token: int) -> Any | None:
    """The open task of a token."""
    return _TASK_AT.first(connection, {"of": instance_id, "token": token})


def offered(connection: Connection, task_id: int) -> list[str]:
    """The subjects a task is offered to."""
    return list(
        connection.execute(
            select(task_candidate.c.subject)
            .where(task_candidate.c.task_id == task_id, task_candidate.c.kind == "candidate")
            .order_by(task_candidate.c.subject)
        ).scalars()
    )


def visible_incidents(connection: Connection, acting: Acting, after: int, limit: int) -> Sequence[Any]:
    """Open incidents of instances the person may know, oldest first, with what a list shows of the instance."""
    return _incidents_query(acting).found(connection, {"after": after, "most": limit})


@per_position
def _incidents_query(acting: Acting) -> Prepared:
    return Prepared(
        select(
            incident,
            process_instance.c.deployment_id,
            process_instance.c.process_id.label("instance_process_id"),
            process_instance.c.business_key,
            process_instance.c.title,
        )
        .join(process_instance, process_instance.c.id == incident.c.instance_id)
        .where(may_see(acting), incident.c.id > bindparam("after"))
        .order_by(incident.c.id)
        .limit(bindparam("most"))
    )


def visible_incident(connection: Connection, acting: Acting, incident_id: int) -> Any | None:
    """One of them; None when it is resolved or not the person's to know."""
    found = _incidents_query(acting).first(connection, {"after": incident_id - 1, "most": 1})
    return found if found is not None and found.id == incident_id else None


def incident_row(connection: Connection, incident_id: int) -> Any | None:
    """One incident."""
    return connection.execute(select(incident).where(incident.c.id == incident_id)).first()


def incidents_of(connection: Connection, instance_ids: Collection[int]) -> dict[int, int]:
    """Instance → number of its open incidents."""
    return pairs(_INCIDENTS.found(connection, instance_ids))


_INCIDENTS = Listed(
    lambda among: (
        select(incident.c.instance_id, func.count())
        .where(among(incident.c.instance_id))
        .group_by(incident.c.instance_id)
    )
)
