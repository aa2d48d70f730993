"""Events (BPMN 2.0 §10.5, §13.5): what begins, what is caught, what is thrown, what ends.

A payload enters by mapping only: it is the local name `payload` for outputParameters; an event with form fields also
writes those under their names, and the whole under its id, as a form does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.definitions.model import EventKind, Kind, Node
from engine.dialect import texts
from engine.dialect.climbing import climb
from engine.dialect.element import Element, OutFlow
from engine.dialect.gateways import EventBasedGateway
from engine.dialect.occurrences import MessageThrown, SignalThrown
from engine.dialect.timers import Clockwork
from engine.dialect.together import all_occurred, wait_again
from engine.dialect.token import Phase, Token
from engine.dialect.variables import evaluate, write
from engine.errors import ModelError
from engine.values import Value

if TYPE_CHECKING:
    from engine.dialect.scope import Plan
    from engine.dialect.subprocess import EventSubProcess
    from engine.dialect.triggers import Trigger

PAYLOAD = "payload"


def form_fields(node: Node) -> frozenset[str]:
    """The names under which the form of an element writes: its fields, not the columns of its tables."""
    return frozenset(field.id for field in node.form if "[" not in field.id and field.type != "info")


class Catching(Element):
    """An element that takes a payload in when it is left."""

    def __init__(self, plan: Plan, node: Node, name: str = "") -> None:
        super().__init__(plan, node, name)
        self.fields = form_fields(node)
        self.kept = [
            (name, variable)
            for event in node.events
            for name, variable in (("code", event.code_variable), ("message", event.message_variable))
            if variable
        ]

    def conclude(self, token: Token) -> None:
        """Write the form fields of the payload, and the whole under the element's id."""
        payload = (token.local or {}).get(PAYLOAD)
        if isinstance(payload, dict):
            for name, variable in self.kept:
                write(token, variable, payload.get(name), outward=True)
        if self.fields and isinstance(payload, dict):
            for name in payload:
                if name in self.fields:
                    write(token, name, payload[name], outward=True)
            write(token, self.element_id, payload, outward=True)


class StartEvent(Catching):
    """Begins a scope. No token waits at it: its triggers stand beside the scope that its event subprocess is in, or
    are the runtime's affair."""

    handler: EventSubProcess | None = None
    triggers: tuple[Trigger, ...] = ()

    def __init__(self, plan: Plan, node: Node) -> None:
        super().__init__(plan, node)
        timers = [definition.timer for definition in node.events if definition.timer is not None]
        self.clockwork = Clockwork(node, timers[0]) if timers else None

    def triggered(self, trigger: Token, payload: Mapping[str, Value]) -> None:
        """The event subprocess begins."""
        assert self.handler is not None
        scope, brought = trigger.above, occurred(self.node, trigger, payload, self.triggers)
        if brought is None:
            return
        if self.node.parallel_multiple and not self.handler.interrupts:
            wait_again(scope, self.triggers, self.element_id)
        self.handler.occur(scope, brought)


class CatchEvent(Catching):
    """An intermediate catching event: waits for one of its triggers, or for each when it is parallel multiple."""

    triggers: tuple[Trigger, ...] = ()

    def perform(self, token: Token) -> bool:
        """Let the triggers wait; an event without definition waits for nothing."""
        for trigger in self.triggers:
            token.tree.spawn(token, trigger)
        return not self.triggers

    def triggered(self, trigger: Token, payload: Mapping[str, Value]) -> None:
        """Go on, or let the event-based gateway before it decide."""
        owner, tree = trigger.above, trigger.tree
        if isinstance(owner.task_spec, EventBasedGateway):
            owner.task_spec.decided(owner, self, payload)
            return
        self.gather(owner, payload)
        tree.drop(trigger, self.element_id)
        others = [each for each in owner.below if each.task_spec in self.triggers]
        if self.node.parallel_multiple and others:
            return
        for other in others:
            tree.drop(other, self.element_id)
        tree.again(owner, Phase.LEAVE)

    def gather(self, token: Token, payload: Mapping[str, Value]) -> None:
        """Keep the payload until the element is left."""
        before = (token.local or {}).get(PAYLOAD)
        token.local = {**(token.local or {}), PAYLOAD: {**(before if isinstance(before, dict) else {}), **payload}}


class BoundaryEvent(Catching):
    """Attached to an activity: interrupting, it takes the activity's place; else it begins a way beside it, any
    number of times, that the activity's end does not end."""

    triggers: tuple[Trigger, ...] = ()

    @property
    def catching(self) -> Node:
        """The node that says what is caught."""
        return self.node

    def triggered(self, trigger: Token, payload: Mapping[str, Value]) -> None:
        """One of its triggers has fired."""
        host, brought = trigger.above, occurred(self.node, trigger, payload, self.triggers)
        if brought is None:
            return
        if self.node.parallel_multiple and not self.node.interrupting:
            wait_again(host, self.triggers, self.element_id)
        self.occur(host, brought)

    def occur(self, host: Token, payload: Mapping[str, Value]) -> None:
        """The event has occurred at this activity."""
        tree, scope = host.tree, host.above
        if self.node.interrupting:
            tree.drop(host, self.element_id)
            if self.plan.any_order is not None:
                self.plan.any_order.begin_again(scope, host.task_spec)
        tree.occur(scope, self, {PAYLOAD: dict(payload)})


