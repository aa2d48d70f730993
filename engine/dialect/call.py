"""Call activities (BPMN 2.0 §10.3.6; camunda:calledElement, camunda:in, camunda:out).

The called process runs in the same instance, in an isolated scope: it sees what `camunda:in` gives it, and gives back
what `camunda:out` takes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.definitions.model import Node
from engine.dialect import texts
from engine.dialect.activity import Activity
from engine.dialect.scope import Plan, begin, empty
from engine.dialect.subprocess import DEEPEST, depth_of, inner
from engine.dialect.token import Phase, Token
from engine.dialect.variables import evaluate, visible, write
from engine.errors import ModelError
from engine.expressions import Compiled
from engine.values import Value

if TYPE_CHECKING:
    from engine.dialect.program import Program

_NAME = re.compile(r"\s*\$\{\s*\w+\s*\}\s*")


class CallActivity(Activity):
    """Calls a process and goes on when it has ended."""

    def __init__(self, plan: Plan, node: Node) -> None:
        super().__init__(plan, node)
        called = texts.text(node, "calledElement", node.call.element if node.call else "")
        if node.call is None or called is None:
            raise texts.refuse(node, "it calls nothing", "Give the id of a process as called element.")
        self.call = node.call
        self.called = called
        self.version = texts.text(node, "version", node.call.version)
        self.given = texts.mappings(node, "in", node.call.inputs)
        self.taken = texts.mappings(node, "out", node.call.outputs)

    def perform(self, token: Token) -> bool:
        """Find the process, give it its variables, begin it."""
        if depth_of(token) >= DEEPEST:
            raise ModelError(
                "Element %(element)s %(name)s: calls stand %(depth)d deep in each other. Let the recursion end.",
                element=self.element_id,
                name=self.node.name,
                depth=DEEPEST,
            )
        program = self._program(token)
        if not program.plan.entries:
            raise ModelError(
                "Element %(element)s %(name)s: process %(process)s has no one plain start event to be called at. "
                "Give it one.",
                element=self.element_id,
                name=self.node.name,
                process=program.process_id,
            )
        variables: dict[str, Value] = {}
        if self.call.variables_in:
            variables = {k: v for k, v in visible(token).items() if k not in token.tree.names}
        for each in self.given:
            variables[each.target] = _mapped(token, each.value)
        scope = token.tree.open(token, program.plan, program, isolated=True)
        scope.local = variables
        begin(scope)
        return empty(scope)

    def _program(self, token: Token) -> Program:
        name, environment = texts.as_text(evaluate(token, self.called)), token.tree.environment
        if self.version is None:
            return environment.program(name, self.call.latest)
        wanted = evaluate(token, self.version)
        if self.call.binding == "versionTag":
            return environment.versioned(name, None, texts.as_text(wanted))
        return environment.versioned(name, texts.as_count(wanted, f"The version that {self.element_id} calls"), "")

    def body_done(self, token: Token, scope: Token) -> None:  # noqa: ARG002
        """The called process has ended."""
        token.tree.again(token, Phase.LEAVE)

    def conclude(self, token: Token) -> None:
        """Take back what `camunda:out` says."""
        scope = inner(token)
        if self.call.variables_out:
            for name, value in (scope.local or {}).items():
                write(token, name, value)
        for each in self.taken:
            write(token, each.target, _mapped(scope, each.value))


def _mapped(token: Token, value: Compiled | None) -> Value:
    """What a mapping passes on. A variable that was never set is passed as null, as Camunda 7 does: a called process
    may end before it comes to set it. In an expression an unknown name stays an error."""
    if value is None:
        return None
    return evaluate(token, value, strict=_NAME.fullmatch(value.source) is None)
