"""Who may bring what an element waits for: the sender of a message, the worker of an external task."""

from __future__ import annotations

from engine.definitions.model import Node
from engine.dialect import texts
from engine.dialect.token import Token
from engine.dialect.variables import evaluate


class Senders:
    """The property `senders` of an element, with commas; an expression may give several."""

    def __init__(self, node: Node) -> None:
        written = node.properties.get("senders", "")
        parts = [written] if written.strip().startswith("${") else written.split(",")
        self._entries = [_Sender(node, part.strip()) for part in parts if part.strip()]

    def of(self, token: Token) -> tuple[str, ...]:
        """Group ids and `user:<id>`, as seen from here now; none for diagrams only."""
        return tuple(name for each in self._entries for name in each(token))


class _Sender:
    """One entry of `senders`: a group id, `user:<expression or id>`, or `${…}` giving several."""

    def __init__(self, node: Node, written: str) -> None:
        self.prefix = "user:" if written.startswith("user:") else ""
        inner = written.removeprefix("user:")
        if self.prefix and "${" not in inner:
            self.compiled = texts.expression(node, "senders", inner)
        else:
            compiled = texts.text(node, "senders", inner)
            assert compiled is not None
            self.compiled = compiled

    def __call__(self, token: Token) -> tuple[str, ...]:
        return tuple(self.prefix + each for each in texts.as_list(evaluate(token, self.compiled)))
