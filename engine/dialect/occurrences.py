"""What an execution tells the unit of work: everything that happened, in order, as plain values.

The elements and the core (`engine.runtime.core`) tell them; the unit of work turns them into rows of history, tasks,
timers, subscriptions, jobs, incidents and messages in one transaction. Token ids are small integers, unique in their
instance and never used again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.values import Value


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happened: the process definition (a called one has its own), the element, the token.

    `scope` is the number of the variable scope the token runs in (0 is the instance).
    """

    process_id: str
    element_id: str
    token: int
    scope: int = 0


@dataclass(frozen=True, slots=True)
class ElementEntered:
    """A token has come to the element."""

    at: Place


@dataclass(frozen=True, slots=True)
class ElementLeft:
    """The element completed; `took` are the ids of the sequence flows it left by."""

    at: Place
    took: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ElementCancelled:
    """A token was taken away (boundary, terminate, event gateway, cancel); `by` names the element that did it."""

    at: Place
    by: str


@dataclass(frozen=True, slots=True)
class TaskOpened:
    """A user task waits. Times and names are evaluated; the form is read from the definition when shown."""

    at: Place
    assignee: str
    candidate_users: tuple[str, ...]
    candidate_groups: tuple[str, ...]
    due: datetime | None
    follow_up: datetime | None
    priority: int
    excluded_users: tuple[str, ...]
    batch_group: str


@dataclass(frozen=True, slots=True)
class TaskClosed:
    """The task no longer waits; `cancelled` tells a withdrawn one from a completed one."""

    at: Place
    cancelled: bool


@dataclass(frozen=True, slots=True)
class TimerSet:
    """A timer waits until `due`. `working` marks one computed on the working calendar, so that a hold keeps the
    remaining working time and a change of the calendar computes it again from `text` at `anchor`."""

    at: Place
    due: datetime
    text: str
    anchor: datetime
    working: bool


@dataclass(frozen=True, slots=True)
class TimerCleared:
    """The timer is not waited for any more: it has fired, or what it belongs to is gone. A further round is told as a
    new TimerSet."""

    at: Place


@dataclass(frozen=True, slots=True)
class Subscribed:
    """The token waits for a message or signal; its id is what `fire` takes. `kind` is `message` or `signal`;
    `senders` are the groups and persons who may send it by hand (group ids, or `user:<id>`), none for diagrams only."""

    at: Place
    kind: str
    name: str
    correlation: str
    senders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """The message or signal is not waited for any more."""

    at: Place


@dataclass(frozen=True, slots=True)
class ExternalOpened:
    """A service task waits for its topic to be done outside the transaction (a job or an external worker).

    `senders` are the groups and persons whose workers may do it, as those of a message; more `priority` is sooner."""

    at: Place
    topic: str
    inputs: Mapping[str, Value]
    senders: tuple[str, ...] = ()
    priority: int = 0


@dataclass(frozen=True, slots=True)
class ExternalClosed:
    """The external task is not open any more: done, failed or withdrawn."""

    at: Place


@dataclass(frozen=True, slots=True)
class MessageThrown:
    """A message leaves for another instance (or a message start); delivered after commit."""

    at: Place
    name: str
    business_key: str
    correlation: str
    payload: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class SignalThrown:
    """A signal leaves for every instance that waits for it now; in its own instance tokens above `newest` begin to
    wait later, and are not reached."""

    at: Place
    name: str
    payload: Mapping[str, Value]
    newest: int


@dataclass(frozen=True, slots=True)
class VariableSet:
    """A variable got a new value in the scope with this number (0 is the instance)."""

    at: Place
    scope: int
    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class ConditionEvaluated:
    """The condition of a flow was null, and so false (a plain true or false is not told)."""

    at: Place
    flow: str
    result: Value


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """A decision table was evaluated: which version (digest), which rules hit, what came out."""

    at: Place
    decision: str
    digest: str
    rules: tuple[str, ...]
    inputs: Mapping[str, Value]
    result: Value


@dataclass(frozen=True, slots=True)
class EffectDone:
    """A connector did something that is stored with this transaction; `effect` is an `engine.connectors` value."""

    at: Place
    topic: str
    effect: object


@dataclass(frozen=True, slots=True)
class IncidentRaised:
    """The element failed; its token stays and can be retried. `code` is the error's code, `text` says it all."""

    at: Place
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class IncidentResolved:
    """The incident at this token is over: retried, or what failed was withdrawn."""

    at: Place


@dataclass(frozen=True, slots=True)
class InstanceEnded:
    """Nothing is left to do. `state` is `completed` or `cancelled`. `ends` are the ids of the end events reached in
    the top process and its event subprocesses, each once, in the order in which they were reached last."""

    ends: tuple[str, ...]
    state: str


Occurrence = (
    ElementEntered
    | ElementLeft
    | ElementCancelled
    | TaskOpened
    | TaskClosed
    | TimerSet
    | TimerCleared
    | Subscribed
    | Unsubscribed
    | ExternalOpened
    | ExternalClosed
    | MessageThrown
    | SignalThrown
    | VariableSet
    | ConditionEvaluated
    | DecisionMade
    | EffectDone
    | IncidentRaised
    | IncidentResolved
    | InstanceEnded
)
