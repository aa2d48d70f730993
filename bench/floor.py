"""The floor: bare SpiffWorkflow running the same diagram in memory, with nothing stored."""

from __future__ import annotations

from time import perf_counter

from SpiffWorkflow.bpmn.specs.defaults import UserTask
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.camunda.parser.CamundaParser import CamundaParser
from SpiffWorkflow.util.task import TaskState

from bench.places import PRACTICE


class Floor:
    """Runs instances of the straight diagram, task after task."""

    def __init__(self) -> None:
        parser = CamundaParser()
        parser.add_bpmn_file(str(PRACTICE / "line.bpmn"))
        self._spec = parser.get_spec("line")

    def run(self) -> list[float]:
        """The seconds each completion of one instance took: values in, run to rest, find what waits next."""
        workflow = BpmnWorkflow(self._spec)
        workflow.do_engine_steps()
        took = []
        while not workflow.is_completed():
            (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
            assert isinstance(task.task_spec, UserTask) or task.task_spec.manual
            started = perf_counter()
            task.data.update({"amount": 1, "remark": "x"})
            task.run()
            workflow.do_engine_steps()
            workflow.get_tasks(state=TaskState.READY, manual=True)
            took.append(perf_counter() - started)
        return took
