"""Triggers: what waits for a message, a signal, a time or a condition, and the one verb that fires it.

A trigger stands below the token it waits for: the host of a boundary event, an event-based gateway, a catching event,
or the scope whose event subprocess it would start. Whoever fires it has found it by its token's id; matching by name
and key is not done here. What follows from firing is its event's affair.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

from engine.definitions.model import EventDefinition, EventKind, Node
from engine.dialect import texts
from engine.dialect.element import Element
from engine.dialect.occurrences import Subscribed, TimerCleared, TimerSet, Unsubscribed
from engine.dialect.scope import Plan
from engine.dialect.senders import Senders
from engine.dialect.timers import Clockwork
from engine.dialect.token import WAITING, Held, Phase, Token
from engine.dialect.variables import evaluate, visible
from engine.values import Value


class Caught(Protocol):
    """An event that triggers can fire."""

    node: Node
    element_id: str

    def triggered(self, trigger: Token, payload: Mapping[str, Value]) -> None:
        """One of its triggers has fired."""


class Trigger(Element):
    """One event definition of a catching event, waiting."""

    told = False

    def __init__(self, plan: Plan, event: Caught, name: str) -> None:
        BpmnTaskSpec.__init__(self, plan, name)
        self.plan = plan
        self.node = event.node
        self.element_id = event.element_id
        self.event = event
        self.flows = ()

    def _run(self, token: Token) -> bool | None:
        if token.phase is Phase.ADVANCE:
            self.advance(token)
        else:
            self.subscribe(token)
        return None

    def subscribe(self, token: Token) -> None:
        """Evaluate what is waited for, hold it, and tell it."""
        raise NotImplementedError

    def state(self, token: Token) -> None:
        """Tell again what is waited for, as it is held."""

    def advance(self, token: Token) -> None:
        """Wait for the next round."""

    def fire(self, token: Token, payload: Mapping[str, Value]) -> None:
        """It has happened."""
        self.event.triggered(token, payload)


class MessageTrigger(Trigger):
    """Waits for a message by its name, with a correlation value (default: the instance's own number)."""

    kind = "message"

    def __init__(self, plan: Plan, event: Caught, name: str, message: str) -> None:
        super().__init__(plan, event, name)
        self.message = texts.text(event.node, f"{self.kind} name", message)
        if self.message is None:
            raise texts.refuse(event.node, f"its {self.kind} has no name", "Choose one in the properties panel.")
        self.correlation = texts.text(event.node, "correlation", event.node.properties.get("correlation", ""))
        self.senders = Senders(event.node)

    def subscribe(self, token: Token) -> None:
        """The name, the correlation value and the senders, as seen from here now."""
        assert self.message is not None
        name = texts.as_text(evaluate(token, self.message))
        correlation = texts.as_text(evaluate(token, self.correlation) if self.correlation else self.default(token))
        token.held = Held(name=name, correlation=correlation)
        self.state(token)

    def state(self, token: Token) -> None:
        """Name and correlation as they are held, the senders as seen from here now."""
        held = token.held
        assert held is not None
        told = Subscribed(token.place(), self.kind, held.name, held.correlation, self.senders.of(token))
        token.tree.tell(told)

    def default(self, token: Token) -> Value:
        """The correlation value when the diagram gives none."""
        return token.tree.names.get("number")

    def removed(self, token: Token) -> None:
        """Nobody waits any more."""
        if token._state == WAITING:
            token.tree.tell(Unsubscribed(token.place()))


class SignalTrigger(MessageTrigger):
    """Waits for a signal by its name; whoever broadcasts it reaches everybody."""

    kind = "signal"

    def default(self, token: Token) -> Value:  # noqa: ARG002
        """Signals are not correlated."""
        return None


class TimerTrigger(Trigger):
    """Waits for a moment, and for the next one where the event may occur again."""

    def __init__(self, plan: Plan, event: Caught, name: str, clockwork: Clockwork, repeats: bool) -> None:
        super().__init__(plan, event, name)
        self.clockwork = clockwork
        self.repeats = repeats

    def subscribe(self, token: Token) -> None:
        """When it is due, as seen from here now."""
        self.hold(token, self.clockwork.first(visible(token), token.tree.environment))

    def hold(self, token: Token, held: Held) -> None:
        """Wait until then."""
        token.held = held
        self.state(token)

    def state(self, token: Token) -> None:
        """When it is due, and from when that was computed."""
        held = token.held
        assert held is not None
        assert held.due is not None
        assert held.anchor is not None
        working = self.clockwork.compiled.working
        token.tree.tell(TimerSet(token.place(), held.due, self.clockwork.text, held.anchor, working))

    def fire(self, token: Token, payload: Mapping[str, Value]) -> None:
        """It is due: the event occurs, and a cycle goes on."""
        self.event.triggered(token, payload)
        if token.alive and token.waits:
            token.tree.tell(TimerCleared(token.place()))
            token.tree.again(token, Phase.ADVANCE)

    def advance(self, token: Token) -> None:
        """Set it to the next round, or take it away after the last."""
        following = None
        if self.repeats and token.held is not None:
            following = self.clockwork.next(visible(token), token.tree.environment, token.held)
        if following is None:
            token.tree.drop(token, self.element_id)
        else:
            self.hold(token, following)

    def removed(self, token: Token) -> None:
        """It will not be due any more."""
        if token._state == WAITING:
            token.tree.tell(TimerCleared(token.place()))


class ConditionTrigger(Trigger):
    """Waits until a condition becomes true. What is true at once fires at once; then it must become false before.

    Names that do not exist yet are null, and null is false: such events wait for data to appear.
    """

    def __init__(self, plan: Plan, event: Caught, name: str, condition: str) -> None:
        super().__init__(plan, event, name)
        compiled = texts.text(event.node, "condition", condition)
        if compiled is None:
            raise texts.refuse(event.node, "its condition is empty", "Give it as ${…}.")
        self.condition = compiled

    def subscribe(self, token: Token) -> None:
        """Begin to watch."""
        token.held = Held()
        token.tree.conditions[token.id] = token
        token.tree.dirty = True

    def watch(self, token: Token) -> bool:
        """Look again; true when it has become true, and then it has fired."""
        held = token.held
        assert held is not None
        before = held.last
        held.last = bool(
            texts.as_truth(evaluate(token, self.condition, strict=False), f"The condition of {self.element_id}")
        )
        if before or not held.last:
            return False
        self.fire(token, {})
        return True


def triggers_of(plan: Plan, event: Caught, repeats: bool, prefix: str = "") -> tuple[Trigger, ...]:
    """A trigger for each event definition that is waited for (those that climb or compensate are not)."""
    made = (
        _trigger(plan, event, definition, f"{prefix}{event.element_id}#{index}", repeats)
        for index, definition in enumerate(event.node.events)
    )
    return tuple(trigger for trigger in made if trigger is not None)


def _trigger(plan: Plan, event: Caught, definition: EventDefinition, name: str, repeats: bool) -> Trigger | None:
    match definition.kind:
        case EventKind.MESSAGE:
            return MessageTrigger(plan, event, name, definition.name)
        case EventKind.SIGNAL:
            return SignalTrigger(plan, event, name, definition.name)
        case EventKind.TIMER if definition.timer is not None:
            return TimerTrigger(plan, event, name, Clockwork(event.node, definition.timer), repeats)
        case EventKind.CONDITIONAL:
            return ConditionTrigger(plan, event, name, definition.condition)
        case EventKind.TIMER:
            raise texts.refuse(event.node, "its timer has no text", "Give a date, a duration or a cycle.")
    return None
