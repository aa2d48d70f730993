"""History as a timeline: rows with element, stage, clauses and persons, in the order of the policy or of time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.errors import NotFound
from engine.runtime.deployed.practice import DeployedProcess
from engine.runtime.unit.machinery import Machinery
from engine.store import history, instances, lookups
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.values import Value, loads
from engine.views import HistoryRow

_TEXTS = ("reason", "text", "subject", "name", "decision")


def of_record(
    machinery: Machinery, connection: Connection, acting: Acting, key: str, order: str
) -> tuple[HistoryRow, ...]:
    """What happened to the instances of a record that the person may see. Raises NotFound when there is none."""
    found = instances.of_record(connection, key, acting)
    if not found:
        raise NotFound("There is no record %(key)s, or it is not yours to see.", key=key)
    rows = of_instances(machinery, connection, found)
    if order == "time":
        return tuple(reversed(rows))
    practice = machinery.library.latest(connection)
    clauses = practice.surroundings.clauses.clauses if practice is not None else ()
    places = {clause.id: place for place, clause in enumerate(clauses)}
    return tuple(sorted(rows, key=lambda row: min((places.get(each, len(places)) for each in row.clauses),
                                                  default=len(places))))  # fmt: skip


def of_instances(machinery: Machinery, connection: Connection, found: Sequence[Any]) -> tuple[HistoryRow, ...]:
    """The rows of these instances (rows of `process_instance`) in the order they happened."""
    processes: dict[int, DeployedProcess] = {}
    for deployment_id in {each.deployment_id for each in found}:
        for process in machinery.library.practice(deployment_id).processes.values():
            processes[process.row_id] = process
    rows = history.of_instances(connection, [each.id for each in found])
    unknown = {row.definition_id for row in rows} - processes.keys()
    ids = history.process_ids(connection, unknown) if unknown else {}
    latest = machinery.library.latest(connection)
    for definition_id, process_id in ids.items():
        # A version called by `latest` binding: its names are those of the practice deployed last.
        if latest is not None and process_id in latest.processes:
            processes[definition_id] = latest.processes[process_id]
    names = lookups.names(connection, list({row.actor for row in rows}))
    return tuple(_row(row, processes.get(row.definition_id), names) for row in rows)


def _row(row: Any, process: DeployedProcess | None, names: dict[str, str]) -> HistoryRow:
    data: Value = loads(row.data) if row.data else {}
    fields = data if isinstance(data, dict) else {}
    element = process.elements.get(row.element_id) if process is not None else None
    return HistoryRow(
        seq=row.seq,
        instance_id=row.instance_id,
        process_id=process.id if process is not None else "",
        kind=row.kind,
        at=row.at,
        element_id=row.element_id,
        element_name=element.node.name if element is not None else "",
        stage=element.stage if element is not None else "",
        clauses=element.clauses if element is not None else (),
        actor=row.actor,
        actor_name=names.get(row.actor, row.actor),
        on_behalf_of=row.on_behalf_of,
        text=next((str(fields[name]) for name in _TEXTS if fields.get(name)), ""),
        data=fields,
    )
