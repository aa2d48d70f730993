"""A call activity, and a step that starts a process, name a process of the same practice."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind, Scope
from engine.definitions.practice.source import nearest
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Place, Subject


def check(subject: Subject) -> Iterator[Found]:
    """Processes that are called or started but not in the practice, or with no one place to begin; business keys that
    a call would change."""
    if subject.whole:
        known = tuple(subject.practice.processes)
        for place in subject.places:
            for name in _named(place):
                if name and "${" not in name and name not in known:
                    yield Found(
                        at(place.node), "The process %(name)s is not in the practice, or not executable.",
                        "Add its file, or name another.%(guess)s", {"name": name, "guess": nearest(name, known)},
                    )  # fmt: skip
                elif name and "${" not in name and not _begins(subject.practice.processes[name].scope):
                    yield Found(
                        at(place.node), "The process %(name)s has no one plain start event to begin at.",
                        "Give it one.", {"name": name},
                    )  # fmt: skip
    for place in subject.places:
        key = place.node.call.business_key if place.node.call else ""
        if key and not any(own in key for own in ("execution.processBusinessKey", "business_key")):
            yield Found(
                at(place.node), "A called process keeps the business key of its caller; %(key)s is ignored.",
                "Remove it, or start the process by a service task.", {"key": key},
            )  # fmt: skip


def _begins(scope: Scope) -> bool:
    """Whether it is clear where a process begins that no event begins (§13.3.5)."""
    plain = [node for node in scope.starts() if node.kind is Kind.START_EVENT and not node.events]
    return len(plain) == 1 or (not plain and bool(scope.loose()))


def _named(place: Place) -> Iterator[str]:
    if place.node.call is not None:
        yield place.node.call.element
    if place.node.topic == "start-process":
        yield next((item.expression for item in place.node.inputs if item.target == "process"), "")


RULE = Rule("called-process", Level.ERROR, check)
