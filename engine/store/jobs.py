"""Statements on jobs: effects outside the database, each a row that one runner at a time holds for a while."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    true,
    update,
)

from engine.store.connect import Connection
from engine.store.prepared import Listed, Prepared
from engine.store.rights import Acting, is_shut_out
from engine.store.schema.jobs import job
from engine.store.schema.running import process_instance

JOBS = job
# Written out: an index of some rows is used only where the statement itself says which.
_STATES = {state: text(f"job.state = '{state}'") for state in ("waiting", "failed", "done")}
WAITING = _STATES["waiting"]
FREE = and_(
    WAITING,
    or_(job.c.locked_until.is_(None), job.c.locked_until <= bindparam("now", type_=job.c.due_at.type)),
)
# While an instance is on hold nothing of it leaves; what was answered meanwhile is applied after it.
_GOES_ON = or_(
    job.c.instance_id.is_(None),
    exists().where(process_instance.c.id == job.c.instance_id, process_instance.c.state == "active").correlate(job),
)
_DUE = Prepared(
    select(job.c.id)
    .where(FREE, job.c.due_at <= bindparam("now"), _GOES_ON)
    .order_by(job.c.due_at, job.c.id)
    .limit(bindparam("most", type_=Integer))
)
_KIND = Prepared(select(job.c.kind).where(job.c.id == bindparam("wanted"), WAITING))
_NEXT = Prepared(
    select(func.min(case((job.c.locked_until > job.c.due_at, job.c.locked_until), else_=job.c.due_at))).where(
        WAITING, _GOES_ON
    )
)
TAKING = (
    update(job)
    .where(FREE)
    .values(
        worker=bindparam("worker"),
        locked_until=bindparam("until", type_=job.c.due_at.type),
        tried_at=bindparam("now", type_=job.c.due_at.type),
        tries=job.c.tries + 1,
    )
    .returning(*job.c)
)
_TAKE = Prepared(TAKING.where(job.c.id == bindparam("wanted"), job.c.due_at <= bindparam("now"), _GOES_ON))
_WITHDRAW = Listed(
    lambda among: delete(job).where(job.c.instance_id == bindparam("of"), among(job.c.token), job.c.state != "done")
)


def due(connection: Connection, now: datetime, limit: int) -> Sequence[int]:
    """Ids of the jobs that may run now, in order of their due time."""
    return _DUE.column(connection, {"now": now, "most": limit})


def next_due(connection: Connection) -> datetime | None:
    """When the next job is due; None when none waits."""
    return _NEXT.value(connection)


def take(connection: Connection, job_id: int, worker: str, now: datetime, until: datetime) -> Any | None:
    """Give a due job to a runner until a moment; None when it is done, not due, or another one has it."""
    return _TAKE.first(connection, {"wanted": job_id, "worker": worker, "now": now, "until": until})


def finish(connection: Connection, rows: Sequence[Any], **values: Any) -> bool:
    """Write what became of jobs, all of one runner, and give them free; False when he does not hold them any more."""
    given = {"worker": "", "locked_until": None, **values}
    done = _finishing(tuple(sorted(given))).run(
        connection,
        [row.id for row in rows],
        {"holder": rows[0].worker, **{f"new_{name}": value for name, value in given.items()}},
    )
    return done == len(rows)


@lru_cache(maxsize=16)
def _finishing(names: tuple[str, ...]) -> Listed:
    values = {name: bindparam(f"new_{name}", type_=job.c[name].type) for name in names}
    return Listed(
        lambda among: update(job).where(among(job.c.id), job.c.worker == bindparam("holder"), WAITING).values(values)
    )


def withdraw(connection: Connection, instance_id: int, tokens: Collection[int]) -> None:
    """Nobody waits for these any more; what is done stays to be seen."""
    _WITHDRAW.run(connection, tokens, {"of": instance_id})


def kind_of(connection: Connection, job_id: int) -> str | None:
    """The kind of a job that waits."""
    return _KIND.value(connection, {"wanted": job_id})


def get(connection: Connection, job_id: int, acting: Acting) -> Row[Any] | None:
    """A job with the key of its record."""
    return connection.execute(_shown().where(job.c.id == job_id, _told(acting))).first()


def listed(
    connection: Connection, acting: Acting, state: str, kind: str, before: int, limit: int
) -> Sequence[Row[Any]]:
    """Jobs (in a state, of a kind), newest first; `before` is the id the page before ended with."""
    query = _shown().where(_told(acting)).order_by(job.c.id.desc()).limit(limit)
    if state:
        query = query.where(_STATES[state])
    if kind:
        query = query.where(job.c.kind == kind)
    if before:
        query = query.where(job.c.id < before)
    return connection.execute(query).all()


def again(connection: Connection, job_id: int, now: datetime) -> bool:
    """Let a job that waits or has failed start anew at once; False when it is done or somebody runs it."""
    free: ColumnElement[bool] = or_(job.c.locked_until.is_(None), job.c.locked_until <= now)
    done = connection.execute(
        update(job)
        .where(job.c.id == job_id, job.c.state.in_(("waiting", "failed")), free)
        .values(state="waiting", due_at=now, tries=0, ended_at=None, batch="")
    )
    return done.rowcount == 1


def counted(connection: Connection, acting: Acting, state: str, cap: int) -> int:
    """How many jobs are in a state; counted up to `cap` + 1."""
    some = select(job.c.id).where(_STATES[state], _told(acting)).limit(cap + 1).subquery()
    number: int = connection.execute(select(func.count()).select_from(some)).scalar_one()
    return number


def _told(acting: Acting) -> ColumnElement[bool]:
    """Who looks after the jobs sees those of every instance but one that he is excluded from."""
    if acting.system:
        return true()
    kept = select(process_instance.c.id).where(process_instance.c.id == job.c.instance_id, is_shut_out(acting))
    return ~kept.correlate(job).exists()


def _shown() -> Any:
    return select(job, func.coalesce(process_instance.c.business_key, "").label("business_key")).join(
        process_instance, process_instance.c.id == job.c.instance_id, isouter=True
    )
