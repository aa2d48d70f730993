"""Groups that do not exist have no members: nobody would see the task, and nobody could send the message."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engine.definitions.findings import Level
from engine.definitions.model import Node, ProcessDefinition
from engine.definitions.practice.source import nearest
from engine.validation.rule import Found, Rule, Spot, at
from engine.validation.subject import Subject
from engine.validation.uses import Use

_OF_PROCESS = ("starters", "cancellers", "holders", "correctors")
_OF_NODE = ("senders", "starters")
_NAMED = re.compile(r"\bgroup:([A-Za-z][\w-]*)(?![\w$-])(?!['\"]\s*\+)(?=['\",;\s]|$)")
"""A group that is named whole: what follows adds nothing to the name."""


def check(subject: Subject) -> Iterator[Found]:
    """Groups named in assignment, senders, starters, readers and inputs that groups.yaml does not have."""
    around = subject.practice.surroundings
    if around is None:
        return
    for process in subject.processes:
        yield from _unknown(process, _OF_PROCESS, process.properties, tuple(around.groups))
    for place in subject.places:
        texts = {**place.node.properties, "candidateGroups": place.node.assignment.candidate_groups}
        yield from _unknown(place.node, (*_OF_NODE, "candidateGroups"), texts, tuple(around.groups))
    for use in subject.uses:
        yield from _in_text(use, tuple(around.groups))


def _in_text(use: Use, known: tuple[str, ...]) -> Iterator[Found]:
    """Whole names after `group:` in an expression, in what a step is given, in whoever may read."""
    if "${" not in use.text and use.what.removeprefix("property ") in (*_OF_PROCESS, *_OF_NODE, "candidateGroups"):
        return  # a plain list of groups is looked at above
    for group in dict.fromkeys(_NAMED.findall(use.text)):
        if group not in known:
            yield Found(
                Spot(use.line, use.owner, use.owner_name), "%(what)s names the group %(group)s, which is unknown.",
                "Add it to groups.yaml, or name another.%(guess)s",
                {"what": use.what, "group": group, "guess": nearest(group, known)},
            )  # fmt: skip


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
