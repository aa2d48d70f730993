"""What was done, for those who watch: logs and measurements. Never what was written: no values, no names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.runtime.unit.events import Event

_OUTSIDE = frozenset({"external-opened", "external-tried", "retried", "resumed"})


@dataclass(frozen=True, slots=True)
class Acted:
    """One unit of work over an instance that is committed. `action` is the kind of its first row of history,
    `actor` and `on_behalf_of` are user ids (empty: the engine), `stuck` element and code of each new incident,
    `outside` whether there is something new for workers outside to do."""

    action: str
    instance_id: int
    business_key: str
    element_id: str
    actor: str
    on_behalf_of: str
    stuck: tuple[tuple[str, str], ...] = ()
    outside: bool = False


def acted(events: Sequence[Event], instance_id: int, business_key: str) -> Acted:
    """What the rows of a unit of work amount to."""
    first = events[0]
    stuck = tuple((each.element_id, str(each.data.get("code", ""))) for each in events if each.kind == "incident")
    outside = any(each.kind in _OUTSIDE for each in events)
    return Acted(
        first.kind, instance_id, business_key, first.element_id, first.actor, first.on_behalf_of, stuck, outside
    )
