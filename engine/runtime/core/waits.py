"""What an instance waits for, read from its tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from engine.definitions.model import Kind
from engine.dialect import texts
from engine.dialect.call import CallActivity
from engine.dialect.occurrences import Place
from engine.dialect.subprocess import EventSubProcess, SubProcess
from engine.dialect.tasks import ServiceTask, UserTask, opened
from engine.dialect.token import ROOT, WAITING, Token
from engine.dialect.tree import Tree
from engine.dialect.triggers import ConditionTrigger, MessageTrigger, SignalTrigger, TimerTrigger, Trigger
from engine.dialect.variables import evaluate
from engine.errors import GendanError
from engine.views import Live

_BESIDE = frozenset({Kind.BOUNDARY_EVENT, Kind.START_EVENT})
"""What waits beside the flow: no token of the flow is there."""


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing the instance waits for, as its tree tells it: what the rows of the database must agree with.

    `kind` is `task`, `timer`, `message`, `signal`, `external`, `condition` or `incident`. `name` is the message or
    signal name, the topic, or the code of an incident; `text` the text of an incident.
    """

    kind: str
    at: Place
    name: str = ""
    correlation: str = ""
    due: datetime | None = None
    text: str = ""


def waits_of(tree: Tree) -> tuple[Wait, ...]:
    """Every wait, in order of token; a token with an incident is shown as that."""
    found = (_wait(token) for token in sorted(tree.tasks.values(), key=lambda each: each.id))
    return tuple(each for each in found if each is not None)


def live_of(tree: Tree) -> tuple[Live, ...]:
    """What is going on: every activity and event that waits, after the subprocesses and calls it is in."""
    found: dict[int, Live] = {}
    for wait in waits_of(tree):
        token = tree.tasks[wait.at.token]
        if token.task_spec.node.kind in _BESIDE:
            continue
        parent = 0
        for each in reversed([token, *_around(token)]):
            if each.id not in found:
                found[each.id] = _live(each, parent, wait.kind if each is token else "")
            parent = each.id
    return tuple(found.values())


def _around(token: Token) -> Iterator[Token]:
    """The subprocesses and calls around a token, the nearest first."""
    while token.id != ROOT:
        token = token.above
        if token.frame is None and isinstance(token.task_spec, (SubProcess, CallActivity, EventSubProcess)):
            yield token


def _live(token: Token, parent: int, wait: str) -> Live:
    at, node = token.place(), token.task_spec.node
    return Live(token.id, parent, at.process_id, at.element_id, node.name, str(node.kind), wait)


def _wait(token: Token) -> Wait | None:
    spec = token.task_spec
    if token.incident is not None:
        return Wait("incident", token.place(), name=token.incident[0], text=token.incident[1])
    if isinstance(spec, Trigger):
        return _trigger(token, spec) if token._state == WAITING else None
    if isinstance(spec, UserTask) and opened(token):
        return Wait("task", token.place())
    if isinstance(spec, ServiceTask) and opened(token):
        return Wait("external", token.place(), name=_topic(token, spec))
    return None


def _trigger(token: Token, spec: Trigger) -> Wait | None:
    held, at = token.held, token.place()
    assert held is not None
    match spec:
        case TimerTrigger():
            return Wait("timer", at, due=held.due)
        case SignalTrigger():
            return Wait("signal", at, name=held.name)
        case MessageTrigger():
            return Wait("message", at, name=held.name, correlation=held.correlation)
        case ConditionTrigger():
            return Wait("condition", at)
    return None


def _topic(token: Token, spec: ServiceTask) -> str:
    try:
        return texts.as_text(evaluate(token, spec.topic))
    except GendanError:
        return ""
