"""A process with everything that is counted in a way of its own: a task for a group, a timer, a join, a way back, a
subprocess, an activity done in rounds, and a boundary event that takes a task away."""

from __future__ import annotations

from engine.engine import SYSTEM
from engine.views import Actor, HeatAsked, HeatRow
from tests.engine.definitions.diagrams import flows, node, timer
from tests.engine.runtime.office import GROUPS, Office, field, loan, user_task

HEL, CY = Actor("hel"), Actor("cy")
RIGHTS = GROUPS.replace("send_any]", "send_any, board]").replace(
    "{id: empty, zh: 空, en: Nobody}", "{id: empty, zh: 空, en: Nobody, rights: [board]}"
)


def lending(**given: str) -> str:
    """begin → on → (check ∥ an hour) → both → [again → on | sub(sign × 2) → done]; check ends after 8 hours."""
    rounds = "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>"
    inner = [
        node("startEvent", "in"),
        f'<bpmn:userTask id="sign" name="sign" camunda:candidateGroups="clerk">{rounds}'
        "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>",
        node("endEvent", "out"),
        flows("in sign out"),
    ]
    return loan(
        node("startEvent", "begin"),
        node("exclusiveGateway", "on"),
        node("parallelGateway", "split"),
        user_task("check", "", "clerk", field("good", "boolean")),
        '<bpmn:boundaryEvent id="late" name="late" attachedToRef="check">' + timer("PT8H") + "</bpmn:boundaryEvent>",
        node("intermediateCatchEvent", "pause", timer("PT1H")),
        node("parallelGateway", "both"),
        node("exclusiveGateway", "well", more='default="well_sub"'),
        node("task", "again"),
        node("subProcess", "sub", "".join(inner)),
        node("endEvent", "done"),
        node("endEvent", "gone"),
        flows("begin on split check both well", "split pause both", "well again: ${good = false}", "again on",
              "well sub", "sub done", "late gone"),
        **given,
    )  # fmt: skip


def open_lending(office: Office, **given: str) -> None:
    """Deploy it, with people who may look."""
    office.deploy(lending(**given), **{"groups.yaml": RIGHTS.encode()})
    office.engine.people.set_groups("cy", ["empty"], SYSTEM)


def rows(office: Office, actor: Actor = HEL, asked: HeatAsked | None = None) -> dict[str, HeatRow]:
    """Element → its row."""
    return {row.element_id: row for row in office.engine.heat.show("loan", actor, asked).rows}
