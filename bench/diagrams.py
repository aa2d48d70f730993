"""The diagrams that are measured, written by the number of their steps."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from bench.places import PRACTICE

LONG = 40
"""User tasks of the long line: an order of the demonstration has 30 to 52 behind it when it is closed."""
SHORT = 10

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d_{id}" targetNamespace="http://gendan/bench">'
    '<bpmn:process id="{id}" name="{id}" isExecutable="true"><bpmn:extensionElements><camunda:properties>'
    '<camunda:property name="recordType" value="case"/><camunda:property name="starters" value="clerk"/>'
    "</camunda:properties></bpmn:extensionElements>"
)
_TASK = (
    '<bpmn:userTask id="{id}" name="Step {id}" camunda:candidateGroups="{group}" '
    'camunda:dueDate="${{now() + duration(&quot;P1D&quot;)}}"><bpmn:extensionElements><camunda:formData>'
    '<camunda:formField id="amount" label="Amount" type="number"/>'
    '<camunda:formField id="remark" label="Remark" type="string"/>'
    "</camunda:formData></bpmn:extensionElements></bpmn:userTask>"
)
_TIMER = (
    '<bpmn:intermediateCatchEvent id="clock" name="Clock"><bpmn:timerEventDefinition id="clock_at">'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)
_FLOW = '<bpmn:sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}"/>'
_AGAIN = (
    '<bpmn:sequenceFlow id="again" sourceRef="more" targetRef="work">'
    '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${amount &gt; 0}</bpmn:conditionExpression>'
    "</bpmn:sequenceFlow>"
)
_NOTE = (
    '<bpmn:boundaryEvent id="note" name="Note" attachedToRef="work" cancelActivity="false"><bpmn:extensionElements>'
    '<camunda:properties><camunda:property name="senders" value="clerk"/></camunda:properties>'
    '</bpmn:extensionElements><bpmn:messageEventDefinition id="note_of" messageRef="m_note"/></bpmn:boundaryEvent>'
    '<bpmn:endEvent id="noted"/><bpmn:sequenceFlow id="so" sourceRef="note" targetRef="noted"/>'
)


def practice() -> Mapping[str, bytes]:
    """The files of the practice that is measured."""
    files = {path.name: path.read_bytes() for path in PRACTICE.glob("*.yaml")}
    lines = (line("long", LONG), line("short", SHORT), line("elsewhere", 1, "others"))
    diagrams = (*lines, round_trip(), alarm(), dated("dated"))
    return files | {f"diagram{number}.bpmn": text.encode() for number, text in enumerate(diagrams)}


def line(name: str, steps: int, group: str = "clerk") -> str:
    """User tasks one after the other."""
    tasks = [_TASK.format(id=f"t{number}", group=group) for number in range(steps)]
    return _straight(name, tasks, [f"t{number}" for number in range(steps)])


def dated(name: str) -> str:
    """One user task of a record that stands on the working sheet by the date that its start was given."""
    wanted = '<camunda:property name="publish" value="wanted"/></camunda:properties>'
    asked = (
        '<bpmn:startEvent id="start"><bpmn:extensionElements><camunda:formData>'
        '<camunda:formField id="wanted" label="Wanted" type="date"/>'
        "</camunda:formData></bpmn:extensionElements></bpmn:startEvent>"
    )
    text = line(name, 1).replace("</camunda:properties>", wanted, 1)
    return text.replace('<bpmn:startEvent id="start"/>', asked).replace('value="case"', 'value="piece"')


def alarm() -> str:
    """In the middle of an order's length: user tasks, a timer, and the user task that it opens."""
    before = [f"t{number}" for number in range(LONG // 2)]
    tasks = [_TASK.format(id=id, group="clerk") for id in (*before, "check")]
    return _straight("alarm", [*tasks, _TIMER], [*before, "clock", "check"])


def round_trip() -> str:
    """One user task, again and again while the amount is positive; meanwhile anybody may send a note."""
    gateway = '<bpmn:exclusiveGateway id="more" default="f2"/>'
    text = _straight("round", [_TASK.format(id="work", group="clerk"), gateway], ["work", "more"])
    message = '<bpmn:message id="m_note" name="note"/>'
    return text.replace("<bpmn:process", f"{message}<bpmn:process").replace(
        "</bpmn:process>", f"{_AGAIN}{_NOTE}</bpmn:process>"
    )


def _straight(name: str, parts: list[str], ids: list[str]) -> str:
    way = ["start", *ids, "end"]
    flows = [
        _FLOW.format(number=number, source=source, target=target)
        for number, (source, target) in enumerate(pairwise(way))
    ]
    ends = ['<bpmn:startEvent id="start"/>', *parts, '<bpmn:endEvent id="end"/>']
    return "".join([_HEAD.format(id=name), *ends, *flows, "</bpmn:process></bpmn:definitions>"])
