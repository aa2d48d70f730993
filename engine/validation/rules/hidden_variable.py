"""An input of a connector hides a variable of its name from the inputs after it, which then read the input."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.findings import Level
from engine.definitions.model import Mapping_, Node, ProcessDefinition
from engine.errors import ExpressionError
from engine.expressions import compile_text
from engine.validation.names import written
from engine.validation.rule import Found, Rule, at
from engine.validation.subject import Practice, Subject


def check(subject: Subject) -> Iterator[Found]:
    """Inputs that read, by a name the process has a variable of, an argument that stands before them in the same
    connector (`compute` is for that, and what a connector passes on is no argument of it)."""
    specs = subject.practice.connectors or {}
    for place in subject.places:
        spec = specs.get(place.node.topic)
        if spec is None:
            continue
        arguments: set[str] = set()
        for mapping in place.node.inputs:
            for name in sorted(_read(mapping) & arguments):
                if name in _variables(subject.practice, place.process, place.node):
                    yield Found(
                        at(place.node, mapping.line),
                        "The input %(reader)s reads the input %(name)s of this connector; the variable %(name)s is"
                        " hidden by it.",
                        "Put %(reader)s before %(name)s under Inputs.", {"reader": mapping.target, "name": name},
                    )  # fmt: skip
            if mapping.target in spec.inputs:
                arguments.add(mapping.target)


def _read(mapping: Mapping_) -> frozenset[str]:
    try:
        compiled = compile_text(mapping.expression)
    except ExpressionError:
        return frozenset()
    return compiled.names | compiled.maybe


def _variables(practice: Practice, process: ProcessDefinition, but: Node) -> set[str]:
    """What other elements write in the process, or hand to it where they call or start it."""
    found = {name for node in process.scope.walk() if node is not but for name in written(node)}
    for caller in practice.processes.values():
        for node in caller.scope.walk():
            if node.call is not None and node.call.element == process.id:
                found.update(mapping.target for mapping in node.call.inputs)
            elif node.topic == "start-process" and _started(node) == process.id:
                found.update(mapping.target for mapping in node.inputs)
    return found


def _started(node: Node) -> str:
    return next((mapping.expression for mapping in node.inputs if mapping.target == "process"), "")


RULE = Rule("hidden-variable", Level.WARNING, check)
