"""A process or subprocess begins at its start event, or where nothing leads to (BPMN 2.0 §10.5.2, §13.3.4)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind, Node, ProcessDefinition, Scope
from engine.validation.rule import Found, Rule, Spot, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Scopes in which nothing can begin; subprocesses with several start events, or with one that waits."""
    for process, scope, around in subject.scopes:
        if around is not None and around.kind in (Kind.EVENT_SUB_PROCESS, Kind.AD_HOC_SUB_PROCESS):
            continue  # said by event-subprocess and ad-hoc
        yield from _scope(process, scope, around)


def _scope(process: ProcessDefinition, scope: Scope, around: Node | None) -> Iterator[Found]:
    spot: Spot = at(process if around is None else around)
    starts = [node for node in scope.nodes.values() if node.kind is Kind.START_EVENT]
    plain = [node for node in starts if not node.events]
    empty = not scope.nodes and around is not None  # it is passed through, as when it is not modelled yet
    if not empty and not scope.starts() and not scope.loose():
        yield Found(spot, "There is no start event.", "Draw one and lead it to the first step.")
    for node in plain[1:] if around is not None else ():
        yield Found(
            at(node), "A subprocess has one plain start event; %(first)s is the first, this another.",
            "Keep one.", {"first": plain[0].id},
        )  # fmt: skip
    if around is not None:
        for node in starts:
            if node.events:
                yield Found(
                    at(node), "A subprocess is entered by its flow: its start event may not wait for anything.",
                    "Make it a plain start event, or the subprocess an event subprocess.",
                )  # fmt: skip


RULE = Rule("start-event", Level.ERROR, check)
