"""A circle in which nothing waits and nothing decides never ends: it would run until the engine stops it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Node, Scope
from engine.validation.graph import cycles, decides, followers, waits
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Subject


def check(subject: Subject) -> Iterator[Found]:
    """Circles of automatic nodes without a decision; processes that call one another in a circle and neither wait nor
    decide."""
    connectors = tuple(subject.practice.connectors or ())
    yield from _calls(subject, connectors)
    for _, scope, _ in subject.scopes:
        automatic = {
            node.id for node in scope.nodes.values() if not waits(node, connectors) and not decides(node, scope)
        }
        for circle in cycles(followers(scope), automatic):
            yield Found(
                at(scope.nodes[circle[0]]), "This circle never ends: %(circle)s.",
                "Put a task, a timer or a gateway with conditions into it.", {"circle": " → ".join(circle)},
            )  # fmt: skip


def _calls(subject: Subject, connectors: tuple[str, ...]) -> Iterator[Found]:
    known = subject.practice.processes if subject.whole else {each.id: each for each in subject.processes}
    nodes = {name: list(_nodes(process.scope)) for name, process in known.items()}
    # A call that is bound to a version calls what was deployed then.
    calls = {
        name: [node.call.element for node, _ in found if node.call is not None and not node.call.version]
        for name, found in nodes.items()
    }
    automatic = {
        name
        for name, found in nodes.items()
        if not any(decides(node, scope) or (node.call is None and waits(node, connectors)) for node, scope in found)
    }
    for circle in cycles(calls, automatic):
        for process in subject.processes:
            for node, _ in nodes[process.id] if process.id in circle else ():
                if node.call is not None and node.call.element in circle:
                    yield Found(
                        at(node), "This circle of calls never ends: %(circle)s.",
                        "Put a task, a timer or a gateway with conditions into it.", {"circle": " → ".join(circle)},
                    )  # fmt: skip


def _nodes(scope: Scope) -> Iterator[tuple[Node, Scope]]:
    for node in scope.nodes.values():
        yield node, scope
        if node.body is not None:
            yield from _nodes(node.body)


RULE = Rule("endless-loop", Level.ERROR, check)
