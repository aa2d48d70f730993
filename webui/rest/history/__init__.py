"""The history of Camunda 7's interface: instances, tasks, activities, decisions, variables, and what was entered."""

from webui.rest.history import activities, decisions, instances, tasks, values
from webui.rest.history.past import resource

__all__ = ["activities", "decisions", "instances", "resource", "tasks", "values"]
