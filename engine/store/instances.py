"""Statements on instances: load with the right to act, insert, save against the version, who may see them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, delete, insert, select, update

from engine.store import rights
from engine.store.connect import Connection
from engine.store.dialects import insert_missing
from engine.store.prepared import Listed, Prepared
from engine.store.rights import Acting, done_for, may_see, per_position, took_part
from engine.store.schema.running import instance_access, process_instance, task, task_candidate


@dataclass(frozen=True, slots=True)
class Stored:
    """An instance as its row has it."""

    id: int
    deployment_id: int
    definition_id: int
    process_id: str
    business_key: str
    number: str
    title: str
    owner: str
    started_by: str
    state: str
    confidential: bool
    version: int
    snapshot: bytes
    history_count: int
    history_head: bytes
    started_at: datetime
    suspended_at: datetime | None
    suspended_until: datetime | None
    suspend_reason: str

    @property
    def ended(self) -> bool:
        """Whether nothing can happen to it any more."""
        return self.state not in ("active", "suspended")


@dataclass(frozen=True, slots=True)
class TaskToDo:
    """A task with what completing it needs to know. `done_for` is the principal it is done for, None when the
    person may not do it; `seen` tells whether the person may know the instance, `took_part` whether he did before."""

    id: int
    token: int
    process_id: str
    element_id: str
    name: str
    assignee: str
    delegated_by: str
    done_for: str | None
    seen: bool
    took_part: bool
    instance: Stored


_STORED = (
    process_instance.c.id,
    process_instance.c.deployment_id,
    process_instance.c.definition_id,
    process_instance.c.process_id,
    process_instance.c.business_key,
    process_instance.c.number,
    process_instance.c.title,
    process_instance.c.owner,
    process_instance.c.started_by,
    process_instance.c.state,
    process_instance.c.confidential,
    process_instance.c.version,
    process_instance.c.snapshot,
    process_instance.c.history_count,
    process_instance.c.history_head,
    process_instance.c.started_at,
    process_instance.c.suspended_at,
    process_instance.c.suspended_until,
    process_instance.c.suspend_reason,
)
_TASK = (
    task.c.id.label("task_id"),
    task.c.token,
    task.c.process_id.label("task_process_id"),
    task.c.element_id,
    task.c.name,
    task.c.assignee,
    task.c.delegated_by,
)


def load(connection: Connection, instance_id: int, acting: Acting | None = None) -> Stored | None:
    """The instance; with `acting` only when the person may know it."""
    found = _load_query(acting).rows(connection, {"wanted": instance_id})
    return Stored(*found[0]) if found else None


@per_position
def _load_query(acting: Acting | None) -> Prepared:
    query = select(*_STORED).where(process_instance.c.id == bindparam("wanted"))
    return Prepared(query if acting is None else query.where(may_see(acting)))


_LOAD_SOME = Listed(lambda among: select(*_STORED).where(among(process_instance.c.id)))


def load_some(connection: Connection, instance_ids: Collection[int]) -> dict[int, Stored]:
    """Id → these instances, whoever asks."""
    return {found[0]: Stored(*found) for found in _LOAD_SOME.found(connection, instance_ids)}


def load_task(connection: Connection, task_id: int, acting: Acting) -> TaskToDo | None:
    """A task with its instance and the person's right to do it, in one statement; None when there is none."""
    found = _task_query(acting).rows(connection, {"wanted": task_id})
    if not found:
        return None
    return _to_do(found[0])


def load_tasks(connection: Connection, task_ids: Collection[int], acting: Acting) -> dict[int, TaskToDo]:
    """Id → the same of several tasks, those that are not there left out."""
    return {todo.id: todo for todo in map(_to_do, _tasks_query(acting).found(connection, task_ids))}


def _to_do(row: Sequence[Any]) -> TaskToDo:
    size = len(_STORED)
    given = row[size:]
    return TaskToDo(
        id=given[0],
        token=given[1],
        process_id=given[2],
        element_id=given[3],
        name=given[4],
        assignee=given[5],
        delegated_by=given[6],
        done_for=given[7],
        seen=bool(given[8]),
        took_part=bool(given[9]),
        instance=Stored(*row[:size]),
    )


@per_position
def _task_query(acting: Acting) -> Prepared:
    return Prepared(_to_do_query(acting).where(task.c.id == bindparam("wanted")))


@per_position
def _tasks_query(acting: Acting) -> Listed:
    query = _to_do_query(acting)
    return Listed(lambda among: query.where(among(task.c.id)))


def _to_do_query(acting: Acting) -> Select[Any]:
    """Building the statement costs more than running it; a person's rights are the same for many of his tasks."""
    return select(
        *_STORED,
        *_TASK,
        done_for(acting).label("done_for"),
        may_see(acting).label("seen"),
        took_part(acting).label("took_part"),
    ).join(task, task.c.instance_id == process_instance.c.id)


