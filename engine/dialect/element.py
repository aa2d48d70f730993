"""What every flow node has in common: how it is begun, how it is left, which flows it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

from engine.definitions.model import Node
from engine.dialect import texts
from engine.dialect.occurrences import ConditionEvaluated, ElementEntered, ElementLeft
from engine.dialect.token import Phase, Token
from engine.dialect.variables import declare, evaluate, write
from engine.errors import ModelError
from engine.expressions import Compiled
from engine.values import Value

if TYPE_CHECKING:
    from engine.dialect.events import BoundaryEvent
    from engine.dialect.scope import Plan


@dataclass(frozen=True, slots=True, eq=False)
class OutFlow:
    """A sequence flow as its source sees it. `drawn` is false for the jump of a link event."""

    id: str
    source: Element
    target: Element
    condition: Compiled | None
    default: bool
    drawn: bool = True


class Element(BpmnTaskSpec):  # type: ignore[misc]
    """A flow node. SpiffWorkflow calls the methods with an underscore; a family overrides the others.

    `told` says whether a token here is shown to those outside as being at this element.
    """

    told = True
    beside = False
    """Whether it is an event subprocess, which stands beside the flow of its scope."""
    interrupts = False
    """Whether it is an event subprocess that has interrupted its scope."""
    climbing: tuple[BoundaryEvent, ...] = ()
    """The boundary events that catch what climbs: errors, escalations, a cancelled transaction."""
    name: str

    def __init__(self, plan: Plan, node: Node, name: str = "") -> None:
        super().__init__(plan, name or node.id, documentation=node.documentation, lane=node.lane or None)
        self.bpmn_id = node.id
        self.bpmn_name = node.name
        self.plan = plan
        self.node = node
        self.element_id = node.id
        self.flows: tuple[OutFlow, ...] = ()
        self.input_mappings = texts.mappings(node, "input", node.inputs)
        self.output_mappings = texts.mappings(node, "output", node.outputs)

    # ---- what SpiffWorkflow calls: nothing is predicted, tested or inherited

    def _predict(self, *args: object, **more: object) -> None:
        """Nothing is predicted: the tree holds what is."""

    def _update_hook(self, token: Token) -> bool:  # noqa: ARG002
        return True

    def _on_ready(self, token: Token) -> None:
        token.tree.queue.append(token)

    def _run(self, token: Token) -> bool | None:
        if token.phase is not Phase.LEAVE and not self.enter(token):
            return None
        token.took = self.choose(token)
        return True

    def _on_complete(self, token: Token) -> None:
        self.leave(token)

    # ---- what a family overrides

    def arrive(self, scope: Token, flow: OutFlow) -> None:  # noqa: ARG002
        """A token comes along this flow (BPMN 2.0 §13.2: each one begins the element anew)."""
        scope.tree.spawn(scope, self)

    def enter(self, token: Token) -> bool:
        """Begin the element; True when nothing is to be waited for. May raise a GendanError, and is undone then."""
        self.map_inputs(token)
        return self.perform(token)

    def perform(self, token: Token) -> bool:  # noqa: ARG002
        """What the element does once its inputs are there; True when nothing is to be waited for."""
        return True

    def choose(self, token: Token) -> tuple[OutFlow, ...]:
        """Prepare leaving: results, outputs, the flows to take. May raise a GendanError, and is undone then."""
        self.conclude(token)
        self.map_outputs(token)
        return self.pick(token)

    def conclude(self, token: Token) -> None:
        """Results that stand before the output mapping."""

    def leave(self, token: Token) -> None:
        """The token is done here; nothing may fail any more."""
        tree, took = token.tree, token.took
        tree.tell(ElementLeft(token.place(), tuple(flow.id for flow in took if flow.drawn)))
        tree.pass_on(token, took)

    def child_left(self, token: Token) -> None:
        """A token below this one is done."""

    def body_done(self, token: Token, scope: Token) -> None:
        """The scope below this token has nothing left to do."""

    def removed(self, token: Token) -> None:
        """The token was taken out of the tree, done (its state is COMPLETED) or withdrawn."""

    # ---- what families share

    def entered(self, token: Token) -> None:
        """Tell that the token has come to this element."""
        if self.told:
            token.tree.tell(ElementEntered(token.place()))

    def map_inputs(self, token: Token) -> None:
        """`camunda:inputParameter`: names of the activity's own, each seeing those before it."""
        for each in self.input_mappings:
            declare(token, each.target, None if each.value is None else evaluate(token, each.value))

    def map_outputs(self, token: Token) -> None:
        """`camunda:outputParameter`: evaluated here, written outward."""
        for each in self.output_mappings:
            write(token, each.target, None if each.value is None else evaluate(token, each.value), outward=True)

    def inputs_of(self, token: Token) -> dict[str, Value]:
        """The values of the input parameters, in order."""
        local: Mapping[str, Value] = token.local or {}
        return {each.target: local[each.target] for each in self.input_mappings}

    def pick(self, token: Token) -> tuple[OutFlow, ...]:
        """The flows out of an activity or event (§13.2.1): all without condition, of the others those that hold, the
        default when none of these does."""
        if len(self.flows) == 1 and self.flows[0].condition is None:
            return self.flows
        return self._hold(token, self.flows)

    def _hold(self, token: Token, flows: tuple[OutFlow, ...]) -> tuple[OutFlow, ...]:
        chosen = tuple(flow for flow in flows if not flow.default and self.holds(token, flow))
        if not any(flow.condition is not None for flow in chosen):
            chosen += tuple(flow for flow in flows if flow.default)
        if flows and not chosen:
            raise self.no_way(flows)
        return tuple(flow for flow in flows if flow in chosen)

    def holds(self, token: Token, flow: OutFlow) -> bool:
        """Whether the flow's condition is true. Null is false, and told; no condition is true."""
        if flow.condition is None:
            return True
        result = texts.as_truth(evaluate(token, flow.condition), f"The condition of flow {flow.id}")
        if result is None:
            token.tree.tell(ConditionEvaluated(token.place(), flow.id, None))
        return bool(result)

    def no_way(self, flows: tuple[OutFlow, ...]) -> ModelError:
        """No condition was true and there is no default flow."""
        return ModelError(
            "Element %(element)s %(name)s: no condition was true (%(flows)s) and there is no default flow. "
            "Add a default flow, or correct the variables and retry.",
            element=self.element_id,
            name=self.node.name,
            flows=", ".join(flow.id for flow in flows),
        )
