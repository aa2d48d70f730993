"""A process or subprocess begins at its start event; without one, or with two plain ones, nobody sees where."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind, Node, ProcessDefinition, Scope
from engine.validation.rule import Found, Rule, Spot, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Scopes with no start event or several none start events; embedded ones with a start that waits."""
    for process, scope, around in subject.scopes:
        if around is not None and around.kind is Kind.EVENT_SUB_PROCESS:
            continue  # said by event-subprocess
        yield from _scope(process, scope, around)


def _scope(process: ProcessDefinition, scope: Scope, around: Node | None) -> Iterator[Found]:
    spot: Spot = at(process if around is None else around)
    starts = [node for node in scope.nodes.values() if node.kind is Kind.START_EVENT]
    plain = [node for node in starts if not node.events]
    if not starts:
        yield Found(spot, "There is no start event.", "Draw one and lead it to the first step.")
    for node in plain[1:]:
        yield Found(
            at(node), "This is the second plain start event; %(first)s is the first.",
            "Keep one, or give the other a message, signal or timer.", {"first": plain[0].id},
        )  # fmt: skip
    if around is not None:
        for node in starts:
            if node.events:
                yield Found(
                    at(node), "A subprocess is entered by its flow: its start event may not wait for anything.",
                    "Make it a plain start event, or the subprocess an event subprocess.",
                )  # fmt: skip


RULE = Rule("start-event", Level.ERROR, check)
