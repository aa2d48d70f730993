"""Writes small BPMN files for tests: only what a case is about stands in it."""

from __future__ import annotations

import itertools

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="Definitions_1" targetNamespace="http://example.org">\n'
)


def definitions(*parts: str) -> bytes:
    """A whole file around these parts."""
    return (HEAD + "\n".join(parts) + "\n</bpmn:definitions>\n").encode()


def process(*parts: str, id: str = "p", more: str = "") -> str:
    """An executable process around these parts."""
    return f'<bpmn:process id="{id}" isExecutable="true" {more}>\n' + "\n".join(parts) + "\n</bpmn:process>"


def node(tag: str, id: str, body: str = "", more: str = "") -> str:
    """A flow node named like its id."""
    return f'<bpmn:{tag} id="{id}" name="{id}" {more}>{body}</bpmn:{tag}>'


def flows(*steps: str) -> str:
    """Sequence flows: `a b c` joins a to b and b to c; `a b: ${x}` gives the flow a condition."""
    written = []
    for step in steps:
        path, _, condition = step.partition(": ")
        names = path.split()
        for source, target in itertools.pairwise(names):
            inner = f"<bpmn:conditionExpression>{_escaped(condition)}</bpmn:conditionExpression>" if condition else ""
            written.append(
                f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}'
                "</bpmn:sequenceFlow>"
            )
    return "\n".join(written)


def extensions(*parts: str) -> str:
    """The extension elements around these parts."""
    return "<bpmn:extensionElements>" + "".join(parts) + "</bpmn:extensionElements>"


def properties(**given: str) -> str:
    """`camunda:properties`."""
    inner = "".join(f'<camunda:property name="{name}" value="{_escaped(value)}" />' for name, value in given.items())
    return f"<camunda:properties>{inner}</camunda:properties>"


def event(kind: str, inner: str = "", more: str = "") -> str:
    """An event definition."""
    return f"<bpmn:{kind}EventDefinition {more}>{inner}</bpmn:{kind}EventDefinition>"


def timer(text: str, kind: str = "timeDuration") -> str:
    """A timer event definition."""
    return event("timer", f'<bpmn:{kind} xsi:type="bpmn:tFormalExpression">{_escaped(text)}</bpmn:{kind}>')


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
