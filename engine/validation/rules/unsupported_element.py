"""BPMN elements that the engine does not run are refused: skipping them would run another process."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.validation.rule import Found, Rule, at_written
from engine.validation.subject import Subject

_REFUSED = {
    "choreography": "Draw a process.",
    "callChoreography": "Draw a process.",
    "subChoreography": "Draw a process.",
    "choreographyTask": "Draw a process.",
    "globalChoreographyTask": "Draw a process.",
    "performer": "Use candidate groups or the assignee.",
    "humanPerformer": "Use the assignee.",
    "potentialOwner": "Use candidate groups.",
    "resourceRole": "Use candidate groups.",
    "correlationSubscription": "Use the property `correlation` of the catching event.",
}
_MOVING = {"assignment", "transformation"}
"""What moves data within a data association; drawn associations have neither."""
_UNREAD = {
    "dataInputAssociation": "Use inputParameters.",
    "dataOutputAssociation": "Use outputParameters.",
    "ioSpecification": "Use inputParameters and outputParameters.",
    "callConversation": "It is only drawn.",
    "conversation": "It is only drawn.",
}


_QUANTITIES = ("startQuantity", "completionQuantity")


def _odd(text: str) -> bool:
    return not (text.isascii() and text.isdigit() and 0 < int(text) < 1000)


def check(subject: Subject) -> Iterator[Found]:
    """Elements in executable processes that would not run; those that only move data are a warning."""
    for element in subject.file.written:
        if element.process and element.process not in subject.process_ids:
            continue
        fields = {"tag": element.tag}
        if element.tag in _REFUSED:
            yield Found(at_written(element), "<%(tag)s> is not supported.", _REFUSED[element.tag], fields)
        elif element.tag in _MOVING and element.parent in _UNREAD:
            yield Found(
                at_written(element), "The data association moves data, which is not run.",
                _UNREAD[element.parent], fields,
            )  # fmt: skip
        elif element.tag in _UNREAD:
            yield Found(
                at_written(element), "<%(tag)s> is drawn but moves no data.", _UNREAD[element.tag], fields,
                Level.WARNING,
            )  # fmt: skip
        elif any(_odd(element.attributes.get(name, "1")) for name in _QUANTITIES):
            yield Found(
                at_written(element), "startQuantity and completionQuantity are whole numbers from 1 to 999.",
                "Write such a number.", fields,
            )  # fmt: skip


RULE = Rule("unsupported-element", Level.ERROR, check)
