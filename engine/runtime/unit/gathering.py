"""What happened in a step, sorted: events for history, and the rows that must come and go with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from engine.runtime.deployed.practice import DeployedProcess
from engine.runtime.unit import occurrences as occ
from engine.runtime.unit.events import Event, Journal
from engine.values import Value

T = TypeVar("T")


@dataclass
class Changes:
    """Rows to write beside the snapshot, by token. What came and went within the step is in neither."""

    tasks: dict[int, tuple[occ.TaskOpened, Event]] = field(default_factory=dict)
    closed_tasks: dict[int, Event] = field(default_factory=dict)
    timers: dict[int, occ.TimerSet] = field(default_factory=dict)
    cleared_timers: set[int] = field(default_factory=set)
    subscriptions: dict[int, occ.Subscribed] = field(default_factory=dict)
    unsubscribed: set[int] = field(default_factory=set)
    externals: dict[int, occ.ExternalOpened] = field(default_factory=dict)
    closed_externals: set[int] = field(default_factory=set)
    incidents: dict[int, occ.IncidentRaised] = field(default_factory=dict)
    resolved: set[int] = field(default_factory=set)
    messages: list[occ.MessageThrown | occ.SignalThrown] = field(default_factory=list)
    effects: list[tuple[occ.EffectDone, Event]] = field(default_factory=list)
    variables: dict[str, Value] = field(default_factory=dict)
    """The instance's own variables (scope 0) that got a new value."""
    published: dict[str, Value] = field(default_factory=dict)
    """What a called process publishes of its variables: the record shows it while the call goes on."""
    ended: occ.InstanceEnded | None = None

    @property
    def waits_changed(self) -> bool:
        """Whether anything else than tasks waits differently now."""
        return bool(
            self.timers or self.cleared_timers or self.subscriptions or self.unsubscribed or self.externals
            or self.closed_externals or self.incidents or self.resolved
        )  # fmt: skip


