"""A process compiled to SpiffWorkflow specs of our own: what its instances share, and how it is built.

Built in three passes over each scope: the elements with their texts; the flows, in the order of the file; what hangs
on them (boundary events, triggers, event subprocesses, links, inclusive joins). Nothing changes afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.definitions.model import EventDefinition, EventKind, Flow, Kind, Node, ProcessDefinition, Scope
from engine.dialect import texts
from engine.dialect.activity import Activity
from engine.dialect.adhoc import AdHocSubProcess
from engine.dialect.call import CallActivity
from engine.dialect.compensation import CancelEnd, CompensationThrow
from engine.dialect.complex_gateway import ComplexGateway
from engine.dialect.element import Element, OutFlow
from engine.dialect.events import (
    BoundaryEvent,
    CatchEvent,
    ErrorEnd,
    EscalationThrow,
    LinkThrow,
    MessageThrow,
    SignalThrow,
    StartEvent,
    TerminateEnd,
    ThrowEvent,
)
from engine.dialect.gateways import (
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    ParallelGateway,
    reach_of,
)
from engine.dialect.scope import Plan
from engine.dialect.subprocess import EventSubProcess, SubProcess
from engine.dialect.tasks import (
    BusinessRuleTask,
    PassingTask,
    ReceiveTask,
    ScriptTask,
    SendTask,
    ServiceTask,
    UserTask,
)
from engine.dialect.triggers import MessageTrigger, triggers_of
from engine.errors import ModelError

_CLIMBING = (EventKind.ERROR, EventKind.ESCALATION, EventKind.CANCEL)
_LISTENED = (EventKind.MESSAGE, EventKind.TIMER, EventKind.SIGNAL, EventKind.CONDITIONAL)


@dataclass(frozen=True, eq=False)
class Program:
    """A compiled process. `digest` is that of the file it came from; together with `process_id` it names it.

    `plan` is the process itself, `plans` are all scopes by id, `starts` the ids of its start events.
    """

    definition: ProcessDefinition = field(repr=False)
    plan: Plan = field(repr=False)
    plans: Mapping[str, Plan] = field(repr=False)
    starts: frozenset[str]
    process_id: str
    digest: str


def compile_program(definition: ProcessDefinition) -> Program:
    """Compile a process, every text of it once. Raises ModelError for what the dialect refuses and ExpressionError
    for a text that cannot be read, both naming the element."""
    plans: dict[str, Plan] = {}
    plan = _plan(definition.scope, None, plans)
    starts = frozenset(node.id for node in definition.scope.starts())
    return Program(definition, plan, plans, starts, definition.id, definition.digest)


def start_of(program: Program, start_event: str | None) -> Element | None:
    """Where an instance begins, beside what nothing leads to: at the start event named, at the none start, at the only
    one; None in a process without any. ModelError when that is not clear."""
    starts = [program.plan.elements[name] for name in sorted(program.starts)]
    if start_event is not None:
        starts = [element for element in starts if element.element_id == start_event]
        if starts:
            return starts[0]
    else:
        plain = [element for element in starts if _is_plain(element.node)] or starts
        if len(plain) <= 1:
            return plain[0] if plain else None
    raise ModelError(
        "Process %(process)s has no one start event%(wanted)s. Name one of: %(starts)s.",
        process=program.process_id,
        wanted=f" {start_event}" if start_event else " to begin at",
        starts=", ".join(sorted(program.starts)) or "-",
    )


def started_beside(program: Program, start: Element | None) -> tuple[Element, ...]:
    """What waits too once an instance has begun behind an event gateway for all its events (§10.6.6)."""
    for flow in start.node.incoming if start is not None else ():
        gateway = program.plan.elements[program.plan.scope.flows[flow].source]
        if gateway.node.instantiates and gateway.node.all_events:
            return tuple(each.target for each in gateway.flows if each.target is not start)
    return ()


def _is_plain(node: Node) -> bool:
    return node.kind is Kind.START_EVENT and not node.events


def _plan(scope: Scope, host: Node | None, plans: dict[str, Plan]) -> Plan:
    plan = Plan(scope, host)
    plans[scope.id] = plan
    for node in scope.nodes.values():
        plan.elements[node.id] = _element(plan, node, plans)
    for element in plan.elements.values():
        _connect(plan, scope, element)
    for element in plan.elements.values():
        _hang(plan, element)
    for element in plan.elements.values():
        if isinstance(element, InclusiveGateway) and len(element.node.incoming) > 1:
            element.reach = reach_of(element, plan.elements)
    plan.loose = tuple(plan.elements[node.id] for node in scope.loose())
    plain = [element for element in plan.elements.values() if _is_plain(element.node)]
    plan.entries = (*(plain if len(plain) == 1 else ()), *plan.loose)
    return plan


def _element(plan: Plan, node: Node, plans: dict[str, Plan]) -> Element:
    if node.kind is Kind.EVENT_SUB_PROCESS:
        return _event_subprocess(plan, node, plans)
    if node.kind in (Kind.SUB_PROCESS, Kind.TRANSACTION):
        element = SubProcess(plan, node)
        element.body = _plan(_body(node), node, plans)
        return element
    if node.kind is Kind.AD_HOC_SUB_PROCESS:
        loosely = AdHocSubProcess(plan, node)
        loosely.body = _plan(_body(node), node, plans)
        loosely.body.any_order = loosely
        return loosely
    if node.kind in (Kind.THROW_EVENT, Kind.END_EVENT):
        return _throwing(plan, node)
    if node.kind is Kind.SEND_TASK:
        return SendTask(plan, node) if not node.topic else ServiceTask(plan, node)
    made = _MADE.get(node.kind)
    if made is None:
        raise texts.refuse(node, f"{node.kind} is not run", "Draw it with other gateways, events or a subprocess.")
    return made(plan, node)


_MADE: Mapping[Kind, Callable[[Plan, Node], Element]] = {
    Kind.TASK: PassingTask,
    Kind.MANUAL_TASK: PassingTask,
    Kind.USER_TASK: UserTask,
    Kind.SERVICE_TASK: ServiceTask,
    Kind.SCRIPT_TASK: ScriptTask,
    Kind.BUSINESS_RULE_TASK: BusinessRuleTask,
    Kind.RECEIVE_TASK: ReceiveTask,
    Kind.CALL_ACTIVITY: CallActivity,
    Kind.START_EVENT: StartEvent,
    Kind.CATCH_EVENT: CatchEvent,
    Kind.BOUNDARY_EVENT: BoundaryEvent,
    Kind.EXCLUSIVE_GATEWAY: ExclusiveGateway,
    Kind.PARALLEL_GATEWAY: ParallelGateway,
    Kind.INCLUSIVE_GATEWAY: InclusiveGateway,
    Kind.COMPLEX_GATEWAY: ComplexGateway,
    Kind.EVENT_BASED_GATEWAY: EventBasedGateway,
}


def _body(node: Node) -> Scope:
    if node.body is None:
        raise texts.refuse(node, "it has no content", "Draw what happens in it.")
    return node.body


def _event_subprocess(plan: Plan, node: Node, plans: dict[str, Plan]) -> Element:
    starts = [each for each in _body(node).nodes.values() if each.kind is Kind.START_EVENT]
    if len(starts) != 1 or len(starts[0].events) == 0:
        raise texts.refuse(
            node, "an event subprocess begins with one start event that has a definition", "Draw exactly one."
        )
    element = EventSubProcess(plan, node, starts[0])
    element.body = _plan(_body(node), node, plans)
    start = element.body.elements[starts[0].id]
    assert isinstance(start, StartEvent)
    start.handler = element
    kinds = {definition.kind for definition in starts[0].events}
    if kinds & set(_CLIMBING):
        plan.handlers += (element,)
    if EventKind.COMPENSATE in kinds:
        plan.undoing = element
    start.triggers = triggers_of(plan, start, repeats=_repeats(start.node), prefix=f"{node.id}:")
    plan.triggers += start.triggers
    return element


def _repeats(node: Node) -> bool:
    """Whether the timers of an event go on; those of a parallel multiple one wait for the others first."""
    return not node.interrupting and not (node.parallel_multiple and len(node.events) > 1)


def _throwing(plan: Plan, node: Node) -> Element:
    if not node.events:
        return ThrowEvent(plan, node)
    single = node.events[0] if len(node.events) == 1 else None
    if single is not None and single.kind is EventKind.MESSAGE and node.topic:
        return ServiceTask(plan, node)
    if single is not None and single.kind is EventKind.LINK and node.kind is Kind.THROW_EVENT:
        return LinkThrow(plan, node)
    first = [each for each in node.events if each.kind in _THROWN_BY_NAME]
    last = [each for each in node.events if each.kind not in _THROWN_BY_NAME]
    if len(last) > 1 or (single is None and node.topic):
        raise texts.refuse(node, "it throws what cannot go together", "Draw one throwing event for each.")
    ordered = [*first, *last]
    also = tuple(_thrown(plan, node, each, f"{node.id}#{number}") for number, each in enumerate(ordered[:-1]))
    thrown = _thrown(plan, node, ordered[-1], "")
    thrown.also = also
    return thrown


def _thrown(plan: Plan, node: Node, definition: EventDefinition, spec: str) -> ThrowEvent:
    """One definition of a throwing event; `spec` names it where it is not the last."""
    kind, end = definition.kind, node.kind is Kind.END_EVENT
    if kind in _THROWN_BY_NAME:
        return _THROWN_BY_NAME[kind](plan, node, definition.name or node.message_name, spec)
    if kind is EventKind.COMPENSATE:
        return CompensationThrow(plan, node, definition.ref, definition.wait_for_completion)
    if kind is EventKind.ERROR and end:
        return ErrorEnd(plan, node, definition.name)
    if kind is EventKind.TERMINATE and end:
        return TerminateEnd(plan, node)
    if kind is EventKind.CANCEL and end and plan.host is not None and plan.host.kind is Kind.TRANSACTION:
        return CancelEnd(plan, node)
    raise texts.refuse(node, f"a {kind} event cannot stand here", "Choose another event.")


_THROWN_BY_NAME: Mapping[EventKind, Callable[[Plan, Node, str, str], ThrowEvent]] = {
    EventKind.MESSAGE: MessageThrow,
    EventKind.SIGNAL: SignalThrow,
    EventKind.ESCALATION: EscalationThrow,
}


def _connect(plan: Plan, scope: Scope, element: Element) -> None:
    """Flows in the order of the file, which is the order in which conditions are tried."""
    node = element.node
    flows = [_flow(plan, element, scope.flows[each]) for each in node.outgoing if each in scope.flows]
    if isinstance(element, LinkThrow):
        flows = [_jump(plan, element)]
    element.flows = tuple(flows)
    for flow in flows:
        element.connect(flow.target)


def _flow(plan: Plan, source: Element, flow: Flow) -> OutFlow:
    target = plan.elements.get(flow.target)
    if target is None:
        raise texts.refuse(source.node, f"its flow {flow.id} leads to nothing", "Connect it.")
    condition = texts.text(source.node, f"condition of flow {flow.id}", flow.condition)
    return OutFlow(flow.id, source, target, condition, flow.id == source.node.default_flow)


def _jump(plan: Plan, throw: LinkThrow) -> OutFlow:
    name = throw.node.events[0].name
    for element in plan.elements.values():
        definitions = element.node.events
        link = element.node.kind is Kind.CATCH_EVENT and definitions and definitions[0].kind is EventKind.LINK
        if link and definitions[0].name == name:
            return OutFlow(f"{throw.element_id}=>{element.element_id}", throw, element, None, False, drawn=False)
    raise texts.refuse(throw.node, f'no link "{name}" is caught in its scope', "Draw a link catch event of that name.")


def _hang(plan: Plan, element: Element) -> None:
    """Boundary events on their activity, triggers on what waits for them."""
    if isinstance(element, BoundaryEvent):
        _attach(plan, element)
    elif isinstance(element, ReceiveTask):
        name = f"{element.element_id}#0"
        element.triggers = (MessageTrigger(plan, element, name, element.node.message_name),)
    elif isinstance(element, CatchEvent):
        element.triggers = triggers_of(plan, element, repeats=False)
    elif isinstance(element, EventBasedGateway):
        _follow(plan, element)


def _attach(plan: Plan, boundary: BoundaryEvent) -> None:
    node = boundary.node
    host = plan.elements.get(node.attached_to)
    if not isinstance(host, Activity) or not node.events:
        raise texts.refuse(node, "it is attached to no activity, or has no definition", "Attach it and define it.")
    kinds = {definition.kind for definition in node.events}
    if kinds & {EventKind.TERMINATE, EventKind.LINK}:
        raise texts.refuse(node, "this event cannot be attached", "Choose another event.")
    if kinds & set(_CLIMBING):
        host.climbing += (boundary,)
    boundary.triggers = triggers_of(plan, boundary, repeats=_repeats(node))
    host.boundary_triggers += boundary.triggers


def _follow(plan: Plan, gateway: EventBasedGateway) -> None:
    """The triggers of the events after an event-based gateway stand below the gateway's token."""
    for flow in gateway.flows:
        event, prefix = flow.target, f"{gateway.element_id}:"
        if isinstance(event, ReceiveTask):
            name = f"{prefix}{event.element_id}#0"
            gateway.triggers += (MessageTrigger(plan, event, name, event.node.message_name),)
        elif isinstance(event, CatchEvent) and any(each.kind in _LISTENED for each in event.node.events):
            gateway.triggers += triggers_of(plan, event, repeats=False, prefix=prefix)
        else:
            raise texts.refuse(
                gateway.node, f"{event.element_id} after it waits for nothing", "Let only catching events follow."
            )
