"""Parallel multiple events that stand beside what runs (BPMN 2.0 §10.5.1): each definition must occur, in any order.

What has occurred is not waited for any more and keeps its payload; the last one lets the event occur.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from engine.dialect.token import STARTED, WAITING, Token
from engine.values import Value

if TYPE_CHECKING:
    from engine.dialect.triggers import Trigger

_PAYLOAD = "payload"


def all_occurred(
    trigger: Token, payload: Mapping[str, Value], all_triggers: Sequence[Trigger]
) -> Mapping[str, Value] | None:
    """The payloads of all together when this was the last; None while another is waited for."""
    trigger.task_spec.removed(trigger)
    trigger._set_state(STARTED)
    trigger.local = {_PAYLOAD: dict(payload)}
    waited = _of(trigger.above, all_triggers)
    if any(each._state == WAITING for each in waited):
        return None
    found: dict[str, Value] = {}
    for each in waited:
        brought = (each.local or {}).get(_PAYLOAD)
        found |= brought if isinstance(brought, dict) else {}
    return found


def wait_again(owner: Token, all_triggers: Sequence[Trigger], by: str) -> None:
    """Wait for each of them anew, below their owner."""
    for each in _of(owner, all_triggers):
        owner.tree.drop(each, by)
    for trigger in all_triggers:
        owner.tree.spawn(owner, trigger)


def _of(owner: Token, all_triggers: Sequence[Trigger]) -> list[Token]:
    return [each for each in owner.below if each.task_spec in all_triggers]
