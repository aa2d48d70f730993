"""Scopes: a process or the body of a subprocess, from its beginning to its end.

A scope ends when no token is in it and none waits at a join; triggers of its event subprocesses do not keep it open
(BPMN 2.0 §13.5.4). Tokens that a join waits for in vain keep it open: the model is stuck, and that is to be seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from engine.definitions.model import Node, Scope
from engine.dialect.element import Element
from engine.dialect.token import Token
from engine.errors import ModelError

if TYPE_CHECKING:
    from engine.dialect.adhoc import AdHocSubProcess
    from engine.dialect.program import Program
    from engine.dialect.subprocess import EventSubProcess
    from engine.dialect.triggers import Trigger


class Plan(BpmnProcessSpec):  # type: ignore[misc]
    """A compiled scope: its elements by id, and what begins it. `loose` are those of its `entries` that nothing leads
    to; `any_order` is the ad-hoc subprocess that it is the body of.

    SpiffWorkflow's own start and end tasks are not made: their names would take ids from the diagram.
    """

    task_specs: dict[str, Element]

    def __init__(self, scope: Scope, host: Node | None) -> None:
        WorkflowSpec.__init__(self, name=scope.id)
        self.io_specification = None
        self.data_objects: dict[str, object] = {}
        self.data_stores: dict[str, object] = {}
        self.correlation_keys: dict[str, object] = {}
        self.bpmn_start_events: list[object] = []
        self.scope = scope
        self.scope_id = scope.id
        self.host = host
        self.elements: dict[str, Element] = {}
        self.entries: tuple[Element, ...] = ()
        self.handlers: tuple[EventSubProcess, ...] = ()
        self.triggers: tuple[Trigger, ...] = ()
        self.loose: tuple[Element, ...] = ()
        self.undoing: EventSubProcess | None = None
        self.any_order: AdHocSubProcess | None = None
        self.start = Opening(self)

    def _add_notify(self, spec: BpmnTaskSpec) -> None:
        """SpiffWorkflow's hook for a new spec: names are unique in a scope. What no rule keeps out is refused here."""
        if spec.name in self.task_specs:
            raise ModelError(
                "Scope %(scope)s: %(name)s is there twice. Give each element an id of its own, and lead an event-based "
                "gateway to each event once.",
                scope=self.scope_id,
                name=spec.name,
            )
        WorkflowSpec._add_notify(self, spec)


class Opening(Element):
    """The spec of the token that stands for an open scope."""

    told = False

    def __init__(self, plan: Plan) -> None:
        BpmnTaskSpec.__init__(self, plan, ":scope")
        self.plan = plan
        self.element_id = plan.scope_id
        self.flows = ()

    def child_left(self, token: Token) -> None:
        """Close the scope when nothing is left in it."""
        if empty(token):
            close(token)

    def body_done(self, token: Token, scope: Token) -> None:  # noqa: ARG002
        """A scope stands below a scope only for a compensation handler; its token hears of it."""
        token.above.task_spec.body_done(token.above, token)


def empty(scope: Token) -> bool:
    """Whether nothing is left to do in the scope."""
    frame = scope.frame
    assert frame is not None
    if frame.arrived:
        return False
    return not any(token.task_spec.told for token in scope.below)


def close(scope: Token) -> None:
    """Nothing is left in the scope: its host goes on, or the instance has ended."""
    tree = scope.tree
    tree.clear(scope, scope.task_spec.element_id)
    if scope is tree.root:
        tree.end("completed")
    else:
        scope.above.task_spec.body_done(scope.above, scope)


def listen(scope: Token) -> None:
    """Let the triggers of the scope's event subprocesses wait."""
    frame = scope.frame
    assert frame is not None
    for trigger in frame.plan.triggers:
        scope.tree.spawn(scope, trigger)


def begin(scope: Token) -> None:
    """Begin a scope that is entered by a sequence flow: at its none start event, or where nothing leads in."""
    frame = scope.frame
    assert frame is not None
    listen(scope)
    for element in frame.plan.entries:
        scope.tree.spawn(scope, element)


def find_plan(program: Program, scope_id: str) -> Plan:
    """The plan of a scope of the program; ModelError when the program has none (another version of the file)."""
    try:
        return program.plans[scope_id]
    except KeyError:
        raise ModelError(
            "Process %(process)s has no scope %(scope)s. Give the version that the instance was started with.",
            process=program.process_id,
            scope=scope_id,
        ) from None
