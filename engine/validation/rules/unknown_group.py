"""Groups that do not exist have no members: nobody would see the task, and nobody could send the message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.definitions.findings import Level
from engine.definitions.model import Node, ProcessDefinition
from engine.definitions.practice.source import nearest
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject

_OF_PROCESS = ("starters", "cancellers", "holders", "correctors")
_OF_NODE = ("senders", "starters")


def check(subject: Subject) -> Iterator[Found]:
    """Groups named in assignment, senders, starters and the like that groups.yaml does not have."""
    around = subject.practice.surroundings
    if around is None:
        return
    for process in subject.processes:
        yield from _unknown(process, _OF_PROCESS, process.properties, tuple(around.groups))
    for place in subject.places:
        texts = {**place.node.properties, "candidateGroups": place.node.assignment.candidate_groups}
        yield from _unknown(place.node, (*_OF_NODE, "candidateGroups"), texts, tuple(around.groups))


def _unknown(
    element: Node | ProcessDefinition, names: tuple[str, ...], texts: Mapping[str, str], known: tuple[str, ...]
) -> Iterator[Found]:
    for what in names:
        text = texts.get(what, "")
        entries = [] if "${" in text else [entry.strip() for entry in text.split(",")]
        for entry in entries:
            group = entry.removeprefix("group:")
            if group and not group.startswith("user:") and group not in known:
                yield Found(
                    at(element), "%(what)s names the group %(group)s, which is unknown.",
                    "Add it to groups.yaml, or name another.%(guess)s",
                    {"what": what, "group": group, "guess": nearest(group, known)},
                )  # fmt: skip


RULE = Rule("unknown-group", Level.ERROR, check)
