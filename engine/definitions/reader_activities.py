"""What is special to activities: loops, who may do them, how a system step is implemented."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.model import AdHoc, Assignment, Decision, Loop
from engine.definitions.reader_events import EventReader
from engine.definitions.reader_extensions import extensions
from engine.definitions.xml import Element, attribute, camunda, child, children, flag, line, local, text

_DIGITS = 4
_IMPLEMENTATIONS = ("class", "expression", "delegateExpression")


def loop(element: Element, properties: Mapping[str, str], events: EventReader) -> Loop | None:
    """The multi-instance (§10.3.7) or standard loop of an activity; `properties` are those of the activity."""
    for tag, item in children(element):
        if tag == "multiInstanceLoopCharacteristics":
            return Loop(
                sequential=flag(item, "isSequential", False),
                line=line(item),
                cardinality=text(child(item, "loopCardinality")),
                collection=camunda(item, "collection") or local(text(child(item, "loopDataInputRef"))),
                element=camunda(item, "elementVariable") or _item_name(item, "inputDataItem"),
                completion=text(child(item, "completionCondition")),
                output_collection=properties.get("outputCollection", "")
                or local(text(child(item, "loopDataOutputRef"))),
                output_element=properties.get("outputElement", "") or _item_name(item, "outputDataItem"),
                behavior=attribute(item, "behavior"),
                thrown=events.thrown(item),
            )
        if tag == "standardLoopCharacteristics":
            return Loop(
                sequential=True,
                line=line(item),
                cardinality=attribute(item, "loopMaximum"),
                completion=text(child(item, "loopCondition")),
                standard=True,
                test_before=flag(item, "testBefore", False),
            )
    return None


def _item_name(item: Element, tag: str) -> str:
    found = child(item, tag)
    return "" if found is None else attribute(found, "name") or attribute(found, "id")


def assignment(element: Element) -> Assignment:
    """Who may do a user task and until when."""
    return Assignment(
        assignee=camunda(element, "assignee"),
        candidate_users=camunda(element, "candidateUsers"),
        candidate_groups=camunda(element, "candidateGroups"),
        due=camunda(element, "dueDate"),
        follow_up=camunda(element, "followUpDate"),
        priority=camunda(element, "priority"),
    )


def decision(element: Element) -> Decision | None:
    """The decision a business rule task asks; None without `camunda:decisionRef`."""
    ref = camunda(element, "decisionRef")
    if not ref:
        return None
    return Decision(
        ref=ref,
        result_variable=camunda(element, "resultVariable"),
        map_result=camunda(element, "mapDecisionResult") or "resultList",
        latest=camunda(element, "decisionRefBinding") == "latest",
    )


def task_priority(element: Element) -> str:
    """How urgent an external task is among others."""
    return camunda(element, "taskPriority")


def ad_hoc(element: Element) -> AdHoc:
    """How an ad-hoc subprocess is done (§10.3.5)."""
    return AdHoc(
        completion=text(child(element, "completionCondition")),
        sequential=attribute(element, "ordering") == "Sequential",
        cancels=flag(element, "cancelRemainingInstances", True),
    )


def quantity(element: Element, name: str) -> int:
    """How many tokens an activity takes or gives (§13.3.2); what is no number of one or more counts as one here, and
    is refused by validation."""
    written = attribute(element, name)
    return max(int(written), 1) if written.isascii() and written.isdigit() and len(written) < _DIGITS else 1


def topic(element: Element) -> str:
    """The topic of an external task, empty for anything else."""
    return camunda(element, "topic") if camunda(element, "type") == "external" else ""


def implementation(element: Element) -> str:
    """The name of a way of implementing a step that needs code outside the diagram, as written."""
    for name in _IMPLEMENTATIONS:
        if camunda(element, name):
            return name
    kind = camunda(element, "type")
    if kind and kind != "external":
        return f"type={kind}"
    return "connector" if any(tag == "connector" for tag, _ in extensions(element)) else ""
