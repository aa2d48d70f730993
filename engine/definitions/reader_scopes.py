"""Processes and subprocesses: flow nodes, sequence flows, lanes, and how they hang together (§10.4)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from engine.definitions import reader_activities as activities
from engine.definitions.model import Assignment, EventKind, Flow, Kind, Lane, Node, Scope
from engine.definitions.reader_events import EventReader
from engine.definitions.reader_extensions import call, form, parameters, properties
from engine.definitions.xml import (
    Element,
    Unreadable,
    attribute,
    camunda,
    child,
    children,
    flag,
    line,
    local,
    reference,
    text,
    words,
)

MAX_DEPTH = 50

_KINDS = {kind.value: kind for kind in Kind if kind is not Kind.EVENT_SUB_PROCESS}
GLOBAL_TASKS = {
    "globalTask": Kind.TASK,
    "globalUserTask": Kind.USER_TASK,
    "globalManualTask": Kind.MANUAL_TASK,
    "globalScriptTask": Kind.SCRIPT_TASK,
    "globalBusinessRuleTask": Kind.BUSINESS_RULE_TASK,
}
"""Tasks that stand beside the processes, for call activities to call (§10.3.6)."""
_CONTAINERS = {"subProcess", "transaction", "adHocSubProcess"}
_EVENTS = {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
_SYSTEM = {"serviceTask", "sendTask", "businessRuleTask"}


@dataclass
class _Draft:
    """A scope while it is read: nodes still without their flows, flows, and lines drawn between things."""

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    associations: list[tuple[str, str]] = field(default_factory=list)
    lane_of: dict[str, str] = field(default_factory=dict)


class ScopeReader:
    """Reads the scopes of one process; gathers its lanes on the way (innermost ones, in document order)."""

    def __init__(self, events: EventReader, planes: dict[str, str]) -> None:
        self.lanes: list[Lane] = []
        self._events = events
        self._planes = planes

    def read(self, container: Element, scope_id: str, depth: int = 0) -> Scope:
        """The scope of a process or subprocess. Raises Unreadable when subprocesses nest too deep."""
        if depth > MAX_DEPTH:
            raise Unreadable(
                line(container), "Call a process instead.", "Subprocesses nest deeper than %(limit)d.", limit=MAX_DEPTH
            )
        draft = _Draft()
        for tag, element in children(container):
            if tag in _KINDS:
                node = self._node(tag, element, scope_id, depth)
                draft.nodes.setdefault(node.id, node)
            elif tag == "sequenceFlow":
                _flow(element, draft)
            elif tag == "association":
                draft.associations.append((reference(element, "sourceRef"), reference(element, "targetRef")))
            elif tag == "laneSet":
                self._lane_set(element, draft)
        return Scope(scope_id, _joined(draft), draft.flows)

    def alone(self, tag: str, element: Element, scope_id: str) -> Scope:
        """The scope of a global task: nothing but a task of this tag, which begins with it."""
        node = self._node(tag, element, scope_id, 0)
        return Scope(scope_id, {node.id: node}, {})

    def _node(self, tag: str, element: Element, scope_id: str, depth: int) -> Node:
        node_id = attribute(element, "id") or f"{tag}-{line(element)}"
        given = properties(element)
        inputs, outputs = parameters(element)
        node = Node(
            id=node_id,
            name=words(element, "name"),
            kind=_KINDS[tag],
            scope=scope_id,
            line=line(element),
            documentation="\n".join(text(item) for found, item in children(element) if found == "documentation"),
            properties=given,
            default_flow=reference(element, "default"),
            loop=activities.loop(element, given, self._events),
            form=form(element),
            form_key=camunda(element, "formKey") or camunda(element, "formRef"),
            inputs=inputs,
            outputs=outputs,
            result_variable=camunda(element, "resultVariable"),
            async_before=camunda(element, "asyncBefore") == "true",
            for_compensation=flag(element, "isForCompensation", False),
            plane=self._planes.get(node_id, ""),
            activation=text(child(element, "activationCondition")),
            instantiates=flag(element, "instantiate", False),
            all_events=attribute(element, "eventGatewayType") == "Parallel",
            start_quantity=activities.quantity(element, "startQuantity"),
            completion_quantity=activities.quantity(element, "completionQuantity"),
            ad_hoc=activities.ad_hoc(element) if tag == "adHocSubProcess" else None,
        )
        if tag in _EVENTS:
            return self._event(node, element)
        if tag in _CONTAINERS:
            triggered = flag(element, "triggeredByEvent", False)
            kind = Kind.EVENT_SUB_PROCESS if triggered and tag == "subProcess" else node.kind
            return replace(node, kind=kind, body=self.read(element, node_id, depth + 1))
        return self._task(node, tag, element)

    def _event(self, node: Node, element: Element) -> Node:
        boundary = node.kind is Kind.BOUNDARY_EVENT
        thrown = next((item for tag, item in children(element) if tag == "messageEventDefinition"), None)
        events = self._events.read(element)
        message = next((event for event in events if event.kind is EventKind.MESSAGE), None)
        return replace(
            node,
            events=events,
            parallel_multiple=flag(element, "parallelMultiple", False),
            attached_to=reference(element, "attachedToRef"),
            interrupting=flag(element, "cancelActivity" if boundary else "isInterrupting", True),
            topic="" if thrown is None else activities.topic(thrown),
            implementation="" if thrown is None else activities.implementation(thrown),
            message_ref="" if message is None else message.ref,
            message_name="" if message is None else message.name,
        )

    def _task(self, node: Node, tag: str, element: Element) -> Node:
        message = reference(element, "messageRef")
        return replace(
            node,
            assignment=activities.assignment(element) if tag == "userTask" else Assignment(),
            call=call(element) if tag == "callActivity" else None,
            decision=activities.decision(element) if tag == "businessRuleTask" else None,
            topic=activities.topic(element) if tag in _SYSTEM else "",
            task_priority=activities.task_priority(element) if tag in _SYSTEM else "",
            implementation=activities.implementation(element) if tag in _SYSTEM else "",
            script=text(child(element, "script")) if tag == "scriptTask" else "",
            script_format=attribute(element, "scriptFormat"),
            message_ref=message,
            message_name=self._events.message(message),
        )

    def _lane_set(self, lane_set: Element, draft: _Draft, depth: int = 0) -> None:
        for tag, lane in children(lane_set):
            if tag != "lane" or depth > MAX_DEPTH:
                continue
            lane_id, inner = attribute(lane, "id"), child(lane, "childLaneSet")
            names = tuple(local(text(item)) for found, item in children(lane) if found == "flowNodeRef")
            for name in names:
                draft.lane_of[name] = lane_id
            self.lanes.append(Lane(lane_id, attribute(lane, "name"), names))
            if inner is not None:
                self._lane_set(inner, draft, depth + 1)


def _flow(element: Element, draft: _Draft) -> None:
    source, target = reference(element, "sourceRef"), reference(element, "targetRef")
    written = child(element, "conditionExpression")
    flow = Flow(
        id=attribute(element, "id") or _derived(f"{source}--{target}", draft),
        name=words(element, "name"),
        source=source,
        target=target,
        condition=text(written),
        line=line(element),
        documentation=text(child(element, "documentation")),
        properties=properties(element),
        language="" if written is None else attribute(written, "language"),
    )
    draft.flows.setdefault(flow.id, flow)


def _derived(wanted: str, draft: _Draft) -> str:
    number, found = 1, wanted
    while found in draft.flows:
        number += 1
        found = f"{wanted}--{number}"
    return found


def _joined(draft: _Draft) -> dict[str, Node]:
    """The nodes with their flows, boundaries and compensation handlers, all in document order."""
    incoming: dict[str, list[str]] = {}
    outgoing: dict[str, list[str]] = {}
    boundaries: dict[str, list[str]] = {}
    handlers: dict[str, str] = {}
    for flow in draft.flows.values():
        outgoing.setdefault(flow.source, []).append(flow.id)
        incoming.setdefault(flow.target, []).append(flow.id)
    handles = dict(draft.associations)
    for node in draft.nodes.values():
        if node.kind is Kind.BOUNDARY_EVENT:
            boundaries.setdefault(node.attached_to, []).append(node.id)
            if any(event.kind is EventKind.COMPENSATE for event in node.events):
                handlers[node.id] = handlers[node.attached_to] = handles.get(node.id, "")
    return {
        node.id: replace(
            node,
            incoming=tuple(incoming.get(node.id, ())),
            outgoing=tuple(outgoing.get(node.id, ())),
            boundaries=tuple(boundaries.get(node.id, ())),
            compensated_by=handlers.get(node.id, ""),
            lane=draft.lane_of.get(node.id, ""),
        )
        for node in draft.nodes.values()
    }
