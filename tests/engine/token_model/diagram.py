"""Diagrams as plain values: what the token model runs, and the BPMN that the engine reads."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.engine.definitions.diagrams import definitions, event, extensions


@dataclass(frozen=True)
class Condition:
    """`name op value`, with op one of `<` and `>=`."""

    name: str
    op: str
    value: int

    def __str__(self) -> str:
        return f"${{{self.name} {self.op} {self.value}}}"


@dataclass
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    condition: Condition | None = None


@dataclass
class Many:
    """Multi-instance: `count` items; with `enough` it is done when that many items are."""

    count: int
    sequential: bool
    enough: int = 0
    collect: str = ""
    """The name that gets the list of `collect_of`'s values of the items, in their order."""
    collect_of: str = ""


@dataclass
class Again:
    """A standard loop: again while the condition holds, `most` times at most."""

    condition: Condition
    before: bool
    most: int


@dataclass
class Node:
    """A flow node.

    Kinds: start, end, terminate, error, task, user, script, catch, sub, exclusive, parallel, inclusive, events,
    boundary, aside (an event subprocess; its start is of kind trigger). `copies` are names that the activity declares
    for itself with their outer value. `counter` is the name a script adds 1 to; `code` of error ends and boundaries.
    """

    id: str
    kind: str
    default: str = ""
    body: Diagram | None = None
    many: Many | None = None
    again: Again | None = None
    copies: tuple[str, ...] = ()
    counter: str = ""
    host: str = ""
    interrupting: bool = True
    code: str = ""


@dataclass
class Diagram:
    """A scope."""

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)

    def outgoing(self, node: str) -> list[Flow]:
        """The flows out of a node, in document order."""
        return [flow for flow in self.flows.values() if flow.source == node]

    def incoming(self, node: str) -> list[Flow]:
        """The flows into a node."""
        return [flow for flow in self.flows.values() if flow.target == node]

    def boundaries(self, node: str) -> list[Node]:
        """The boundary events on a node."""
        return [found for found in self.nodes.values() if found.host == node]


_TAGS = {
    "start": "startEvent", "end": "endEvent", "terminate": "endEvent", "error": "endEvent", "task": "task",
    "user": "userTask", "script": "scriptTask", "catch": "intermediateCatchEvent", "sub": "subProcess",
    "exclusive": "exclusiveGateway", "parallel": "parallelGateway", "inclusive": "inclusiveGateway",
    "events": "eventBasedGateway", "boundary": "boundaryEvent", "aside": "subProcess", "trigger": "startEvent",
}  # fmt: skip


def write(diagram: Diagram) -> bytes:
    """The diagram as a BPMN file."""
    names: list[str] = []
    codes: set[str] = set()
    body = _scope(diagram, names, codes)
    declared = [f'<bpmn:message id="m_{name}" name="m_{name}" />' for name in names]
    declared += [f'<bpmn:error id="{code}" errorCode="{code}" />' for code in sorted(codes)]
    return definitions(*declared, f'<bpmn:process id="p" isExecutable="true">{body}</bpmn:process>')


def _scope(diagram: Diagram, names: list[str], codes: set[str]) -> str:
    parts = [_node(node, names, codes) for node in diagram.nodes.values()]
    for flow in diagram.flows.values():
        inner = f"<bpmn:conditionExpression>{_escaped(str(flow.condition))}</bpmn:conditionExpression>"
        parts.append(
            f'<bpmn:sequenceFlow id="{flow.id}" sourceRef="{flow.source}" targetRef="{flow.target}">'
            f"{inner if flow.condition else ''}</bpmn:sequenceFlow>"
        )
    return "\n".join(parts)


def _node(node: Node, names: list[str], codes: set[str]) -> str:
    more, inner = _attributes(node), _extensions(node)
    if node.kind in ("catch", "trigger") or (node.kind == "boundary" and not node.code):
        names.append(node.id)
        inner += event("message", more=f'messageRef="m_{node.id}"')
    if node.code:
        codes.add(node.code)
        inner += event("error", more=f'errorRef="{node.code}"')
    if node.kind == "terminate":
        inner += event("terminate")
    if node.kind == "script":
        inner += f"<bpmn:script>{node.counter} + 1</bpmn:script>"
    if node.many is not None:
        inner += _many(node)
    if node.again is not None:
        inner += (
            f'<bpmn:standardLoopCharacteristics testBefore="{str(node.again.before).lower()}"'
            f' loopMaximum="{node.again.most}"><bpmn:loopCondition>{_escaped(str(node.again.condition))}'
            "</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
        )
    if node.body is not None:
        inner += _scope(node.body, names, codes)
    tag = _TAGS[node.kind]
    return f'<bpmn:{tag} id="{node.id}" {more}>{inner}</bpmn:{tag}>'


def _attributes(node: Node) -> str:
    more = f'default="{node.default}"' if node.default else ""
    if node.kind == "boundary":
        more += f' attachedToRef="{node.host}" cancelActivity="{str(node.interrupting).lower()}"'
    if node.kind == "trigger":
        more += f' isInterrupting="{str(node.interrupting).lower()}"'
    if node.kind == "aside":
        more += ' triggeredByEvent="true"'
    if node.kind == "script":
        more += f' scriptFormat="feel" camunda:resultVariable="{node.counter}"'
    if node.kind == "user":
        more += ' camunda:candidateGroups="all"'
    return more


def _extensions(node: Node) -> str:
    copies = [f'<camunda:inputParameter name="{name}">${{{name}}}</camunda:inputParameter>' for name in node.copies]
    if node.kind == "sub":
        copies.append(f'<camunda:inputParameter name="mark_{node.id}">${{mark()}}</camunda:inputParameter>')
    parts = [f"<camunda:inputOutput>{''.join(copies)}</camunda:inputOutput>"] if copies else []
    if node.many is not None and node.many.collect:
        parts.append(
            f'<camunda:properties><camunda:property name="outputCollection" value="{node.many.collect}" />'
            f'<camunda:property name="outputElement" value="${{{node.many.collect_of}}}" /></camunda:properties>'
        )
    return extensions(*parts) if parts else ""


def _many(node: Node) -> str:
    assert node.many is not None
    done = f"${{nrOfCompletedInstances &gt;= {node.many.enough}}}"
    enough = f"<bpmn:completionCondition>{done}</bpmn:completionCondition>"
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(node.many.sequential).lower()}"'
        f' camunda:collection="${{marks({node.many.count})}}" camunda:elementVariable="item_{node.id}">'
        f"{enough if node.many.enough else ''}</bpmn:multiInstanceLoopCharacteristics>"
    )


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")
