"""How one instance takes what comes from outside its own tasks: a message, a signal, a timer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.runtime.unit.machinery import Machinery
from engine.runtime.unit.occurrences import Place
from engine.runtime.unit.step import Step
from engine.store import instances
from engine.store.connect import Connection
from engine.store.rights import Acting
from engine.values import Value


def receive(
    machinery: Machinery,
    connection: Connection,
    subscription: Any,
    payload: Mapping[str, Value],
    acting: Acting,
    principal: str = "",
    submission: str = "",
    sender: str = "",
    led_by: str = "",
) -> Step | None:
    """Hand a message or signal to the instance that waits for it; None when it does not wait any more."""
    stored = instances.load(connection, subscription.instance_id)
    if stored is None or stored.state != "active":
        return None
    step = Step(machinery, connection, stored, acting, principal, led_by)
    place = Place(subscription.process_id, subscription.element_id, subscription.token)
    kind = "message" if subscription.kind == "message" else "signal"
    event = step.event(kind, place, name=subscription.name, payload=dict(payload), sender=sender)
    event.submission = submission or None
    if not step.execution.fire(subscription.token, dict(payload)):
        return None
    step.save()
    element = step.environment.process(subscription.process_id).elements[subscription.element_id]
    step.submit_files(payload, element.name or subscription.name)
    return step
