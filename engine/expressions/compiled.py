"""What compiling gives: closures with what validation wants to know about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.expressions.context import FUNCTIONS, Context
from engine.values import Value


class Compiled:
    """An expression or text, ready to be evaluated any number of times from any thread.

    `names` are the free names it certainly reads (roots of dotted paths), `maybe` those that stand in a filter
    and may be members of the filtered items; `functions` are the names of the functions it calls, `paths` its
    dotted paths from a free name. `constant` is true when it reads neither names nor context.
    """

    __slots__ = ("constant", "functions", "maybe", "names", "paths", "source")

    source: str
    names: frozenset[str]
    maybe: frozenset[str]
    paths: frozenset[str]
    functions: frozenset[str]
    constant: bool

    @property
    def working(self) -> bool:
        """Whether it uses a declared function whose result depends on the working calendar."""
        return any(name in FUNCTIONS and FUNCTIONS[name].working for name in self.functions)

    def evaluate(self, names: Mapping[str, Value], context: Context, strict: bool = True) -> Value:
        """The value.

        Strict: an unknown name or a wrong type is an ExpressionError. Not strict (DMN): both give null.
        """
        raise NotImplementedError


class CompiledUnary:
    """A cell of a decision table: a test of one value."""

    __slots__ = ("functions", "names", "source")

    source: str
    names: frozenset[str]
    functions: frozenset[str]

    def test(self, value: Value, names: Mapping[str, Value], context: Context) -> bool:
        """Whether the value passes; a test that cannot be decided (null) does not pass."""
        raise NotImplementedError


def compile_text(source: str) -> Compiled:
    """A text of a diagram: `${…}` alone gives the value, mixed with text a str, and a text without it itself."""
    raise NotImplementedError


def compile_expression(source: str, known: Iterable[str] = ()) -> Compiled:
    """A bare expression; one wrapped in `${…}` is unwrapped. `known` names may contain spaces."""
    raise NotImplementedError


def compile_unary(source: str, known: Iterable[str] = ()) -> CompiledUnary:
    """A cell of a decision table, such as `> 5`, `[1..5)`, `"a", "b"`, `not("c")` or `-`."""
    raise NotImplementedError
