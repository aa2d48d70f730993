"""Statements on timers, jobs and incidents of instances that the person may know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func, literal, or_, select, union_all

from engine.store.connect import Connection
from engine.store.parts import part
from engine.store.rights import Acting, may_see
from engine.store.schema.jobs import job
from engine.store.schema.running import incident, process_instance, timer
from engine.views.waiting_search import WaitingFilter

TIMER, HTTP = "timer", "http"
JOB_ORDERS = ("id", "due", "instance_id", "process_id", "left")
"""By what a list of jobs can be sorted."""
INCIDENT_ORDERS: Mapping[str, ColumnElement[Any]] = {
    "id": incident.c.id, "at": incident.c.created_at, "instance_id": incident.c.instance_id,
    "element_id": incident.c.element_id, "code": incident.c.code, "text": incident.c.text,
}  # fmt: skip
"""By what a list of incidents can be sorted."""
_INCIDENTS = incident.join(process_instance, process_instance.c.id == incident.c.instance_id)


def _jobs(acting: Acting, tries: int) -> FromClause:
    """Timers and calls in one: timers have even numbers, calls odd ones. Calls that have failed for good are those
    whose incident is open."""
    about = (process_instance.c.deployment_id, process_instance.c.definition_id, process_instance.c.state)
    timers = (
        select(
            (timer.c.id * 2).label("id"), literal(TIMER).label("kind"), timer.c.instance_id, timer.c.token,
            timer.c.process_id, timer.c.element_id, timer.c.due_at.label("due"), timer.c.anchor.label("created_at"),
            literal(1).label("left"), literal("").label("reason"), *about,
        )
        .join(process_instance, process_instance.c.id == timer.c.instance_id)
        .where(timer.c.kind == "timer", may_see(acting))
    )  # fmt: skip
    at = and_(incident.c.instance_id == job.c.instance_id, incident.c.token == job.c.token)
    stuck = select(incident.c.id).where(at).correlate(job).exists()
    calls = (
        select(
            (job.c.id * 2 + 1).label("id"), literal(HTTP).label("kind"), job.c.instance_id, job.c.token,
            job.c.process_id, job.c.element_id, job.c.due_at.label("due"), job.c.created_at,
            case((job.c.state == "failed", 0), else_=tries - job.c.tries).label("left"), job.c.reason, *about,
        )
        .join(process_instance, process_instance.c.id == job.c.instance_id)
        .where(job.c.kind == HTTP, or_(job.c.state == "waiting", and_(job.c.state == "failed", stuck)), may_see(acting))
    )  # fmt: skip
    return union_all(timers, calls).subquery("waiting")


def jobs(
    connection: Connection, wanted: WaitingFilter, acting: Acting, tries: int, limit: int, first: int
) -> Sequence[Any]:
    """A part of the timers and calls."""
    found = _jobs(acting, tries)
    query = select(found).where(*_of_jobs(found, wanted))
    return part(connection, query, dict(found.c.items()), wanted.order, ("id",), limit, first)


def count_jobs(connection: Connection, wanted: WaitingFilter, acting: Acting, tries: int) -> int:
    """How many there are."""
    found = _jobs(acting, tries)
    return _count(connection, select(found.c.id).where(*_of_jobs(found, wanted)))


def _of_jobs(found: FromClause, wanted: WaitingFilter) -> Iterator[ColumnElement[bool]]:
    yield from _common(found, wanted, found.c.definition_id, found.c.state)
    if wanted.kinds is not None:
        yield found.c.kind.in_(wanted.kinds)
    if wanted.failed is not None:
        yield found.c.left == 0 if wanted.failed else found.c.left > 0
    if wanted.due_by is not None:
        yield and_(found.c.due <= wanted.due_by, found.c.left > 0, found.c.state == "active")
    if wanted.text is not None:
        yield found.c.reason == wanted.text
    if wanted.text_like:
        yield found.c.reason != ""
    if wanted.at.after is not None:
        yield found.c.due > wanted.at.after
    if wanted.at.before is not None:
        yield found.c.due < wanted.at.before


def incidents(connection: Connection, wanted: WaitingFilter, acting: Acting, limit: int, first: int) -> Sequence[Any]:
    """A part of the open incidents."""
    query = select(incident, process_instance.c.deployment_id).select_from(_INCIDENTS)
    query = query.where(*_of_incidents(wanted, acting))
    return part(connection, query, INCIDENT_ORDERS, wanted.order, ("id",), limit, first)


def count_incidents(connection: Connection, wanted: WaitingFilter, acting: Acting) -> int:
    """How many there are."""
    return _count(connection, select(incident.c.id).select_from(_INCIDENTS).where(*_of_incidents(wanted, acting)))


def _of_incidents(wanted: WaitingFilter, acting: Acting) -> Iterator[ColumnElement[bool]]:
    yield may_see(acting)
    yield from _common(incident, wanted, process_instance.c.definition_id, process_instance.c.state)
    if wanted.codes is not None:
        yield incident.c.code.in_(wanted.codes)
    if wanted.not_codes:
        yield incident.c.code.not_in(wanted.not_codes)
    if wanted.text is not None:
        yield incident.c.text == wanted.text
    if wanted.text_like:
        yield func.lower(incident.c.text).like(wanted.text_like.lower())
    if wanted.at.after is not None:
        yield incident.c.created_at > wanted.at.after
    if wanted.at.before is not None:
        yield incident.c.created_at < wanted.at.before


def _common(
    rows: Any, wanted: WaitingFilter, definition: ColumnElement[Any], state: ColumnElement[Any]
) -> Iterator[ColumnElement[bool]]:
    listed = (
        (rows.c.id, wanted.ids), (rows.c.instance_id, wanted.instance_ids), (rows.c.process_id, wanted.processes),
        (rows.c.element_id, wanted.element_ids),
    )  # fmt: skip
    yield from (column.in_(values) for column, values in listed if values is not None)
    if wanted.definition_id is not None:
        yield definition == wanted.definition_id
    if wanted.token is not None:
        yield and_(rows.c.instance_id == wanted.token[0], rows.c.token == wanted.token[1])
    if wanted.suspended is not None:
        yield state == ("suspended" if wanted.suspended else "active")


def _count(connection: Connection, query: Select[Any]) -> int:
    found: int = connection.execute(select(func.count()).select_from(query.subquery("counted"))).scalar_one()
    return found
