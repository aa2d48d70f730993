"""A diagram as the BPMN file that the engine reads."""

from __future__ import annotations

from tests.engine.definitions.diagrams import definitions, event, extensions
from tests.engine.token_model.diagram import Condition, Diagram, Node

_TAGS = {
    "start": "startEvent", "end": "endEvent", "throw": "intermediateThrowEvent", "task": "task", "user": "userTask",
    "script": "scriptTask", "catch": "intermediateCatchEvent", "sub": "subProcess", "exclusive": "exclusiveGateway",
    "parallel": "parallelGateway", "inclusive": "inclusiveGateway", "events": "eventBasedGateway",
    "boundary": "boundaryEvent", "aside": "subProcess", "trigger": "startEvent",
}  # fmt: skip
_FORMAL = 'xsi:type="bpmn:tFormalExpression"'


def write(diagram: Diagram) -> bytes:
    """The diagram as a BPMN file."""
    declared: dict[str, str] = {}
    body = _scope(diagram, declared)
    return definitions(*declared.values(), f'<bpmn:process id="p" isExecutable="true">{body}</bpmn:process>')


def _scope(diagram: Diagram, declared: dict[str, str]) -> str:
    parts = [_node(node, declared) for node in diagram.nodes.values()]
    for flow in diagram.flows.values():
        inner = f"<bpmn:conditionExpression>{_written(flow.condition)}</bpmn:conditionExpression>"
        parts.append(
            f'<bpmn:sequenceFlow id="{flow.id}" sourceRef="{flow.source}" targetRef="{flow.target}">'
            f"{inner if flow.condition else ''}</bpmn:sequenceFlow>"
        )
    parts += [
        f'<bpmn:association id="as_{node.id}" sourceRef="{node.id}" targetRef="{node.handler}"'
        ' associationDirection="One" />'
        for node in diagram.nodes.values()
        if node.handler
    ]
    return "\n".join(parts)


def _node(node: Node, declared: dict[str, str]) -> str:
    inner = _extensions(node)
    if node.event:
        inner += _event(node, declared)
    if node.kind == "script":
        inner += f"<bpmn:script>{node.counter} + 1</bpmn:script>"
    if node.many is not None:
        inner += _many(node)
    if node.again is not None:
        inner += (
            f'<bpmn:standardLoopCharacteristics testBefore="{str(node.again.before).lower()}"'
            f' loopMaximum="{node.again.most}"><bpmn:loopCondition>{_written(node.again.condition)}'
            "</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
        )
    if node.body is not None:
        inner += _scope(node.body, declared)
    tag = "transaction" if node.transaction else _TAGS[node.kind]
    return f'<bpmn:{tag} id="{node.id}" {_attributes(node)}>{inner}</bpmn:{tag}>'


def _event(node: Node, declared: dict[str, str]) -> str:
    match node.event:
        case "message" | "signal":
            name = f"{node.event[0]}_{node.id}"
            declared[name] = f'<bpmn:{node.event} id="{name}" name="{name}" />'
            return event(node.event, more=f'{node.event}Ref="{name}"')
        case "error" | "escalation":
            if not node.code:
                return event(node.event)
            name = f"{node.event}_{node.code}"
            declared[name] = f'<bpmn:{node.event} id="{name}" {node.event}Code="{node.code}" />'
            return event(node.event, more=f'{node.event}Ref="{name}"')
        case "timer":
            tag, text = ("timeDuration", "PT1H") if node.times == 1 else ("timeCycle", f"R{node.times}/PT1H")
            return event("timer", f"<bpmn:{tag} {_FORMAL}>{text}</bpmn:{tag}>")
        case "condition":
            return event("conditional", f"<bpmn:condition {_FORMAL}>{_written(node.condition)}</bpmn:condition>")
        case "compensate" if node.activity:
            return event("compensate", more=f'activityRef="{node.activity}"')
    return event(node.event)


def _attributes(node: Node) -> str:
    more = f'default="{node.default}"' if node.default else ""
    if node.kind == "boundary":
        interrupting = "" if node.event == "compensate" else f' cancelActivity="{str(node.interrupting).lower()}"'
        more += f' attachedToRef="{node.host}"{interrupting}'
    if node.kind == "trigger":
        more += f' isInterrupting="{str(node.interrupting).lower()}"'
    if node.kind == "aside":
        more += ' triggeredByEvent="true"'
    if node.undoing:
        more += ' isForCompensation="true"'
    if node.kind == "script":
        more += f' scriptFormat="feel" camunda:resultVariable="{node.counter}"'
    if node.kind == "user":
        more += ' camunda:candidateGroups="all"'
    return more


def _extensions(node: Node) -> str:
    copies = [f'<camunda:inputParameter name="{name}">${{{name}}}</camunda:inputParameter>' for name in node.copies]
    if node.kind in ("sub", "aside"):
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


def _written(condition: Condition | None) -> str:
    return str(condition).replace("<", "&lt;").replace(">", "&gt;")
