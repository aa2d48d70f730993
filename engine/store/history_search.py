"""Statements on history across instances: tasks, activities, decisions and entered values, of instances that the person
may know.

Each is a list of rows of `history_event`, put together by the database, and counted from the same conditions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func, or_, select, true

from engine.store.connect import Connection
from engine.store.dialects import names_within
from engine.store.parts import part
from engine.store.rights import Acting, may_see
from engine.store.schema.running import history_event, process_definition, process_instance, task
from engine.values import dumps
from engine.views.history_search import HistoryFilter
from engine.views.task_search import Span

_OPENED = history_event.alias("opened")
_OVER = history_event.alias("over")
_DONE, _WITHDRAWN = "task-completed", "task-withdrawn"
_GOES_ON = (
    "task-opened", "external-opened", "incident", "incident-resolved", "claimed", "unclaimed", "delegated",
    "reassigned", "due-set", "priority-set", "external-tried", "retried", "reminded", "commented", "attached",
)  # fmt: skip
"""Events after which a token is still at its element, unless they say which way it took from there."""
_CANCELS = (_WITHDRAWN, "withdrawn")
_NO_ACTIVITY = ("ended", "variables", "corrected", "modified")


# --- tasks ------------------------------------------------------------------------------------------------------

_TASK_PARTS = (
    _OPENED.join(process_instance, process_instance.c.id == _OPENED.c.instance_id)
    .join(process_definition, process_definition.c.id == _OPENED.c.definition_id)
    .outerjoin(task, task.c.id == _OPENED.c.task_id)
    .outerjoin(
        _OVER,
        and_(
            _OVER.c.task_id == _OPENED.c.task_id,
            _OVER.c.instance_id == _OPENED.c.instance_id,
            _OVER.c.kind.in_((_DONE, _WITHDRAWN)),
        ),
    )
)
_ASSIGNEE: ColumnElement[str] = func.coalesce(task.c.assignee, _OVER.c.actor, "")
TASK_ORDERS: Mapping[str, ColumnElement[Any]] = {
    "id": _OPENED.c.task_id, "began": _OPENED.c.at, "ended": _OVER.c.at, "assignee": _ASSIGNEE, "due": task.c.due_at,
    "instance_id": _OPENED.c.instance_id, "element_id": _OPENED.c.element_id,
    "definition_id": _OPENED.c.definition_id,
}  # fmt: skip
"""By what a list of tasks can be sorted."""


def tasks(connection: Connection, wanted: HistoryFilter, acting: Acting, limit: int, first: int) -> Sequence[Any]:
    """Rows of tasks, open and over."""
    query = select(
        _OPENED.c.task_id, _OPENED.c.instance_id, _OPENED.c.token, _OPENED.c.element_id, _OPENED.c.definition_id,
        _OPENED.c.at.label("began"), _OVER.c.at.label("ended"), (_OVER.c.kind == _WITHDRAWN).label("withdrawn"),
        task.c.due_at, task.c.delegated_by, _ASSIGNEE.label("assignee"), process_instance.c.business_key,
        process_instance.c.deployment_id, process_definition.c.process_id, process_definition.c.version,
    )  # fmt: skip
    query = query.select_from(_TASK_PARTS).where(may_see(acting), *_of_tasks(wanted))
    return _page(connection, query, wanted, TASK_ORDERS, limit, first)


def count_tasks(connection: Connection, wanted: HistoryFilter, acting: Acting) -> int:
    """How many there are."""
    return _count(connection, select(_OPENED.c.task_id).select_from(_TASK_PARTS), may_see(acting), *_of_tasks(wanted))


def _of_tasks(wanted: HistoryFilter) -> Iterator[ColumnElement[bool]]:
    yield _OPENED.c.kind == "task-opened"
    yield _OPENED.c.task_id.is_not(None)
    yield from _common(_OPENED, wanted)
    if wanted.task_ids is not None:
        yield _OPENED.c.task_id.in_(wanted.task_ids)
    if wanted.finished is not None:
        yield _OVER.c.at.is_not(None) if wanted.finished else _OVER.c.at.is_(None)
    if wanted.assignee is not None:
        yield _ASSIGNEE.in_((wanted.assignee,))
    if wanted.actor is not None:
        yield and_(_OVER.c.kind == _DONE, _OVER.c.actor == wanted.actor)
    yield from _within(_OPENED.c.at, wanted.began)
    yield from _within(_OVER.c.at, wanted.ended)


# --- activities -------------------------------------------------------------------------------------------------


def _activities(acting: Acting, wanted: HistoryFilter) -> FromClause:
    """A row for each token at an element: from its first event to the one that ended it."""
    of = history_event.c
    parts = history_event.join(process_instance, process_instance.c.id == of.instance_id)
    query = (
        select(
            of.instance_id, of.token, of.element_id, of.definition_id,
            func.min(of.at).label("began"),
            func.max(case((_ends(of), of.at))).label("ended"),
            func.max(case((of.kind.in_(_CANCELS), 1), else_=0)).label("canceled"),
            func.max(of.task_id).label("task_id"),
            func.max(case((of.kind == _DONE, of.actor), else_="")).label("actor"),
            process_instance.c.deployment_id,
        )
        .select_from(parts)
        .where(may_see(acting), of.token.is_not(None), of.element_id != "", of.kind.not_in(_NO_ACTIVITY))
        .where(*_common(history_event, wanted))
        .group_by(of.instance_id, of.token, of.element_id, of.definition_id, process_instance.c.deployment_id)
    )  # fmt: skip
    if wanted.one is not None:
        query = query.where(of.instance_id == wanted.one[0], of.token == wanted.one[1])
    return query.subquery("activity")


def _ends(of: Any) -> ColumnElement[bool]:
    """Whether an event ended what its token did at its element; what follows at once is told by the same row."""
    return or_(of.kind.not_in(_GOES_ON), of.data.contains('"took":'))


def activities(connection: Connection, wanted: HistoryFilter, acting: Acting, limit: int, first: int) -> Sequence[Any]:
    """Rows of activities, going on and over."""
    found = _activities(acting, wanted)
    query = select(found, process_definition.c.process_id, process_definition.c.version).join(
        process_definition, process_definition.c.id == found.c.definition_id
    )
    orders = {name: found.c[name] for name in ACTIVITY_ORDERS}
    return _page(connection, query.where(*_of_activities(found, wanted)), wanted, orders, limit, first)


ACTIVITY_ORDERS = ("instance_id", "token", "element_id", "definition_id", "began", "ended")
"""By what a list of activities can be sorted."""


def count_activities(connection: Connection, wanted: HistoryFilter, acting: Acting) -> int:
    """How many there are."""
    found = _activities(acting, wanted)
    return _count(connection, select(found.c.token), *_of_activities(found, wanted))


def _of_activities(found: FromClause, wanted: HistoryFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.finished is not None:
        yield found.c.ended.is_not(None) if wanted.finished else found.c.ended.is_(None)
    if wanted.canceled is not None:
        yield found.c.canceled == (1 if wanted.canceled else 0)
    if wanted.assignee is not None:
        yield found.c.actor == wanted.assignee
    yield from _within(found.c.began, wanted.began)
    yield from _within(found.c.ended, wanted.ended)


# --- decisions, values ------------------------------------------------------------------------------------------

_EVENT_PARTS = history_event.join(process_instance, process_instance.c.id == history_event.c.instance_id).join(
    process_definition, process_definition.c.id == history_event.c.definition_id
)
EVENT_ORDERS: Mapping[str, ColumnElement[Any]] = {
    "began": history_event.c.at,
    "instance_id": history_event.c.instance_id,
    "seq": history_event.c.seq,
}
"""By what a list of decisions can be sorted."""


def decisions(connection: Connection, wanted: HistoryFilter, acting: Acting, limit: int, first: int) -> Sequence[Any]:
    """Rows of decisions; of those whose contents were removed only that they were made."""
    query = select(history_event, process_definition.c.process_id, process_definition.c.version)
    query = query.select_from(_EVENT_PARTS).where(may_see(acting), *_of_decisions(wanted))
    return _page(connection, query, wanted, EVENT_ORDERS, limit, first)


def count_decisions(connection: Connection, wanted: HistoryFilter, acting: Acting) -> int:
    """How many there are."""
    return _count(
        connection, select(history_event.c.seq).select_from(_EVENT_PARTS), may_see(acting), *_of_decisions(wanted)
    )


def _of_decisions(wanted: HistoryFilter) -> Iterator[ColumnElement[bool]]:
    yield history_event.c.kind == "decision"
    yield from _common(history_event, wanted)
    if wanted.one is not None:
        yield and_(history_event.c.instance_id == wanted.one[0], history_event.c.seq == wanted.one[1])
    if wanted.decision is not None:  # the text is canonical: the name stands there in this very way
        named = f'"decision":{dumps(wanted.decision)}'
        yield func.replace(history_event.c.data, named, "") != history_event.c.data
    yield from _within(history_event.c.at, wanted.began)


VALUE_ORDERS = ("began", "instance_id", "seq", "name")
"""By what a list of entered values can be sorted."""


def submitted(connection: Connection, wanted: HistoryFilter, acting: Acting, limit: int, first: int) -> Sequence[Any]:
    """A row for each value that was entered into a form: the event, and `name` of the value in it."""
    named = names_within(connection, history_event.c.data, "values")
    query = select(history_event, process_definition.c.process_id, process_definition.c.version)
    query = query.add_columns(named.c.key.label("name")).select_from(_EVENT_PARTS.join(named, true()))
    orders = {**EVENT_ORDERS, "name": named.c.key}
    return _page(connection, query.where(may_see(acting), *_of_values(wanted)), wanted, orders, limit, first)


def count_submitted(connection: Connection, wanted: HistoryFilter, acting: Acting) -> int:
    """How many there are."""
    named = names_within(connection, history_event.c.data, "values")
    query = select(named.c.key).select_from(_EVENT_PARTS.join(named, true()))
    return _count(connection, query, may_see(acting), *_of_values(wanted))


def _of_values(wanted: HistoryFilter) -> Iterator[ColumnElement[bool]]:
    yield history_event.c.kind.in_(("started", _DONE))
    yield from _common(history_event, wanted)
    if wanted.task_ids is not None:
        yield history_event.c.task_id.in_(wanted.task_ids)
    if wanted.one is not None:
        yield and_(history_event.c.instance_id == wanted.one[0], history_event.c.token == wanted.one[1])
    yield from _within(history_event.c.at, wanted.began)


# --- all --------------------------------------------------------------------------------------------------------


def _common(events: Any, wanted: HistoryFilter) -> Iterator[ColumnElement[bool]]:
    """What limits events of every kind."""
    if wanted.instance_ids is not None:
        yield events.c.instance_id.in_(wanted.instance_ids)
    if wanted.keys is not None:
        yield process_instance.c.business_key.in_(wanted.keys)
    if wanted.processes is not None:
        of = select(process_definition.c.id).where(process_definition.c.process_id.in_(wanted.processes))
        yield events.c.definition_id.in_(of.correlate(None))
    if wanted.definition_id is not None:
        yield events.c.definition_id == wanted.definition_id
    if wanted.element_ids is not None:
        yield events.c.element_id.in_(wanted.element_ids)


def _within(column: ColumnElement[Any], span: Span) -> Iterator[ColumnElement[bool]]:
    if span.after is not None:
        yield column >= span.after
    if span.before is not None:
        yield column <= span.before


def _page(
    connection: Connection,
    query: Select[Any],
    wanted: HistoryFilter,
    orders: Mapping[str, ColumnElement[Any]],
    limit: int,
    first: int,
) -> Sequence[Any]:
    last = [name for name in ("id", "began", "instance_id", "token", "seq", "name") if name in orders]
    return part(connection, query, orders, wanted.order, last, limit, first)


def _count(connection: Connection, query: Select[Any], *conditions: ColumnElement[bool]) -> int:
    found: int = connection.execute(
        select(func.count()).select_from(query.where(*conditions).subquery("counted"))
    ).scalar_one()
    return found