def occurred(
    node: Node, trigger: Token, payload: Mapping[str, Value], triggers: tuple[Trigger, ...]
) -> Mapping[str, Value] | None:
    """The payload with which an event occurs now that this trigger has fired; None when it waits for others too."""
    if node.parallel_multiple and len(triggers) > 1:
        return all_occurred(trigger, payload, triggers)
    return payload


class ThrowEvent(Element):
    """An intermediate throwing or an end event without definition, and what all throwing ones share.

    `also` is what a multiple event throws before this (§10.5.1); they share the input parameters.
    """

    also: tuple[ThrowEvent, ...] = ()

    def __init__(self, plan: Plan, node: Node, spec: str = "") -> None:
        super().__init__(plan, node, spec)
        self.ends = node.kind is Kind.END_EVENT

    def enter(self, token: Token) -> bool:
        """Throw everything."""
        self.map_inputs(token)
        return all(each.perform(token) for each in (*self.also, self))

    def leave(self, token: Token) -> None:
        """Leave; an end event of the top process is remembered as the way the instance ended."""
        if self.ends and counts_as_end(token):
            ends = token.tree.ends
            if self.element_id in ends:
                ends.remove(self.element_id)
            ends.append(self.element_id)
        super().leave(token)


def counts_as_end(token: Token) -> bool:
    """Whether an end event here tells how the instance ended: in the top process or its event subprocesses."""
    scope = token.above
    while scope is not token.tree.root:
        if scope.frame is None or scope.frame.isolated or not scope.above.task_spec.beside:
            return False
        scope = scope.above.above
    return True


class Message:
    """A message that an element throws: its name, and the address it goes to."""

    def __init__(self, node: Node, name: str) -> None:
        compiled = texts.text(node, "message name", name)
        if compiled is None:
            raise texts.refuse(node, "its message has no name", "Choose a message in the properties panel.")
        self.name = compiled
        self.properties = texts.compiled_properties(node, ("businessKey", "correlation"))

    def throw(self, token: Token, payload: Mapping[str, Value]) -> None:
        """Put it into the outbox; it is delivered after commit. The key defaults to the instance's own."""
        name = texts.as_text(evaluate(token, self.name))
        given = {which: evaluate(token, compiled) for which, compiled in self.properties.items()}
        key = texts.as_text(given.get("businessKey", token.tree.names.get("business_key")))
        correlation = texts.as_text(given.get("correlation"))
        token.tree.tell(MessageThrown(token.place(), name, key, correlation, payload))


class MessageThrow(ThrowEvent):
    """Throws a message; the input parameters are the payload."""

    def __init__(self, plan: Plan, node: Node, name: str, spec: str = "") -> None:
        super().__init__(plan, node, spec)
        self.message = Message(node, name)

    def perform(self, token: Token) -> bool:
        """Throw."""
        self.message.throw(token, self.inputs_of(token))
        return True


class SignalThrow(ThrowEvent):
    """Broadcasts a signal; delivered after commit to everybody who waits for it then."""

    def __init__(self, plan: Plan, node: Node, name: str, spec: str = "") -> None:
        super().__init__(plan, node, spec)
        self.signal = texts.text(node, "signal name", name)
        if self.signal is None:
            raise texts.refuse(node, "its signal has no name", "Choose a signal in the properties panel.")

    def perform(self, token: Token) -> bool:
        """Throw; the input parameters are the payload."""
        assert self.signal is not None
        name = texts.as_text(evaluate(token, self.signal))
        token.tree.tell(SignalThrown(token.place(), name, self.inputs_of(token), token.tree.last_id))
        return True


class ErrorEnd(ThrowEvent):
    """Throws an error, which climbs to the nearest handler; without one it is an incident here."""

    def __init__(self, plan: Plan, node: Node, code: str, spec: str = "") -> None:
        super().__init__(plan, node, spec)
        self.code = code

    def perform(self, token: Token) -> bool:
        """Throw; the input parameters go with the payload."""
        raise_error(token, self.code, self.inputs_of(token))
        return False


def raise_error(token: Token, code: str, more: Mapping[str, Value]) -> None:
    """Let a BPMN error climb from the token (§10.5.7); ModelError when nobody handles it."""
    payload: dict[str, Value] = {"code": code, "message": None, **more}
    if not climb(token, EventKind.ERROR, code, payload):
        raise ModelError(
            'Element %(element)s %(name)s: nothing handles the error "%(error)s". '
            "Attach an error boundary event, or add an event subprocess that begins with it.",
            element=token.task_spec.element_id,
            name=token.task_spec.node.name,
            error=code,
        )


class EscalationThrow(ThrowEvent):
    """Throws an escalation, which climbs to the nearest handler; without one it has no effect (§10.5.7)."""

    def __init__(self, plan: Plan, node: Node, code: str, spec: str = "") -> None:
        super().__init__(plan, node, spec)
        self.code = code

    def perform(self, token: Token) -> bool:
        """Throw; the handler may interrupt what this token stands in."""
        payload: dict[str, Value] = {"code": self.code, **self.inputs_of(token)}
        climb(token, EventKind.ESCALATION, self.code, payload)
        return token.alive


class TerminateEnd(ThrowEvent):
    """Ends its scope at once, with everything that is in it (§10.5.3)."""

    def perform(self, token: Token) -> bool:
        """Withdraw all but this token; the scope then has nothing left."""
        token.tree.clear(token.above, self.element_id, keep=token)
        return True


class LinkThrow(Element):
    """Goes on at the link catch event of the same name in the same scope; its flows are that jump."""

    def pick(self, token: Token) -> tuple[OutFlow, ...]:  # noqa: ARG002
        """The jump."""
        return self.flows
