"""Statements on what is deployed: sets of files by content, and the versions of what the files define."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, delete, func, insert, literal, select, true, union_all

from engine.store.connect import Connection, pairs
from engine.store.parts import part
from engine.store.prepared import Prepared
from engine.store.rights import Acting, may_see
from engine.store.schema.migrations import instance_migration, instance_migration_item
from engine.store.schema.running import (
    decision_definition,
    deployment,
    deployment_resource,
    incident,
    process_definition,
    process_instance,
    resource,
    task,
)
from engine.views.processes import DeploymentFilter

TASKS, INCIDENTS = task, incident
CAP = 999
_MOST_PARTS = 200  # SQLite joins 500 SELECTs to one


@dataclass(frozen=True, slots=True)
class Defined:
    """Something a file defines (a process or a decision), to be stored as a version by content."""

    key: str
    name: str
    file: str
    digest: str


_CURRENT = Prepared(select(func.max(deployment.c.id)))


def current_id(connection: Connection) -> int | None:
    """The latest deployment; None before the first."""
    return _CURRENT.value(connection)


def digests(connection: Connection, deployment_id: int) -> dict[str, str]:
    """Name → digest of every file of a deployment."""
    found = connection.execute(
        select(deployment_resource.c.name, deployment_resource.c.digest)
        .where(deployment_resource.c.deployment_id == deployment_id)
        .order_by(deployment_resource.c.name)
    )
    return pairs(found)


def files(connection: Connection, deployment_id: int) -> dict[str, bytes]:
    """Name → content of every file of a deployment."""
    found = connection.execute(
        select(deployment_resource.c.name, resource.c.content)
        .join(resource, resource.c.digest == deployment_resource.c.digest)
        .where(deployment_resource.c.deployment_id == deployment_id)
        .order_by(deployment_resource.c.name)
    )
    return {name: bytes(content) for name, content in found}


def insert_deployment(
    connection: Connection, at: datetime, actor: str, note: str, contents: Mapping[str, tuple[str, bytes]]
) -> int:
    """Store a set: `contents` maps a name to digest and bytes; bytes known already are not stored again."""
    wanted = {digest for digest, _ in contents.values()}
    known = set(connection.execute(select(resource.c.digest).where(resource.c.digest.in_(wanted))).scalars())
    new = {digest: content for digest, content in contents.values() if digest not in known}
    if new:
        connection.execute(insert(resource), [{"digest": key, "content": value} for key, value in new.items()])
    made: int = connection.execute(
        insert(deployment).values(created_at=at, created_by=actor, note=note).returning(deployment.c.id)
    ).scalar_one()
    rows = [{"deployment_id": made, "name": name, "digest": digest} for name, (digest, _) in contents.items()]
    if rows:
        connection.execute(insert(deployment_resource), rows)
    return made


def add_process_versions(connection: Connection, at: datetime, defined: Iterable[Defined]) -> None:
    """Give every content of a process that was never deployed before its next version number."""
    _add_versions(connection, process_definition, "process_id", at, defined)


def add_decision_versions(connection: Connection, at: datetime, defined: Iterable[Defined]) -> None:
    """The same for decisions."""
    _add_versions(connection, decision_definition, "decision_id", at, defined)


def _add_versions(connection: Connection, table: Table, key: str, at: datetime, defined: Iterable[Defined]) -> None:
    found = connection.execute(select(table.c[key], table.c.version, table.c.digest))
    known: set[tuple[str, str]] = set()
    last: dict[str, int] = {}
    for name, version, digest in found:
        known.add((name, digest))
        last[name] = max(version, last.get(name, 0))
    rows = []
    for each in defined:
        if (each.key, each.digest) not in known:
            last[each.key] = last.get(each.key, 0) + 1
            rows.append(
                {
                    key: each.key,
                    "version": last[each.key],
                    "digest": each.digest,
                    "file": each.file,
                    "name": each.name,
                    "created_at": at,
                }
            )
    if rows:
        connection.execute(insert(table), rows)


def process_rows(connection: Connection, deployment_id: int) -> Sequence[Any]:
    """Id, process id, version and digest of the processes of a deployment."""
    return connection.execute(
        select(
            process_definition.c.id,
            process_definition.c.process_id,
            process_definition.c.version,
            process_definition.c.digest,
        )
        .join(deployment_resource, deployment_resource.c.digest == process_definition.c.digest)
        .where(deployment_resource.c.deployment_id == deployment_id)
        .distinct()
    ).all()


def deployment_with(connection: Connection, process_id: str, digest: str) -> int | None:
    """The latest deployment whose set holds this content of this process."""
    return connection.execute(
        select(func.max(deployment_resource.c.deployment_id))
        .join(process_definition, process_definition.c.digest == deployment_resource.c.digest)
        .where(process_definition.c.process_id == process_id, process_definition.c.digest == digest)
    ).scalar()


def contents(connection: Connection, process_id: str, version: int | None) -> Sequence[Row[Any, Any, Any]]:
    """Digest, file and content of the versions of a process, newest first; of one number when it is given."""
    query = (
        select(process_definition.c.digest, process_definition.c.file, resource.c.content)
        .join(resource, resource.c.digest == process_definition.c.digest)
        .where(process_definition.c.process_id == process_id)
        .order_by(process_definition.c.version.desc())
    )
    if version is not None:
        query = query.where(process_definition.c.version == version)
    return connection.execute(query).all()


def versions(connection: Connection, process_id: str = "") -> Sequence[Row[Any]]:
    """Every version (of one process, or of all), newest first, with who deployed it first."""
    first = (
        select(deployment_resource.c.digest, func.min(deployment_resource.c.deployment_id).label("deployment_id"))
        .group_by(deployment_resource.c.digest)
        .subquery()
    )
    query = (
        select(
            process_definition,
            deployment.c.created_at.label("deployed_at"),
            deployment.c.created_by.label("deployed_by"),
            deployment.c.note,
            deployment.c.id.label("deployment_id"),
        )
        .join(first, first.c.digest == process_definition.c.digest)
        .join(deployment, deployment.c.id == first.c.deployment_id)
        .order_by(process_definition.c.process_id, process_definition.c.version.desc())
    )
    if process_id:
        query = query.where(process_definition.c.process_id == process_id)
    return connection.execute(query).all()


def content_of(connection: Connection, process_id: str, version: int) -> bytes | None:
    """The file that defines this version, as deployed."""
    found = connection.execute(
        select(resource.c.content)
        .join(process_definition, process_definition.c.digest == resource.c.digest)
        .where(process_definition.c.process_id == process_id, process_definition.c.version == version)
    ).scalar()
    return None if found is None else bytes(found)


def resource_of(connection: Connection, digest: str) -> bytes | None:
    """The bytes of a digest."""
    found = connection.execute(select(resource.c.content).where(resource.c.digest == digest)).scalar()
    return None if found is None else bytes(found)


def decision_versions(connection: Connection, deployment_id: int) -> Sequence[Any]:
    """Decision id, version, digest, file, name and moment of the decisions of a deployment."""
    return connection.execute(
        select(decision_definition)
        .join(deployment_resource, deployment_resource.c.digest == decision_definition.c.digest)
        .where(deployment_resource.c.deployment_id == deployment_id)
        .distinct()
        .order_by(decision_definition.c.decision_id)
    ).all()


def latest(connection: Connection) -> Any | None:
    """The row of the latest deployment."""
    return connection.execute(select(deployment).order_by(deployment.c.id.desc()).limit(1)).first()


def running(connection: Connection, acting: Acting, definition_ids: Collection[int]) -> dict[int, int]:
    """Definition → number of its open instances that the person may know, each counted up to 1,000."""

    def some(definition_id: int) -> Select[Any]:
        return select(process_instance.c.id).where(
            process_instance.c.definition_id == definition_id, process_instance.c.ended_at.is_(None), may_see(acting)
        )

    return _counted(connection, definition_ids, some)


def stuck(connection: Connection, acting: Acting, definition_ids: Collection[int]) -> dict[int, int]:
    """Definition → number of open incidents of its instances that the person may know, each counted up to 1,000."""

    def some(definition_id: int) -> Select[Any]:
        found = select(incident.c.id).join(process_instance, process_instance.c.id == incident.c.instance_id)
        return found.where(process_instance.c.definition_id == definition_id, may_see(acting))

    return _counted(connection, definition_ids, some)


def waiting_at(
    connection: Connection, acting: Acting, process_id: str, elements: Collection[str], table: Table
) -> dict[str, int]:
    """Element → number of open tasks (or incidents) at it of instances that the person may know, each counted up to
    1,000, of all versions."""

    def some(element_id: str) -> Select[Any]:
        found = select(table.c.id).join(process_instance, process_instance.c.id == table.c.instance_id)
        return found.where(table.c.process_id == process_id, table.c.element_id == element_id, may_see(acting))

    return {each: number for each, number in _counted(connection, elements, some).items() if number}


def _counted(connection: Connection, keys: Collection[Any], some: Callable[[Any], Select[Any]]) -> dict[Any, int]:
    """What `some` selects for each key, counted up to 1,000: one statement for as many as a database joins."""
    found: dict[Any, int] = {}
    for batch in _batched(sorted(keys), _MOST_PARTS):
        parts = [
            select(literal(each), func.count()).select_from(some(each).limit(CAP + 1).subquery()) for each in batch
        ]
        found.update(pairs(connection.execute(union_all(*parts))))
    return found


def _batched(keys: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Slices of at most this size."""
    for at in range(0, len(keys), size):
        yield keys[at : at + size]


