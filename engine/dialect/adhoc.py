"""Ad-hoc subprocesses (BPMN 2.0 §10.3.5, §13.3.5): what stands in them is done in any order, and again, until the
completion condition is true.

People choose by doing: each user task without a way in is offered from the beginning, and again once it was done. Since
a task is done in one step, the sequential ordering needs nothing more.
"""

from __future__ import annotations

from engine.definitions.model import Node
from engine.dialect import texts
from engine.dialect.element import Element
from engine.dialect.scope import Plan
from engine.dialect.subprocess import SubProcess
from engine.dialect.token import Token
from engine.dialect.variables import evaluate


class AdHocSubProcess(SubProcess):
    """An ad-hoc subprocess; `completed` and `done` are asked by the activities in it."""

    def __init__(self, plan: Plan, node: Node) -> None:
        super().__init__(plan, node)
        assert node.ad_hoc is not None
        self.cancels = node.ad_hoc.cancels
        condition = texts.text(node, "completion condition", node.ad_hoc.completion)
        if condition is None:
            raise texts.refuse(node, "it has no completion condition", "Say when it is over.")
        self.completion = condition

    def completed(self, token: Token) -> bool:
        """Whether the subprocess is over now that the activity of this token is done."""
        if token.open_frame.closing:
            return True
        return bool(texts.as_truth(evaluate(token, self.completion), f"The completion condition of {self.element_id}"))

    def done(self, token: Token, over: bool) -> None:
        """An activity in it is done: offer it again, or end the subprocess."""
        scope, tree = token.above, token.tree
        if not over:
            self.begin_again(scope, token.task_spec)
            return
        token.took = ()
        scope.open_frame.closing = True
        if self.cancels:
            tree.clear(scope, self.element_id, keep=token)

    def begin_again(self, scope: Token, element: Element) -> None:
        """An activity in it is done or was interrupted: one that nothing leads to is offered again."""
        if element in self.body.entries and not scope.open_frame.closing:
            scope.tree.spawn(scope, element)
