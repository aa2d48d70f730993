"""What an instance waits for, read from its tree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.dialect import texts
from engine.dialect.occurrences import Place
from engine.dialect.tasks import ServiceTask, UserTask, opened
from engine.dialect.token import WAITING, Token
from engine.dialect.tree import Tree
from engine.dialect.triggers import ConditionTrigger, MessageTrigger, SignalTrigger, TimerTrigger, Trigger
from engine.dialect.variables import evaluate
from engine.errors import GendanError


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
