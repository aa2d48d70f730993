"""When the timers of start events are due: no instance runs then, so the runtime keeps their rows itself."""

from __future__ import annotations

from datetime import datetime

from engine.dialect.events import StartEvent
from engine.dialect.program import Program
from engine.dialect.timers import round_after
from engine.errors import NotFound
from engine.runtime.core.environment import Environment


def next_start(
    program: Program, element_id: str, environment: Environment, previous: datetime | None = None, fired: int = 0
) -> datetime | None:
    """When the timer of a start event is due: first (no `previous`), or after it was due at `previous` and has fired
    `fired` times; None when it is not due again. Its text sees no variables."""
    element = program.plan.elements.get(element_id)
    if not isinstance(element, StartEvent) or element.clockwork is None:
        raise NotFound(
            "Process %(process)s has no timer start event %(element)s.", process=program.process_id, element=element_id
        )
    if previous is None:
        return element.clockwork.first({}, environment).due
    return round_after(element.clockwork, environment, previous, fired)
