"""How errors and escalations find their handler (BPMN 2.0 §10.5.7).

From the element that throws outward: the boundary events of the activity, the event subprocesses of the scope around
it, the boundary events of the scope's activity, and so on, through call activities to the instance. An exact code
goes before a handler for all codes. What an interrupting event subprocess throws is not caught by its own scope.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from engine.definitions.model import EventKind
from engine.dialect.token import Token
from engine.values import Value

if TYPE_CHECKING:
    from engine.dialect.events import BoundaryEvent
    from engine.dialect.subprocess import EventSubProcess


def climb(token: Token, kind: EventKind, code: str, payload: Mapping[str, Value]) -> bool:
    """Let the nearest handler of this kind and code begin; false when there is none."""
    while True:
        if token.frame is None:
            boundary = _best(token.task_spec.climbing, kind, code) if token.item is None else None
            if boundary is not None:
                boundary.occur(token, payload)
                return True
        elif not token.frame.replay and not _handled_already(token):
            handler = _best(token.frame.plan.handlers, kind, code)
            if handler is not None:
                handler.occur(token, payload)
                return True
        if token is token.tree.root:
            return False
        token = token.above


def _handled_already(scope: Token) -> bool:
    return any(child.task_spec.interrupts for child in scope.below)


_Handler = TypeVar("_Handler", "BoundaryEvent", "EventSubProcess")


def _best(handlers: Sequence[_Handler], kind: EventKind, code: str) -> _Handler | None:
    exact, catch_all = None, None
    for handler in handlers:
        for definition in handler.catching.events:
            if definition.kind is kind and code and definition.name == code:
                exact = exact or handler
            elif definition.kind is kind and not definition.name:
                catch_all = catch_all or handler
    return exact or catch_all
