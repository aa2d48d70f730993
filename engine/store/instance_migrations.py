"""Statements on migrations: who is to go to another version, who has gone, and what they were before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, literal, or_, select, update

from engine.store.connect import Connection, pairs
from engine.store.dialects import insert_missing
from engine.store.jobs import WAITING
from engine.store.rights import Acting, may_see
from engine.store.schema.jobs import job
from engine.store.schema.migrations import instance_migration as migration
from engine.store.schema.migrations import instance_migration_item as item
from engine.store.schema.running import (
    event_subscription,
    external_task,
    incident,
    process_definition,
    process_instance,
    task,
    task_candidate,
    timer,
)

_OF_TOKENS = (task, timer, event_subscription, external_task, incident, job)


def definition(connection: Connection, process_id: str, version: int) -> Row[Any] | None:
    """The row of a version of a process."""
    return connection.execute(
        select(process_definition).where(
            process_definition.c.process_id == process_id, process_definition.c.version == version
        )
    ).first()


def definitions(connection: Connection, ids: Collection[int]) -> dict[int, int]:
    """Definition → version."""
    return pairs(
        connection.execute(
            select(process_definition.c.id, process_definition.c.version).where(
                process_definition.c.id.in_(sorted(ids))
            )
        )
    )


def running(
    connection: Connection, acting: Acting, definition_id: int, but: int, after: int, limit: int
) -> Sequence[Row[Any]]:
    """A page of the open instances of a version that the person may know, but those of a deployment: id, deployment,
    state, key, confidential, snapshot."""
    columns = ("id", "deployment_id", "state", "business_key", "confidential", "snapshot")
    query = _open(acting, definition_id, but).with_only_columns(*(process_instance.c[name] for name in columns))
    return connection.execute(
        query.where(process_instance.c.id > after).order_by(process_instance.c.id).limit(limit)
    ).all()


def _open(acting: Acting, definition_id: int, but: int) -> Select[Any]:
    return select(process_instance.c.id).where(
        process_instance.c.definition_id == definition_id,
        process_instance.c.ended_at.is_(None),
        process_instance.c.deployment_id != but,
        may_see(acting),
    )


def add(connection: Connection, acting: Acting, values: Mapping[str, Any]) -> tuple[int, int]:
    """A migration of all these instances: its id, and how many they are."""
    made: int = connection.execute(insert(migration).returning(migration.c.id), dict(values)).scalar_one()
    chosen = _open(acting, values["from_id"], values["deployment_id"])
    given = chosen.with_only_columns(literal(made), process_instance.c.id)
    connection.execute(insert(item).from_select(["migration_id", "instance_id"], given))
    return made, sum(counts(connection, [made])[made].values())


def add_job(connection: Connection, values: Mapping[str, Any]) -> int:
    """The job that carries it out."""
    made: int = connection.execute(insert(job).returning(job.c.id), dict(values)).scalar_one()
    return made


def job_of(connection: Connection, kind: str, key: str) -> int | None:
    """The job of this kind that waits, whose key begins with this one (and a dash)."""
    query = select(job.c.id).where(
        WAITING, job.c.kind == kind, or_(job.c.key == key, job.c.key.startswith(f"{key}-", autoescape=True))
    )
    return connection.execute(query.order_by(job.c.id)).scalar()


def get(connection: Connection, migration_id: int) -> Row[Any] | None:
    """One migration."""
    return connection.execute(select(migration).where(migration.c.id == migration_id)).first()


def listed(connection: Connection, process_id: str, limit: int) -> Sequence[Row[Any]]:
    """The migrations of a process, newest first."""
    query = select(migration).where(migration.c.process_id == process_id).order_by(migration.c.id.desc())
    return connection.execute(query.limit(limit)).all()


def counts(connection: Connection, migration_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Migration → state → number of its instances."""
    found: dict[int, dict[str, int]] = {each: {} for each in migration_ids}
    query = (
        select(item.c.migration_id, item.c.state, func.count())
        .where(item.c.migration_id.in_(sorted(migration_ids)))
        .group_by(item.c.migration_id, item.c.state)
    )
    for migration_id, state, number in connection.execute(query):
        found[migration_id][state] = number
    return found


def to_do(connection: Connection, migration_id: int, limit: int) -> Sequence[Any]:
    """Instances that are to go, or to go back."""
    return connection.execute(
        select(item.c.instance_id, item.c.state)
        .where(item.c.migration_id == migration_id, item.c.state.in_(("waiting", "undo")))
        .order_by(item.c.instance_id)
        .limit(limit)
    ).all()


def item_of(connection: Connection, migration_id: int, instance_id: int) -> Row[Any] | None:
    """One instance of a migration."""
    return connection.execute(
        select(item).where(item.c.migration_id == migration_id, item.c.instance_id == instance_id)
    ).first()


def settle(connection: Connection, migration_id: int, instance_id: int, expected: str, **values: Any) -> bool:
    """Write what became of an instance; False when another runner was faster."""
    done = connection.execute(
        update(item)
        .where(item.c.migration_id == migration_id, item.c.instance_id == instance_id, item.c.state == expected)
        .values(**values)
    )
    return done.rowcount == 1


def take_back(connection: Connection, migration_id: int, now: datetime, by: str, reason: str) -> int:
    """Those that have gone are to go back, those that have not begun stay; how many are to go back."""
    values = {"undone_at": now, "undone_by": by, "undo_reason": reason}
    connection.execute(update(migration).where(migration.c.id == migration_id).values(**values))
    of = item.c.migration_id == migration_id
    connection.execute(update(item).where(of, item.c.state == "waiting").values(state="undone"))
    back = update(item).where(of, item.c.state.in_(("done", "kept"))).values(state="undo", code="", text="")
    return connection.execute(back).rowcount


def failures(connection: Connection, migration_id: int, acting: Acting, limit: int) -> Sequence[Any]:
    """Instances the person may know that did not go, or did not go back, with their keys and why."""
    return connection.execute(
        select(item, process_instance.c.business_key)
        .join(process_instance, process_instance.c.id == item.c.instance_id)
        .where(item.c.migration_id == migration_id, item.c.state.in_(("failed", "kept")), may_see(acting))
        .order_by(item.c.instance_id)
        .limit(limit)
    ).all()


# ---- the rows of what waits, when an instance goes to another version


def place(connection: Connection, instance_id: int, token: int, element_id: str) -> None:
    """What waits at a token waits at an element of another id now."""
    for table in _OF_TOKENS:
        connection.execute(
            update(table)
            .where(table.c.instance_id == instance_id, table.c.token == token)
            .values(element_id=element_id)
        )


def rename_task(connection: Connection, task_id: int, **values: Any) -> None:
    """What an open task is called, and the stage it belongs to."""
    connection.execute(update(task).where(task.c.id == task_id).values(**values))


def offer(connection: Connection, task_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Whom an open task is offered to, and who is kept from it."""
    connection.execute(delete(task_candidate).where(task_candidate.c.task_id == task_id))
    if rows:
        insert_missing(connection, task_candidate, [dict(row) for row in rows])
