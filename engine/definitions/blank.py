"""Blank files to begin from: a process with a lane a role, a decision table with one rule."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

_LEFT, _TOP, _WIDTH, _HEIGHT, _HEAD = 160, 80, 900, 160, 30
_STEPS = ("start", "task", "end")
_NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
)


_DMN_NAMESPACES = (
    'xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/"'
    ' xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/"'
)


def blank_process(id_: str, name: str, lanes: Mapping[str, str]) -> bytes:
    """A process that can be deployed: start, one task of the first role, end, in a pool with a lane for each of
    `lanes` (group → name). Without lanes there is no pool."""
    shown, group = quoteattr(name), next(iter(lanes), "")
    offered = f" camunda:candidateGroups={quoteattr(group)}" if group else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions {_NAMESPACES} id="{id_}_file" targetNamespace="http://bpmn.io/schema/bpmn">
{_pool(id_, shown, lanes)}  <bpmn:process id="{id_}" name={shown} isExecutable="true">
{_lane_set(id_, lanes)}    <bpmn:startEvent id="{id_}_start">
      <bpmn:outgoing>{id_}_first</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:userTask id="{id_}_task" name={shown}{offered}>
      <bpmn:incoming>{id_}_first</bpmn:incoming>
      <bpmn:outgoing>{id_}_last</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="{id_}_end">
      <bpmn:incoming>{id_}_last</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="{id_}_first" sourceRef="{id_}_start" targetRef="{id_}_task" />
    <bpmn:sequenceFlow id="{id_}_last" sourceRef="{id_}_task" targetRef="{id_}_end" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="{id_}_diagram">
    <bpmndi:BPMNPlane id="{id_}_plane" bpmnElement="{f"{id_}_pools" if lanes else id_}">
{_pool_shapes(id_, lanes)}{_steps(id_)}    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
""".encode()


def blank_decision(id_: str, name: str) -> bytes:
    """A decision table with one input, one output and one rule that always hits."""
    shown = quoteattr(name)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {_DMN_NAMESPACES} id="{id_}_file" name={shown} namespace="http://bpmn.io/schema/dmn">
  <decision id="{id_}" name={shown}>
    <decisionTable id="{id_}_table" hitPolicy="FIRST">
      <input id="{id_}_input" label="input">
        <inputExpression id="{id_}_expression" typeRef="string"><text>input</text></inputExpression>
      </input>
      <output id="{id_}_output" label="result" name="result" typeRef="string" />
      <rule id="{id_}_rule">
        <inputEntry id="{id_}_any"><text>-</text></inputEntry>
        <outputEntry id="{id_}_value"><text>"yes"</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="{id_}_diagram">
      <dmndi:DMNShape id="{id_}_shape" dmnElementRef="{id_}">
        <dc:Bounds height="80" width="180" x="160" y="100" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
""".encode()


def _pool(id_: str, shown: str, lanes: Mapping[str, str]) -> str:
    if not lanes:
        return ""
    participant = f'<bpmn:participant id="{id_}_pool" name={shown} processRef="{id_}" />'
    return f'  <bpmn:collaboration id="{id_}_pools">\n    {participant}\n  </bpmn:collaboration>\n'


def _lane_set(id_: str, lanes: Mapping[str, str]) -> str:
    if not lanes:
        return ""
    inside = "".join(f"        <bpmn:flowNodeRef>{id_}_{each}</bpmn:flowNodeRef>\n" for each in _STEPS)
    drawn = "".join(
        f'      <bpmn:lane id="{id_}_lane_{at}" name={quoteattr(name)}>\n{"" if at else inside}      </bpmn:lane>\n'
        for at, name in enumerate(lanes.values())
    )
    return f'    <bpmn:laneSet id="{id_}_lanes">\n{drawn}    </bpmn:laneSet>\n'


def _pool_shapes(id_: str, lanes: Mapping[str, str]) -> str:
    if not lanes:
        return ""
    drawn = _shape(id_, "pool", _LEFT, _TOP, _WIDTH, _HEIGHT * len(lanes), ' isHorizontal="true"')
    for at in range(len(lanes)):
        place = (_LEFT + _HEAD, _TOP + at * _HEIGHT, _WIDTH - _HEAD, _HEIGHT)
        drawn += _shape(id_, f"lane_{at}", *place, ' isHorizontal="true"')
    return drawn


def _steps(id_: str) -> str:
    left, middle = _LEFT + _HEAD + 52, _TOP + _HEIGHT // 2
    drawn = _shape(id_, "start", left, middle - 18, 36, 36)
    drawn += _shape(id_, "task", left + 90, middle - 40, 100, 80)
    drawn += _shape(id_, "end", left + 244, middle - 18, 36, 36)
    for name, begins, ends in (("first", left + 36, left + 90), ("last", left + 190, left + 244)):
        drawn += (
            f'      <bpmndi:BPMNEdge id="{id_}_{name}_di" bpmnElement="{id_}_{name}">\n'
            f'        <di:waypoint x="{begins}" y="{middle}" />\n        <di:waypoint x="{ends}" y="{middle}" />\n'
            "      </bpmndi:BPMNEdge>\n"
        )
    return drawn


def _shape(id_: str, part: str, x: int, y: int, width: int, height: int, more: str = "") -> str:
    return (
        f'      <bpmndi:BPMNShape id="{id_}_{part}_di" bpmnElement="{id_}_{part}"{more}>\n'
        f'        <dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}" />\n      </bpmndi:BPMNShape>\n'
    )
