"""What a person can do about an incident: which verbs, and on which elements and variables."""

from __future__ import annotations

from collections import Counter

from engine.definitions.model import Kind
from engine.runtime.deployed.practice import DeployedProcess
from engine.runtime.unit.step import Step
from engine.values import Value
from engine.views import IncidentRow, Repair, Spot

_GIVEN = frozenset({"business_key", "number", "starter", "started_at"})
"""What the engine gives an instance when it starts, and nobody changes."""
_NOT_STARTED = frozenset({Kind.START_EVENT, Kind.BOUNDARY_EVENT, Kind.EVENT_SUB_PROCESS})


def of_incident(step: Step, incident: IncidentRow) -> Repair:
    """The ways out, as the acting person may take them."""
    may = frozenset(verb for verb, groups in _rights(step).items() if _has(step, verb, groups))
    tokens = Counter((wait.at.process_id, wait.at.element_id) for wait in step.execution.waits())
    running = dict.fromkeys((step.process.id, *(process_id for process_id, _ in tokens)))
    processes = [step.environment.process(process_id) for process_id in running]
    return Repair(
        incident=incident,
        may=may,
        suspended=step.stored.state == "suspended",
        waiting=tuple(
            Spot(process_id, element_id, _name(step.environment.process(process_id), element_id), count)
            for (process_id, element_id), count in sorted(tokens.items())
        ),
        elements=tuple(spot for process in processes for spot in _startable(process)),
        variables=_variables(step) if "correct" in may else {},
    )


def _variables(step: Step) -> dict[str, Value]:
    found = step.execution.variables()
    return {name: found[name] for name in sorted(found) if name not in _GIVEN}


def _rights(step: Step) -> dict[str, tuple[str, ...]]:
    return {"retry": (), "correct": step.process.traits.correctors, "modify": ()}


def _has(step: Step, verb: str, groups: tuple[str, ...]) -> bool:
    acting, stored = step.acting, step.stored
    if acting.system:
        return True
    if groups:
        return acting.capacity_in(groups, stored.business_key, stored.confidential) is not None
    return acting.capacity_with(verb, stored.business_key, stored.confidential) is not None


def _startable(process: DeployedProcess) -> list[Spot]:
    """Elements before which a token can be put, in the order of the diagram."""
    return [
        Spot(process.id, node.id, node.name or node.id)
        for node in process.definition.scope.walk()
        if node.kind not in _NOT_STARTED and not node.for_compensation
    ]


def _name(process: DeployedProcess, element_id: str) -> str:
    found = process.elements.get(element_id)
    return found.name if found is not None and found.name else element_id