class Gatherer:
    """Sorts occurrences, in their order, into the journal and the changes."""

    def __init__(self, journal: Journal, process: Callable[[str], DeployedProcess]) -> None:
        self.changes = Changes()
        self._journal = journal
        self._process = process
        self._handlers: Mapping[type[Any], Callable[[Any], None]] = {
            occ.ElementEntered: self._nothing,
            occ.ElementLeft: self._left,
            occ.ElementCancelled: self._cancelled,
            occ.TaskOpened: self._task_opened,
            occ.TaskClosed: self._task_closed,
            occ.TimerSet: self._timer_set,
            occ.TimerCleared: self._timer_cleared,
            occ.Subscribed: self._subscribed,
            occ.Unsubscribed: self._unsubscribed,
            occ.ExternalOpened: self._external_opened,
            occ.ExternalClosed: self._external_closed,
            occ.MessageThrown: self._message,
            occ.SignalThrown: self._signal,
            occ.VariableSet: self._variable,
            occ.ConditionEvaluated: self._condition,
            occ.DecisionMade: self._decision,
            occ.EffectDone: self._effect,
            occ.IncidentRaised: self._incident,
            occ.IncidentResolved: self._resolved,
            occ.InstanceEnded: self._ended,
        }

    def take(self, found: tuple[occ.Occurrence, ...]) -> None:
        """Sort these in; may be called several times in a unit of work."""
        for each in found:
            self._handlers[type(each)](each)

    def _at(self, place: occ.Place, kind: str) -> Event:
        return self._journal.at(place, self._process(place.process_id).row_id, kind)

    def _begin(self, place: occ.Place, kind: str) -> Event:
        return self._journal.begin(place, self._process(place.process_id).row_id, kind)

    def _nothing(self, _: occ.ElementEntered) -> None:
        """Entering is seen by what follows: a task, a wait, or leaving in the same step."""

    def _left(self, happened: occ.ElementLeft) -> None:
        event = self._at(happened.at, "left")
        if happened.took:
            event.data["took"] = list(happened.took)

    def _cancelled(self, happened: occ.ElementCancelled) -> None:
        event = self._at(happened.at, "withdrawn")
        event.data["by"] = happened.by

    def _task_opened(self, happened: occ.TaskOpened) -> None:
        event = self._begin(happened.at, "task-opened")
        offered = [f"user:{each}" for each in happened.candidate_users]
        offered += [f"group:{each}" for each in happened.candidate_groups]
        known: dict[str, Value] = {"assignee": happened.assignee, "offered": list(offered), "due": happened.due}
        event.data.update({name: value for name, value in known.items() if value})
        self.changes.tasks[happened.at.token] = (happened, event)

    def _task_closed(self, happened: occ.TaskClosed) -> None:
        event = self._at(happened.at, "task-withdrawn")
        if happened.cancelled and event.kind == "withdrawn":
            event.kind = "task-withdrawn"
        if self.changes.tasks.pop(happened.at.token, None) is None:
            self.changes.closed_tasks[happened.at.token] = event

    def _timer_set(self, happened: occ.TimerSet) -> None:
        self.changes.timers[happened.at.token] = happened

    def _timer_cleared(self, happened: occ.TimerCleared) -> None:
        _gone(happened.at.token, self.changes.timers, self.changes.cleared_timers)

    def _subscribed(self, happened: occ.Subscribed) -> None:
        self.changes.subscriptions[happened.at.token] = happened

    def _unsubscribed(self, happened: occ.Unsubscribed) -> None:
        _gone(happened.at.token, self.changes.subscriptions, self.changes.unsubscribed)

    def _external_opened(self, happened: occ.ExternalOpened) -> None:
        self._begin(happened.at, "external-opened").data["topic"] = happened.topic
        self.changes.externals[happened.at.token] = happened

    def _external_closed(self, happened: occ.ExternalClosed) -> None:
        _gone(happened.at.token, self.changes.externals, self.changes.closed_externals)

    def _message(self, happened: occ.MessageThrown) -> None:
        event = self._begin(happened.at, "message-sent")
        event.data.update(
            name=happened.name,
            key=happened.business_key,
            correlation=happened.correlation,
            payload=dict(happened.payload),
        )
        self.changes.messages.append(happened)

    def _signal(self, happened: occ.SignalThrown) -> None:
        event = self._begin(happened.at, "signal-sent")
        event.data.update(name=happened.name, payload=dict(happened.payload))
        self.changes.messages.append(happened)

    def _variable(self, happened: occ.VariableSet) -> None:
        if happened.scope == 0:
            self.changes.variables[happened.name] = happened.value
        elif happened.name in self._process(happened.at.process_id).traits.publish:
            self.changes.published[happened.name] = happened.value
        event = self._writer(happened.at)
        if _submitted(event, happened):
            return
        written = event.data.setdefault("set", {})
        assert isinstance(written, dict)
        written[happened.name] = happened.value

    def _writer(self, place: occ.Place) -> Event:
        """The event that wrote: what is written to the process itself at its start belongs to the start."""
        if place.element_id == place.process_id and self._journal.events:
            return self._journal.events[0]
        return self._at(place, "variables")

    def _condition(self, happened: occ.ConditionEvaluated) -> None:
        written = self._at(happened.at, "left").data.setdefault("conditions", {})
        assert isinstance(written, dict)
        written[happened.flow] = happened.result

    def _decision(self, happened: occ.DecisionMade) -> None:
        event = self._begin(happened.at, "decision")
        event.data.update(
            decision=happened.decision,
            digest=happened.digest,
            rules=list(happened.rules),
            inputs=dict(happened.inputs),
            result=happened.result,
        )

    def _effect(self, happened: occ.EffectDone) -> None:
        event = self._at(happened.at, "effect")
        event.data["topic"] = happened.topic
        self.changes.effects.append((happened, event))

    def _incident(self, happened: occ.IncidentRaised) -> None:
        event = self._begin(happened.at, "incident")
        event.data.update(code=happened.code, text=happened.text)
        self.changes.incidents[happened.at.token] = happened

    def _resolved(self, happened: occ.IncidentResolved) -> None:
        self._begin(happened.at, "incident-resolved")
        _gone(happened.at.token, self.changes.incidents, self.changes.resolved)

    def _ended(self, happened: occ.InstanceEnded) -> None:
        self.changes.ended = happened


def _submitted(event: Event, happened: occ.VariableSet) -> bool:
    """Whether the event has the value already: a submission is written under its names and whole under its id."""
    values = event.data.get("values")
    if not isinstance(values, dict):
        return event.kind == "task-completed" and happened.name == event.element_id
    return happened.name == event.element_id or values.get(happened.name, values) == happened.value


def _gone(token: int, came: dict[int, T], went: set[int]) -> None:
    came.pop(token, None)
    went.add(token)