# --- deployments themselves -------------------------------------------------------------------------------------


DEPLOYMENT_ORDERS: Mapping[str, ColumnElement[Any]] = {
    "id": deployment.c.id,
    "note": deployment.c.note,
    "at": deployment.c.created_at,
}
"""By what a list of deployments can be sorted."""


def deployed(connection: Connection, wanted: DeploymentFilter, limit: int, first: int) -> Sequence[Any]:
    """Deployments; newest first, unless another order is wanted."""
    query = select(deployment).where(*_wanted(wanted))
    return part(connection, query, DEPLOYMENT_ORDERS, wanted.order or [("id", True)], ["id"], limit, first)


def deployed_count(connection: Connection, wanted: DeploymentFilter) -> int:
    """How many deployments there are."""
    query = select(func.count()).select_from(deployment).where(*_wanted(wanted))
    found: int = connection.execute(query).scalar_one()
    return found


def _wanted(wanted: DeploymentFilter) -> Iterator[ColumnElement[bool]]:
    yield true()
    if wanted.ids is not None:
        yield deployment.c.id.in_(wanted.ids)
    if wanted.note is not None:
        yield deployment.c.note == wanted.note
    if wanted.note_like:
        yield func.lower(deployment.c.note).like(wanted.note_like.lower())
    if wanted.at.after is not None:
        yield deployment.c.created_at > wanted.at.after
    if wanted.at.before is not None:
        yield deployment.c.created_at < wanted.at.before


