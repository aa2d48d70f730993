"""One instance goes to another version, or back: one transaction, with everything that waits written as it says.

Tasks stay the tasks they are: number, drafts, comments and due time are kept, and whoever has one keeps it, unless the
new version keeps him from it; name, stage and those it is offered to are as the new version says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.runtime.core import Execution, Rebound
from engine.runtime.deployed.practice import DeployedProcess
from engine.runtime.unit import refusals
from engine.runtime.unit.environment import StepEnvironment
from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.occurrences import TaskOpened
from engine.runtime.unit.rows import offered_rows
from engine.runtime.unit.step import Step
from engine.store import instance_migrations as rows
from engine.store import waits
from engine.store.connect import Connection
from engine.store.instances import Stored
from engine.store.rights import Acting
from engine.values import Value

RIGHT = "migrate"


class Stays(Exception):
    """The instance cannot go: `code` and the element as in a plan."""

    def __init__(self, code: str, element_id: str = "") -> None:
        self.code = code
        self.element_id = element_id
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Goal:
    """Where to: a version of a process in the set of a deployment; `names` are elements that are called otherwise
    there. `told` is what history says of it."""

    deployment_id: int
    definition_id: int
    names: Mapping[str, str]
    told: Mapping[str, Value]


def go(
    machinery: Machinery, connection: Connection, instance_id: int, source: int, goal: Goal, acting: Acting
) -> tuple[Step, Mapping[str, Any]]:
    """Let an instance of the version `source` go; the step, and what is noted to take it back. Raises Stays."""
    stored = _loaded(connection, instance_id, acting)
    if stored.definition_id != source or stored.deployment_id == goal.deployment_id:
        raise Stays("version")
    step = _step(machinery, connection, stored, goal, acting)
    execution = _restored(machinery, connection, stored)
    obstacles = execution.obstacles(step.environment, goal.names)
    if obstacles:
        raise Stays(obstacles[0].code, obstacles[0].element_id)
    told = execution.rebind(step.environment, goal.names)
    _write(step, execution, told, "migrated", goal.told)
    return step, {
        "before_deployment_id": stored.deployment_id,
        "before": stored.snapshot,
        "after": _digest(step.columns["snapshot"]),
    }


def go_back(
    machinery: Machinery, connection: Connection, instance_id: int, item: Any, goal: Goal, acting: Acting
) -> Step:
    """Let it be again what it was, when it has not moved since. Raises Stays."""
    stored = _loaded(connection, instance_id, acting)
    if item.before is None or _digest(stored.snapshot) != item.after:
        raise Stays("moved")
    step = _step(machinery, connection, stored, goal, acting)
    execution = Execution.restore(item.before, step.environment)
    told = execution.restate(_restored(machinery, connection, stored))
    _write(step, execution, told, "migration-undone", goal.told)
    return step


def _loaded(connection: Connection, instance_id: int, acting: Acting) -> Stored:
    stored = refusals.visible_instance(connection, instance_id, acting)
    refusals.require_right(acting, RIGHT, stored)
    if stored.state == "suspended":
        raise Stays("held")
    if stored.ended:
        raise Stays("ended")
    return stored


def _restored(machinery: Machinery, connection: Connection, stored: Stored) -> Execution:
    """The instance as it runs now."""
    practice = machinery.library.practice(stored.deployment_id)
    return Execution.restore(
        stored.snapshot, StepEnvironment(machinery, connection, practice, stored, machinery.clock.now())
    )


def _step(machinery: Machinery, connection: Connection, stored: Stored, goal: Goal, acting: Acting) -> Step:
    principal = refusals.require_right(acting, RIGHT, stored)
    moved = replace(stored, deployment_id=goal.deployment_id, definition_id=goal.definition_id)
    return Step(machinery, connection, moved, acting, principal)


def _write(step: Step, execution: Execution, told: Rebound, kind: str, data: Mapping[str, Value]) -> None:
    step.rebind(execution)
    step.event(kind, None, **data)
    for token, place in told.moved.items():
        rows.place(step.connection, step.stored.id, token, place.element_id)
    _tasks(step, {offer.at.token: offer for offer in told.tasks})
    step.columns |= {
        "deployment_id": step.stored.deployment_id,
        "definition_id": step.stored.definition_id,
        # What was confidential stays so: nobody is to read by a migration what he could not.
        "confidential": step.stored.confidential or step.process.traits.confidential,
    }
    step.save()


def _tasks(step: Step, offers: Mapping[int, TaskOpened]) -> None:
    for row in waits.tasks_of(step.connection, step.stored.id):
        values = _shown(step.environment.process(row.process_id), row)
        offer = offers.get(row.token)
        if offer is not None:
            rows.offer(step.connection, row.id, offered_rows(row.id, offer))
            values |= {"priority": offer.priority, "batch_group": offer.batch_group}
            if not row.assignee or row.assignee in offer.excluded_users:
                values["assignee"] = offer.assignee
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if changed:
            rows.rename_task(step.connection, row.id, **changed)


def _shown(process: DeployedProcess, row: Any) -> dict[str, Any]:
    element = process.elements.get(row.element_id)
    if element is None:
        return {}
    return {"name": element.name, "stage": element.stage, "batch": element.batch}


def _digest(snapshot: bytes) -> str:
    return hashlib.sha256(snapshot).hexdigest()
