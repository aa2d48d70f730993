"""One task, as all that is asked of tasks begins."""

from __future__ import annotations

from engine.views import TaskFilter, TaskHead
from webui.access import engine
from webui.rest import ids
from webui.rest.door import actor
from webui.rest.operation import Resource

resource = Resource("Task")


def number(id: str) -> int:
    """The number of a task. Raises Refused with 404 for what can be none."""
    return ids.whole(id, "task")


def head(id: str) -> TaskHead:
    """An open task. Raises Refused with 404."""
    found = engine().task_search.search(TaskFilter(ids=(number(id),)), actor(), 1)
    return found[0] if found else ids.missing(id, "task")
