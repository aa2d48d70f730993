"""A call activity, and a step that starts a process, name a process of the same practice."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Kind, Node, Scope
from engine.definitions.practice.source import nearest
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Place, Subject


def check(subject: Subject) -> Iterator[Found]:
    """Processes that are called or started but not in the practice, or with no one place to begin; bindings that name
    no version; business keys that a call would change."""
    if subject.whole:
        known = tuple(subject.practice.processes)
        for place in subject.places:
            for name in _named(place):
                if name and "${" not in name and name not in known and not _older(place.node):
                    yield Found(
                        at(place.node), "The process %(name)s is not in the practice, or not executable.",
                        "Add its file, or name another.%(guess)s", {"name": name, "guess": nearest(name, known)},
                    )  # fmt: skip
                elif name in known and not _begins(subject.practice.processes[name].scope):
                    yield Found(
                        at(place.node), "The process %(name)s has no one plain start event to begin at.",
                        "Give it one.", {"name": name},
                    )  # fmt: skip
    for place in subject.places:
        yield from _bound(place.node)
        key = place.node.call.business_key if place.node.call else ""
        if key and not any(own in key for own in ("execution.processBusinessKey", "business_key")):
            yield Found(
                at(place.node), "A called process keeps the business key of its caller; %(key)s is ignored.",
                "Remove it, or start the process by a service task.", {"key": key},
            )  # fmt: skip


def _older(node: Node) -> bool:
    """Whether a version is called that may have been deployed once and not be in the practice now."""
    return node.call is not None and bool(node.call.version)


def _bound(node: Node) -> Iterator[Found]:
    if node.call is None or node.call.binding in ("", "deployment", "latest"):
        return
    fields = {"binding": node.call.binding}
    if node.call.binding not in ("version", "versionTag"):
        yield Found(
            at(node), "There is no binding “%(binding)s” of a called process.",
            "Use latest, deployment, version or versionTag.", fields,
        )  # fmt: skip
    elif not node.call.version:
        yield Found(
            at(node), "The call is bound to a %(binding)s and does not say which.",
            "Give the version, or choose another binding.", fields,
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
