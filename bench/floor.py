"""The floor: bare SpiffWorkflow running the same diagram in memory, with nothing stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter

import time_machine
from lxml import etree
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.camunda.parser.CamundaParser import CamundaParser
from SpiffWorkflow.util.task import TaskState


class Floor:
    """Runs instances of one diagram, a task after the other."""

    def __init__(self, name: str, diagram: str) -> None:
        parser = CamundaParser()
        parser.add_bpmn_xml(_with_flows(diagram))
        self._spec = parser.get_spec(name)

    def run(self, between: Callable[[], None]) -> list[float]:
        """The seconds of each completion of one instance. `between` is called after each: what is compared with it
        does not run in one go either."""
        workflow = BpmnWorkflow(self._spec)
        workflow.do_engine_steps()
        took = []
        while not workflow.is_completed():
            took.append(_complete(workflow))
            between()
        return took

    def wake(self, count: int, between: Callable[[], None]) -> list[float]:
        """The seconds to fire the timer behind the tasks, of so many instances: look at what waits, run to rest, find
        the task."""
        asleep = [self._asleep() for _ in range(count)]
        took = []
        with time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
            for workflow in asleep:
                started = perf_counter()
                workflow.refresh_waiting_tasks()
                workflow.do_engine_steps()
                (_,) = workflow.get_tasks(state=TaskState.READY, manual=True)
                took.append(perf_counter() - started)
                between()
        return took

    def _asleep(self) -> BpmnWorkflow:
        workflow = BpmnWorkflow(self._spec)
        workflow.do_engine_steps()
        while workflow.get_tasks(state=TaskState.READY, manual=True):
            _complete(workflow)
        return workflow


def _complete(workflow: BpmnWorkflow) -> float:
    """Find the task, values in, run to rest, find what waits next."""
    started = perf_counter()
    (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
    task.data.update({"amount": 1, "remark": "x"})
    task.run()
    workflow.do_engine_steps()
    workflow.get_tasks(state=TaskState.READY, manual=True)
    return perf_counter() - started


def _with_flows(diagram: str) -> etree._Element:
    """SpiffWorkflow wants flows named at both ends, and reads a duration as an expression of Python."""
    root = etree.fromstring(diagram.encode())
    names = {"b": "http://www.omg.org/spec/BPMN/20100524/MODEL"}
    for flow in root.iterfind(".//b:sequenceFlow", names):
        for end, kind in (("sourceRef", "outgoing"), ("targetRef", "incoming")):
            node = root.find(f".//*[@id='{flow.get(end)}']")
            assert node is not None
            etree.SubElement(node, f"{{{names['b']}}}{kind}").text = flow.get("id")
    for duration in root.iterfind(".//b:timeDuration", names):
        duration.text = f'"{duration.text}"'
    return root
