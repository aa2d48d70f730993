"""One evaluation: its names, its surroundings, its budget, and how it fails."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.errors import ExpressionError
from engine.expressions.context import Context
from engine.values import Value

if TYPE_CHECKING:
    from engine.expressions.tree import Node

STEPS = 100_000
"""Steps an evaluation may take: one each round of a loop or filter and each element a function looks at."""
MAX_TEXT = 100_000
"""Characters a text made by an expression may have."""
MAX_ITEMS = 10_000
"""Items a list made by an expression may have."""


class Unfit(Exception):
    """A function's argument has the right type but no meaning for it; the text says why."""


class Frame:
    """The names visible in one place of an evaluation; inner frames hold the variables of loops and filters."""

    __slots__ = ("context", "left", "names", "outer", "root", "source", "strict", "tested")

    def __init__(self, names: Mapping[str, Value], context: Context, strict: bool, source: str) -> None:
        self.names = names
        self.context = context
        self.strict = strict
        self.source = source
        self.left = STEPS
        self.outer: Frame | None = None
        self.root = self
        self.tested: Value = None

    def inner(self, names: Mapping[str, Value]) -> Frame:
        """A frame with further names before these."""
        made = Frame.__new__(Frame)
        made.names = names
        made.context = self.context
        made.strict = self.strict
        made.source = self.source
        made.outer = self
        made.root = self.root
        made.tested = self.tested
        return made

    def relaxed(self) -> Frame:
        """The same place, where an unknown name and a wrong type give null."""
        made = self.inner(self.names)
        made.outer = self.outer
        made.strict = False
        return made

    def spend(self, steps: int) -> None:
        """Take from the budget; an ExpressionError when it is used up, whatever the mode."""
        root = self.root
        root.left -= steps
        if root.left < 0:
            raise ExpressionError(
                "%(expression)s takes more than %(steps)d steps. Work on shorter lists.",
                expression=self.source, steps=STEPS,
            )  # fmt: skip

    def unknown(self, name: str) -> Value:
        """What an unknown name gives: null, or an error that names the nearest known one."""
        if not self.strict:
            return None
        frame: Frame | None = self
        known: set[str] = set()
        while frame is not None:
            known.update(frame.names)
            frame = frame.outer
        nearest = nearest_name(name, known)
        if nearest:
            raise ExpressionError(
                "%(expression)s uses the name %(name)s, which is not known here. Did you mean %(nearest)s?",
                expression=self.source, name=name, nearest=nearest,
            )  # fmt: skip
        raise ExpressionError(
            "%(expression)s uses the name %(name)s, which is not known here. Set it in a step before this one.",
            expression=self.source, name=name, nearest="",
        )  # fmt: skip

    def wrong(self, node: Node, reason: str, **fields: object) -> None:
        """A wrong type or value at a piece of the expression: null, or an error saying what and where."""
        if not self.strict:
            return
        from engine.expressions.tree import show

        raise ExpressionError(
            "%(expression)s, at %(part)s: " + reason, expression=self.source, part=show(node), **fields
        )


def nearest_name(name: str, known: set[str] | frozenset[str]) -> str:
    """The known name that is most like the given one, or an empty text."""
    exact = [each for each in known if each.lower() == name.lower()]
    found = exact or difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return found[0] if found else ""
