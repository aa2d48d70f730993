"""A script task computes one value in the expression language; any other script is refused, not run and not skipped."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Script tasks in another language, without a text or without a result variable; conditions in other languages."""
    for place in subject.places:
        node = place.node
        if node.kind is not Kind.SCRIPT_TASK:
            continue
        fields = {"format": node.script_format or "no language"}
        if node.script_format.lower() != "feel":
            yield Found(at(node), "The script is in %(format)s.", 'Write it as scriptFormat="feel".', fields)
        elif not node.script:
            yield Found(at(node), "The script is empty.", "Write the expression to compute.")
        elif not node.result_variable:
            yield Found(at(node), "The result of the script goes nowhere.", "Set the result variable.")
    for _, scope, _ in subject.scopes:
        for flow in scope.flows.values():
            if flow.language and not flow.language.lower().endswith("feel"):
                yield Found(
                    at(flow), "The condition is in %(format)s.", "Write it as ${…} without a language.",
                    {"format": flow.language},
                )  # fmt: skip


RULE = Rule("script", Level.ERROR, check)