def deployed_one(connection: Connection, deployment_id: int) -> Any | None:
    """One deployment's row."""
    return connection.execute(select(deployment).where(deployment.c.id == deployment_id)).first()


def is_used(connection: Connection, deployment_id: int) -> bool:
    """Whether an instance, open or ended, was started from it or runs by it, or a migration leads to it or back."""
    uses = (
        process_instance.c.deployment_id == deployment_id,
        instance_migration.c.deployment_id == deployment_id,
        instance_migration_item.c.before_deployment_id == deployment_id,
    )
    return any(connection.execute(select(literal(1)).where(each).limit(1)).first() is not None for each in uses)


def brought_first(connection: Connection, deployment_id: int) -> bool:
    """Whether it is the only one that holds a version of a process or decision."""
    others = select(deployment_resource.c.digest).where(deployment_resource.c.deployment_id != deployment_id)
    mine = select(deployment_resource.c.digest).where(deployment_resource.c.deployment_id == deployment_id)
    for table in (process_definition, decision_definition):
        query = select(table.c.id).where(table.c.digest.in_(mine), table.c.digest.not_in(others)).limit(1)
        if connection.execute(query).first() is not None:
            return True
    return False


def remove(connection: Connection, deployment_id: int) -> None:
    """Take a deployment away; the contents of its files stay, since versions and histories name them."""
    connection.execute(delete(deployment).where(deployment.c.id == deployment_id))
