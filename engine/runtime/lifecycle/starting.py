"""Starting an instance: its record and number, its first step, and who may do it by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.definitions.model import EventKind, Kind, Node
from engine.errors import Conflict, Invalid, NotFound
from engine.runtime.core import Execution
from engine.runtime.deployed.practice import DeployedProcess, Practice
from engine.runtime.unit import chain
from engine.runtime.unit.environment import PracticeEnvironment
from engine.runtime.unit.events import UNNUMBERED
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.numbers import take_number
from engine.runtime.unit.occurrences import Place
from engine.runtime.unit.step import Step
from engine.store import instances, records
from engine.store.connect import Connection
from engine.store.rights import SYSTEM, Acting
from engine.values import Value


@dataclass(frozen=True, slots=True)
class Beginning:
    """What starts: at which start event, with which values (form fields or a payload), for which record.

    `kind` is what history calls it: started, message, signal or timer. `led_by` is whose action led to it, when another
    instance begins it: he counts as its starter, but in what is confidential.
    """

    process: DeployedProcess
    element: Node
    values: Mapping[str, Value]
    key: str = ""
    submission: str = ""
    kind: str = "started"
    data: Mapping[str, Value] = field(default_factory=dict)
    led_by: str = ""


def begin(
    machinery: Machinery, connection: Connection, practice: Practice, what: Beginning, acting: Acting, principal: str
) -> Step:
    """Start an instance in the open transaction, run it to rest and save it."""
    now = machinery.clock.now()
    environment = PracticeEnvironment(machinery, connection, practice, now, key=what.key)
    key, number = _identity(connection, environment, practice, what)
    by = what.led_by if acting.user_id == SYSTEM else acting.user_id
    if acting.user_id == SYSTEM and what.process.traits.confidential:
        by = ""  # whose action led to it may be whom it is about
    values = {
        "deployment_id": practice.deployment_id,
        "definition_id": what.process.row_id,
        "process_id": what.process.id,
        "business_key": key,
        "number": number,
        "owner": by,
        "started_by": by,
        "state": "active",
        "confidential": what.process.traits.confidential,
        "snapshot": b"",
        "history_head": chain.GENESIS,
        "started_at": now,
    }
    instance_id = instances.insert_instance(connection, values)
    stored = instances.load(connection, instance_id)
    assert stored is not None
    step = Step(machinery, connection, stored, acting, principal, what.led_by)
    event = step.event(
        what.kind, Place(what.process.id, what.element.id, UNNUMBERED), values=dict(what.values), **what.data
    )
    event.submission = what.submission or None
    names: dict[str, Value] = {"business_key": key, "number": number, "starter": by, "started_at": now}
    at = what.element.id if what.element.id in what.process.program.starts else None
    step.begin(Execution.start(what.process.program, step.environment, at, dict(what.values), names))
    step.save()
    step.submit_files(what.values, what.element.name or what.process.name)
    return step


def _identity(
    connection: Connection, environment: PracticeEnvironment, practice: Practice, what: Beginning
) -> tuple[str, str]:
    """Business key and own number of the new instance."""
    traits = what.process.traits
    if traits.linked_to:
        _check_link(connection, what)
        number = take_number(connection, traits.number, environment.now, environment.zone) if traits.number else ""
        return what.key, number
    if what.key:
        if records.get(connection, what.key) is not None:
            raise Conflict("There is a record %(key)s already. Start with another key, or with none.", key=what.key)
        return what.key, ""
    kind = practice.surroundings.records.get(traits.record_type)
    if kind is not None:
        return take_number(connection, kind.number, environment.now, environment.zone), ""
    return f"{what.process.id}-{records.next_number(connection, what.process.id)}", ""


def _check_link(connection: Connection, what: Beginning) -> None:
    """A linked instance joins a record that exists and is of a kind it may be linked to."""
    linked = what.process.traits.linked_to
    if not what.key:
        raise Invalid(
            "%(process)s belongs to a record. Start it from the record, or give its business key.",
            process=what.process.name,
        )
    found = records.get(connection, what.key)
    if found is None:
        raise NotFound("There is no record %(key)s.", key=what.key)
    owner = instances.load(connection, found.instance_id)
    if found.record_type not in linked and (owner is None or owner.process_id not in linked):
        raise Invalid(
            "%(process)s cannot be started for %(key)s: it belongs to records of %(linked)s.",
            process=what.process.name,
            key=what.key,
            linked=", ".join(linked),
        )


def is_plain(node: Node) -> bool:
    """Whether a process can be begun here by hand: at a start event that waits for nothing."""
    return node.kind is Kind.START_EVENT and not any(event.kind is not EventKind.LINK for event in node.events)


def start_event(process: DeployedProcess, element_id: str = "") -> Node:
    """The start event that is started by hand: the named one, or the only none start. Raises NotFound, and Invalid when
    there are several none starts."""
    plain = [node for node in process.starts if is_plain(node)]
    wanted = [node for node in process.starts if node.id == element_id] if element_id else plain
    if len(wanted) == 1:
        return wanted[0]
    if wanted:
        raise Invalid(
            "%(process)s begins in several ways. Name one of its start events: %(starts)s.",
            process=process.name,
            starts=", ".join(node.id for node in wanted),
        )
    raise NotFound(
        "%(process)s has no start event %(element)s that is started by hand.",
        process=process.name,
        element=element_id or "without a trigger",
    )