def insert_instance(connection: Connection, values: Mapping[str, Any]) -> int:
    """A new instance; its id."""
    made: int = connection.execute(insert(process_instance).returning(process_instance.c.id), dict(values)).scalar_one()
    return made


_SAVE = (
    update(process_instance)
    .where(process_instance.c.id == bindparam("the_id"), process_instance.c.version == bindparam("the_version"))
    .values(version=bindparam("the_version") + 1)
)


@lru_cache(maxsize=256)
def _saving(names: tuple[str, ...]) -> Prepared:
    return Prepared(
        _SAVE.values({name: bindparam(f"new_{name}", type_=process_instance.c[name].type) for name in names})
    )


def save(connection: Connection, instance_id: int, version: int, values: Mapping[str, Any]) -> bool:
    """Write the instance if nobody has since `version`; False when somebody has."""
    given = {f"new_{name}": value for name, value in values.items()}
    query = _saving(tuple(sorted(values)))
    return query.run(connection, {**given, "the_id": instance_id, "the_version": version}) == 1


def grant(connection: Connection, instance_id: int, kind: str, subjects: Iterable[str]) -> None:
    """Let these subjects know the instance (or, with kind excluded, not); those that do already are left."""
    rows = [{"instance_id": instance_id, "subject": subject, "kind": kind} for subject in dict.fromkeys(subjects)]
    if rows:
        insert_missing(connection, instance_access, rows)


_REVOKE = Listed(
    lambda among: delete(instance_access).where(
        instance_access.c.instance_id == bindparam("of"), among(instance_access.c.kind)
    )
)
_GRANT = Prepared(insert(instance_access), ("instance_id", "subject", "kind"))


def replace_access(connection: Connection, instance_id: int, kinds: Mapping[str, Iterable[str]]) -> None:
    """Set the subjects of these kinds anew."""
    _REVOKE.run(connection, kinds, {"of": instance_id})
    rows = [
        {"instance_id": instance_id, "subject": subject, "kind": kind}
        for kind, found in kinds.items()
        for subject in dict.fromkeys(found)
    ]
    if rows:
        _GRANT.many(connection, rows)


def of_record(
    connection: Connection, business_key: str, acting: Acting | None = None, open_only: bool = False
) -> Sequence[Any]:
    """The rows of all instances of a record that the person may know, oldest first."""
    return _record_query(acting, open_only).found(connection, {"key": business_key})


@per_position
def _record_query(acting: Acting | None, open_only: bool) -> Prepared:
    query = select(process_instance).where(process_instance.c.business_key == bindparam("key"))
    if acting is not None:
        query = query.where(may_see(acting))
    if open_only:
        query = query.where(process_instance.c.ended_at.is_(None))
    return Prepared(query.order_by(process_instance.c.id))


def row(connection: Connection, instance_id: int, acting: Acting) -> Any | None:
    """One instance's row, when the person may know it."""
    return _row_query(acting).first(connection, {"wanted": instance_id})


@per_position
def _row_query(acting: Acting) -> Prepared:
    return Prepared(select(process_instance).where(process_instance.c.id == bindparam("wanted"), may_see(acting)))


def matching(connection: Connection, *conditions: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Rows of instances by conditions on `process_instance`, oldest first."""
    return connection.execute(select(process_instance).where(*conditions).order_by(process_instance.c.id)).all()


def may_hear(connection: Connection, instance_id: int, acting: Acting) -> int | None:
    """The id of an instance, when what is linked to it may tell the person about it."""
    return _hearing(acting).value(connection, {"wanted": instance_id})


@per_position
def _hearing(acting: Acting) -> Prepared:
    query = select(process_instance.c.id).where(process_instance.c.id == bindparam("wanted"))
    return Prepared(query.where(rights.may_hear(acting)))


def is_excluded(connection: Connection, task_id: int, user_id: str) -> bool:
    """Whether four eyes keep this person from a task."""
    return (
        connection.execute(
            select(task_candidate.c.task_id).where(
                task_candidate.c.task_id == task_id,
                task_candidate.c.kind == "excluded",
                task_candidate.c.subject == f"user:{user_id}",
            )
        ).first()
        is not None
    )


def is_shut_out(connection: Connection, instance_id: int, acting: Acting) -> bool:
    """Whether the person is excluded from an instance, by name or by a group of his."""
    return (
        connection.execute(
            select(instance_access.c.instance_id).where(
                instance_access.c.instance_id == instance_id,
                instance_access.c.kind == "excluded",
                instance_access.c.subject.in_(acting.own.everything),
            )
        ).first()
        is not None
    )


_SOME = Listed(lambda among: select(process_instance).where(among(process_instance.c.id)))


def some(connection: Connection, instance_ids: Iterable[int]) -> Sequence[Any]:
    """Rows of these instances, whoever asks: for what a visible record shows of its owner."""
    return _SOME.found(connection, set(instance_ids))
