"""A BPMN file as typed values: what the reader makes and everybody else reads.

Nothing here evaluates or runs anything. Texts that may be expressions are kept as written (`${…}` or literal).
Element kinds carry the tag names of BPMN 2.0, so that a reader of the standard finds them again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """The flow nodes that the dialect knows, by their BPMN tag (an event subprocess has a kind of its own)."""

    TASK = "task"
    USER_TASK = "userTask"
    MANUAL_TASK = "manualTask"
    SERVICE_TASK = "serviceTask"
    SCRIPT_TASK = "scriptTask"
    BUSINESS_RULE_TASK = "businessRuleTask"
    SEND_TASK = "sendTask"
    RECEIVE_TASK = "receiveTask"
    CALL_ACTIVITY = "callActivity"
    SUB_PROCESS = "subProcess"
    TRANSACTION = "transaction"
    EVENT_SUB_PROCESS = "eventSubProcess"
    AD_HOC_SUB_PROCESS = "adHocSubProcess"
    START_EVENT = "startEvent"
    END_EVENT = "endEvent"
    CATCH_EVENT = "intermediateCatchEvent"
    THROW_EVENT = "intermediateThrowEvent"
    BOUNDARY_EVENT = "boundaryEvent"
    EXCLUSIVE_GATEWAY = "exclusiveGateway"
    PARALLEL_GATEWAY = "parallelGateway"
    INCLUSIVE_GATEWAY = "inclusiveGateway"
    EVENT_BASED_GATEWAY = "eventBasedGateway"
    COMPLEX_GATEWAY = "complexGateway"


class EventKind(StrEnum):
    """The event definitions of BPMN 2.0 §10.5 by their tag without `EventDefinition`."""

    MESSAGE = "message"
    TIMER = "timer"
    SIGNAL = "signal"
    ERROR = "error"
    ESCALATION = "escalation"
    CONDITIONAL = "conditional"
    COMPENSATE = "compensate"
    CANCEL = "cancel"
    TERMINATE = "terminate"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Timer:
    """`kind` is `timeDate`, `timeDuration` or `timeCycle`; `text` is a literal or `${…}`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """One event definition of an event.

    `ref` is the id of the message, signal, error or escalation (or the activity of a compensation), `name` the
    name or code that matching uses: message and signal name, error and escalation code, link name.
    `condition` is the text of a conditional event. `code_variable` and `message_variable` are the names under which a
    caught error or escalation is kept (`camunda:errorCodeVariable`, `…MessageVariable`, `escalationCodeVariable`).
    """

    kind: EventKind
    line: int
    id: str = ""
    ref: str = ""
    name: str = ""
    timer: Timer | None = None
    condition: str = ""
    wait_for_completion: bool = True
    code_variable: str = ""
    message_variable: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. `condition` is empty when there is none; `language` is what the condition says it is
    written in (empty for the dialect's own). A flow written without an id gets `source--target` (`--2`, …)."""

    id: str
    name: str
    source: str
    target: str
    condition: str
    line: int
    documentation: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    language: str = ""


@dataclass(frozen=True, slots=True)
class Mapping_:  # noqa: N801 - Mapping is taken by the standard library
    """`camunda:in`, `camunda:out`, `camunda:inputParameter` or `camunda:outputParameter`: target := expression.

    `expression` is a literal or `${…}`; a plain `source` of `camunda:in/out` is stored as `${source}`. `form` names
    a way of writing that the dialect does not run (`list`, `map`, `script`): validation refuses it.
    """

    target: str
    expression: str
    line: int
    form: str = ""


@dataclass(frozen=True, slots=True)
class EnumValue:
    """One value of a choice: what is stored, what is shown, and `camunda:properties` given to it, if any."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class FormField:
    """A `camunda:formField` as written; `engine.forms` gives it its meaning.

    `id` of a column is `table[].column`. `constraints` maps a constraint name (`required`, `min`, `max`,
    `minlength`, `maxlength`, `readonly`) to its `config` text.
    """

    id: str
    label: str
    type: str
    default: str
    values: tuple[EnumValue, ...]
    constraints: Mapping[str, str]
    properties: Mapping[str, str]
    line: int


@dataclass(frozen=True, slots=True)
class Thrown:
    """What a multi-instance activity throws to its boundary events when an instance of it has completed (§10.3.7):
    the event definition, and when: `every` time, with the `first`, or whenever `condition` is true."""

    event: EventDefinition
    when: str
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Loop:
    """Multi-instance or standard loop of an activity.

    `collection` and `element` come from `camunda:collection` and `camunda:elementVariable` (or the standard's
    `loopDataInputRef`, `inputDataItem`); `output_collection` and `output_element` from camunda:properties.
    `standard` marks a standard loop, then `completion` is its loopCondition and `test_before` applies.
    """

    sequential: bool
    line: int
    cardinality: str = ""
    collection: str = ""
    element: str = ""
    completion: str = ""
    output_collection: str = ""
    output_element: str = ""
    standard: bool = False
    test_before: bool = False
    behavior: str = ""
    thrown: tuple[Thrown, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """What a call activity calls. `variables_in`/`variables_out` are `all` or empty.

    `binding` is `camunda:calledElementBinding`: `deployment` (the process of the same set, as without any), `latest`
    (that of the set deployed last), `version` or `versionTag`; `version` is the number or the tag meant then.
    """

    element: str
    inputs: tuple[Mapping_, ...]
    outputs: tuple[Mapping_, ...]
    variables_in: str
    variables_out: str
    business_key: str
    binding: str = ""
    version: str = ""

    @property
    def latest(self) -> bool:
        """Whether the newest deployment is asked."""
        return self.binding == "latest"


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who may do a user task and until when; every text is a literal or `${…}`, lists are comma-separated."""

    assignee: str = ""
    candidate_users: str = ""
    candidate_groups: str = ""
    due: str = ""
    follow_up: str = ""
    priority: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """`camunda:decisionRef` with its result; `map_result` is singleEntry, singleResult, collectEntries or
    resultList (the default)."""

    ref: str
    result_variable: str
    map_result: str
    latest: bool


@dataclass(frozen=True, slots=True)
class AdHoc:
    """How an ad-hoc subprocess is done: the text of its completion condition, whether one thing at a time
    (`ordering="Sequential"`), whether its end withdraws what is still open (`cancelRemainingInstances`)."""

    completion: str
    sequential: bool
    cancels: bool


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node with everything the dialect reads of it.

    `scope` is the id of the scope (process or subprocess) it stands in; `body` is the inner scope of a subprocess.
    `lane` is the innermost lane. `topic` is set when `camunda:type="external"`, `task_priority` says how urgent such a
    step is among others; `implementation` names another way of implementing it that was written (`class`, `expression`,
    …), which validation refuses. `compensated_by` is the id of the compensation handler, on the activity and on its
    compensation boundary event. `properties` never holds an empty name; a name written twice keeps its first value.
    `plane` is the id of the element on whose drawing plane the node is drawn (its process, or a collapsed subprocess).
    `activation` is the condition of a complex gateway. `instantiates` marks a receive task or event gateway that begins
    the process, `all_events` such a gateway that waits for all its events (`eventGatewayType="Parallel"`).
    """

    id: str
    name: str
    kind: Kind
    scope: str
    line: int
    documentation: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    lane: str = ""
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default_flow: str = ""
    events: tuple[EventDefinition, ...] = ()
    parallel_multiple: bool = False
    attached_to: str = ""
    interrupting: bool = True
    boundaries: tuple[str, ...] = ()
    loop: Loop | None = None
    form: tuple[FormField, ...] = ()
    form_key: str = ""
    assignment: Assignment = Assignment()
    call: Call | None = None
    decision: Decision | None = None
    topic: str = ""
    task_priority: str = ""
    implementation: str = ""
    inputs: tuple[Mapping_, ...] = ()
    outputs: tuple[Mapping_, ...] = ()
    result_variable: str = ""
    script: str = ""
    script_format: str = ""
    message_ref: str = ""
    message_name: str = ""
    async_before: bool = False
    for_compensation: bool = False
    compensated_by: str = ""
    body: Scope | None = None
    plane: str = ""
    ad_hoc: AdHoc | None = None
    activation: str = ""
    instantiates: bool = False
    all_events: bool = False
    start_quantity: int = 1
    completion_quantity: int = 1


@dataclass(frozen=True, slots=True)
class Scope:
    """A process or an embedded subprocess: its own nodes and flows in document order."""

    id: str
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]

    def starts(self) -> tuple[Node, ...]:
        """What can begin a process of this scope, in document order: its start events, receive tasks that instantiate,
        and what follows event gateways that do (§10.5.2, §10.6.6)."""
        behind = {
            self.flows[flow].target for node in self.nodes.values() if node.instantiates for flow in node.outgoing
            if node.kind is Kind.EVENT_BASED_GATEWAY
        }  # fmt: skip
        return tuple(
            node
            for node in self.nodes.values()
            if node.kind is Kind.START_EVENT
            or (node.instantiates and node.kind is Kind.RECEIVE_TASK)
            or node.id in behind
        )

    def loose(self) -> tuple[Node, ...]:
        """What nothing leads to and nothing else begins: it begins together with the scope (§10.3, §13.3.4)."""
        return tuple(node for node in self.nodes.values() if _is_loose(node))

    def walk(self) -> Iterator[Node]:
        """Every node of this scope and of the scopes within, outer before inner."""
        for node in self.nodes.values():
            yield node
            if node.body is not None:
                yield from node.body.walk()


_BEGUN = {Kind.START_EVENT, Kind.BOUNDARY_EVENT, Kind.EVENT_SUB_PROCESS}


def _is_loose(node: Node) -> bool:
    if node.incoming or node.kind in _BEGUN or node.for_compensation or node.instantiates:
        return False
    return not (node.kind is Kind.CATCH_EVENT and any(event.kind is EventKind.LINK for event in node.events))


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane of a process with the ids of the nodes that stand directly in it."""

    id: str
    name: str
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProcessDefinition:
    """One `bpmn:process` of a file, or a global task as a process of that one task. `digest` is the SHA-256 of the
    file's bytes."""

    id: str
    name: str
    file: str
    line: int
    digest: str
    executable: bool
    version_tag: str
    documentation: str
    properties: Mapping[str, str]
    scope: Scope
    lanes: tuple[Lane, ...]

    @property
    def global_task(self) -> bool:
        """Whether it is no process but a task that call activities call (§10.3.6): its only node has its id."""
        return self.id in self.scope.nodes

    def node(self, element_id: str) -> Node:
        """The node with this id in any scope; KeyError when there is none."""
        for node in self.scope.walk():
            if node.id == element_id:
                return node
        raise KeyError(element_id)


@dataclass(frozen=True, slots=True)
class Pool:
    """A participant of a collaboration; `process` is the id of its process, empty for a black box."""

    id: str
    name: str
    process: str
    line: int


@dataclass(frozen=True, slots=True)
class MessageFlow:
    """A message flow between pools. Messages find their way by name and business key; the flow gives its name (that
    of its `message`, else its own) to ends that name no message."""

    id: str
    name: str
    source: str
    target: str
    line: int
    message: str = ""


@dataclass(frozen=True, slots=True)
class CorrelationPath:
    """Where a correlation property stands in a message (`correlationPropertyRetrievalExpression`): a name of its
    payload, or a name within one."""

    property: str
    message: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class WrittenExtension:
    """An element below `extensionElements` as written. `path` are the names from there, as
    `camunda:formData/camunda:formField`; names of other namespaces stand in Clark notation."""

    path: str
    attributes: Mapping[str, str]
    line: int


@dataclass(frozen=True, slots=True)
class Written:
    """A BPMN element as written, for the checks of what nobody reads.

    `tag` is its local name, `parent` that of the element around it. `attributes` keeps plain names, `camunda:…`
    for the dialect's and Clark notation for others. `references` are (attribute or child tag, id it names).
    `owner` is the nearest id at or above it, `process` that of the process around it (empty outside of all).
    """

    tag: str
    parent: str
    owner: str
    id: str
    name: str
    line: int
    attributes: Mapping[str, str]
    extensions: tuple[WrittenExtension, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    process: str = ""


@dataclass(frozen=True, slots=True)
class BpmnFile:
    """All processes of a file. Message, signal, error and escalation names are resolved in the nodes already.

    `pools` are there for drawing only. `written` lists every BPMN element in document order.
    """

    name: str
    digest: str
    processes: tuple[ProcessDefinition, ...]
    pools: tuple[Pool, ...] = ()
    message_flows: tuple[MessageFlow, ...] = ()
    written: tuple[Written, ...] = ()
    correlation_paths: tuple[CorrelationPath, ...] = ()
