"""A boundary event sits on an activity of its own scope; on anything else it would never fire."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import EventKind, Kind
from engine.validation.dialect import ACTIVITY_TAGS
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Boundary events without a host, on something that is no activity, or cancelling what is no transaction."""
    everywhere = {element.id for element in subject.file.written}
    for place in subject.places:
        node = place.node
        if node.kind is not Kind.BOUNDARY_EVENT:
            continue
        if node.attached_to and node.attached_to not in everywhere:
            continue  # dangling-reference tells it
        host = place.scope.nodes.get(node.attached_to)
        cancel = any(event.kind is EventKind.CANCEL for event in node.events)
        fields = {"host": node.attached_to or "nothing"}
        if host is None:
            text = "The boundary event is attached to %(host)s, which is no activity of this scope."
        elif host.kind.value not in ACTIVITY_TAGS:
            text = "The boundary event is attached to %(host)s, which is no activity."
        elif cancel and host.kind is not Kind.TRANSACTION:
            text = "Only a transaction can be cancelled, and %(host)s is none."
        else:
            continue
        yield Found(at(node), text, "Attach it to the border of a task or subprocess.", fields)


RULE = Rule("boundary-host", Level.ERROR, check)
