"""Event definitions (BPMN 2.0 §10.5) with the names and codes they refer to."""

from __future__ import annotations

from engine.definitions.model import EventDefinition, EventKind, Thrown, Timer
from engine.definitions.xml import Element, attribute, camunda, children, flag, line, local, reference, text

_SUFFIX = "EventDefinition"
_KINDS = {kind.value + _SUFFIX: kind for kind in EventKind}
_WHEN = {"None": ("every", "noneBehaviorEventRef"), "One": ("first", "oneBehaviorEventRef")}
_TIMERS = ("timeDate", "timeDuration", "timeCycle")


class EventReader:
    """Reads the event definitions of events; knows the messages, signals, errors and escalations of the file."""

    def __init__(self, root: Element) -> None:
        self._names: dict[tuple[str, str], str] = {}
        self._shared: dict[str, tuple[str, Element]] = {}
        for tag, element in children(root):
            key = (tag, attribute(element, "id"))
            if tag in ("message", "signal"):
                self._names[key] = attribute(element, "name")
            elif tag in ("error", "escalation"):
                self._names[key] = attribute(element, tag + "Code")
            elif tag in _KINDS:
                self._shared[key[1]] = (tag, element)

    def message(self, message_id: str) -> str:
        """The name of the message with this id, empty when it is not declared."""
        return self._names.get(("message", message_id), "")

    def shared(self, definition_id: str) -> EventDefinition | None:
        """The event definition with this id that stands beside the processes."""
        found = self._shared.get(definition_id)
        return None if found is None else self._definition(_KINDS[found[0]], found[1])

    def thrown(self, loop: Element) -> tuple[Thrown, ...]:
        """What the completion of instances throws, by the `behavior` of a multi-instance."""
        behavior = attribute(loop, "behavior")
        if behavior in _WHEN:
            when, name = _WHEN[behavior]
            event = self.shared(reference(loop, name))
            return () if event is None else (Thrown(event, when),)
        found = []
        for tag, complex_ in children(loop):
            if tag == "complexBehaviorDefinition" and behavior == "Complex":
                events = [each for part, item in children(complex_) if part == "event" for each in self.read(item)]
                condition = next((text(item) for part, item in children(complex_) if part == "condition"), "")
                found += [Thrown(each, "condition", condition) for each in events]
        return tuple(found)

    def read(self, event: Element) -> tuple[EventDefinition, ...]:
        """The event definitions of an event in document order; `eventDefinitionRef` is followed."""
        found = []
        for tag, element in children(event):
            if tag in _KINDS:
                found.append(self._definition(_KINDS[tag], element))
            elif tag == "eventDefinitionRef" and local(text(element)) in self._shared:
                shared_tag, shared = self._shared[local(text(element))]
                found.append(self._definition(_KINDS[shared_tag], shared))
        return tuple(found)

    def _definition(self, kind: EventKind, element: Element) -> EventDefinition:
        ref = reference(element, "activityRef" if kind is EventKind.COMPENSATE else kind.value + "Ref")
        name = attribute(element, "name") if kind is EventKind.LINK else self._names.get((kind.value, ref), "")
        return EventDefinition(
            kind=kind,
            line=line(element),
            id=attribute(element, "id"),
            ref=ref,
            name=name,
            timer=_timer(element) if kind is EventKind.TIMER else None,
            condition=_condition(element) if kind is EventKind.CONDITIONAL else "",
            wait_for_completion=flag(element, "waitForCompletion", True),
            code_variable=camunda(element, f"{kind.value}CodeVariable"),
            message_variable=camunda(element, f"{kind.value}MessageVariable"),
        )


def _timer(element: Element) -> Timer | None:
    for tag, written in children(element):
        if tag in _TIMERS and text(written):
            return Timer(tag, text(written))
    return None


def _condition(element: Element) -> str:
    return next((text(written) for tag, written in children(element) if tag == "condition"), "")
