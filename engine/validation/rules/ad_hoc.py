"""An ad-hoc subprocess is done in any order until its condition is true (BPMN 2.0 §10.3.5): people choose, by doing."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind, Node
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject
from engine.validation.uses import unreadable

_INSTANT = {
    Kind.USER_TASK, Kind.TASK, Kind.MANUAL_TASK, Kind.SCRIPT_TASK, Kind.BUSINESS_RULE_TASK, Kind.EXCLUSIVE_GATEWAY,
    Kind.PARALLEL_GATEWAY, Kind.INCLUSIVE_GATEWAY, Kind.COMPLEX_GATEWAY,
}  # fmt: skip
_FORBIDDEN = {Kind.START_EVENT, Kind.END_EVENT, Kind.EVENT_SUB_PROCESS}


def check(subject: Subject) -> Iterator[Found]:
    """Ad-hoc subprocesses without a readable completion condition or activities; in them start and end events, steps
    that nobody can choose, and in sequential ones steps that take time while others are done."""
    for place in subject.places:
        node = place.node
        if node.ad_hoc is None or node.body is None:
            continue
        if not node.ad_hoc.completion:
            yield Found(at(node), "Nothing says when the ad-hoc subprocess is over.", "Give it a completion condition.")
        elif why := unreadable(node.ad_hoc.completion):
            yield Found(at(node), "The completion condition: %(error)s", "Correct the expression.", {"error": why})
        if not node.body.loose():
            yield Found(at(node), "Nothing in the ad-hoc subprocess can be begun.", "Put a user task into it.")
        yield from (found for inner in node.body.nodes.values() for found in _inner(inner, node.ad_hoc.sequential))


def _inner(node: Node, sequential: bool) -> Iterator[Found]:
    if node.kind in _FORBIDDEN:
        yield Found(at(node), "An ad-hoc subprocess holds no %(kind)s.", "Remove it.", {"kind": node.kind.value})
    elif not node.incoming and node.kind not in (Kind.USER_TASK, Kind.BOUNDARY_EVENT) and not node.for_compensation:
        yield Found(
            at(node), "Nobody can choose when this step of the ad-hoc subprocess is done.",
            "Let a user task lead to it.",
        )  # fmt: skip
    elif sequential and (node.kind not in _INSTANT or node.loop is not None):
        yield Found(
            at(node), "In a sequential ad-hoc subprocess nothing else could be done while this takes time.",
            "Use user tasks, or the parallel ordering.",
        )  # fmt: skip


RULE = Rule("ad-hoc", Level.ERROR, check)
