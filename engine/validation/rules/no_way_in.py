"""What no flow leads to begins together with its scope (BPMN 2.0 §10.3): beside a start event that surprises."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind, Scope
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Nodes without an incoming flow that are not entered in another way, where the scope has a start event; end events
    anywhere."""
    for _, scope, _ in subject.scopes:
        for node in scope.loose():
            if node.kind is Kind.END_EVENT:
                yield Found(at(node), "No flow leads here.", "Draw a flow to it, or remove it.", level=Level.ERROR)
            elif _has_start(scope):
                yield Found(
                    at(node), "No flow leads here: it begins at once, together with the start event.",
                    "Draw a flow to it, or remove it.",
                )  # fmt: skip


def _has_start(scope: Scope) -> bool:
    return any(node.kind is Kind.START_EVENT for node in scope.nodes.values())


RULE = Rule("no-way-in", Level.WARNING, check)
