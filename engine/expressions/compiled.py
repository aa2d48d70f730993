"""Compiling an expression, text or cell once, and what the result can do and tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, cast

import engine.expressions.calls
import engine.expressions.functions
import engine.expressions.loops  # noqa: F401 - the three modules declare how their nodes become closures
from engine.errors import ExpressionError
from engine.expressions import testing, tree
from engine.expressions.closures import Compiler, Run
from engine.expressions.context import FUNCTIONS, Context
from engine.expressions.frame import Frame, Unfit
from engine.expressions.operators import Range
from engine.expressions.parser import parse
from engine.expressions.showing import show_to_people
from engine.expressions.template import pieces
from engine.values import Value

_CACHED = 8_192
_MOST_NODES = 100_000
_COMPOSED = frozenset({list, dict, tuple, Range})
_SCALARS = (str, bool, int, type(None))


class Compiled:
    """An expression or text, ready to be evaluated any number of times from any thread.

    `names` are the free names it certainly reads (roots of dotted paths), `maybe` those that stand in a filter
    and may be members of the filtered items; `functions` are the names of the functions it calls, `paths` its
    dotted paths from a free name. `constant` is true when it reads neither names nor context. `trees` are the
    syntax trees: one of an expression, with `mixed` those of the pieces of a text.
    """

    __slots__ = ("_run", "_trusted", "constant", "functions", "maybe", "mixed", "names", "paths", "source", "trees")

    def __init__(
        self, source: str, compilers: Iterable[Compiler], run: Run, trees: tuple[tree.Node, ...], trusted: bool = False
    ) -> None:
        made = tuple(compilers)
        self.source = source
        self.names: frozenset[str] = frozenset(name for each in made for name in each.names)
        self.maybe: frozenset[str] = frozenset(name for each in made for name in each.maybe) - self.names
        self.paths: frozenset[str] = frozenset(path for each in made for path in each.paths)
        self.functions: frozenset[str] = frozenset(name for each in made for name in each.functions) - {"@"}
        self.constant: bool = not (self.names or self.maybe or any(each.functions for each in made))
        self.trees = trees
        self.mixed = False
        self._run = run
        # A bare name or path gives what the surroundings hold; only what an expression makes has to be measured.
        self._trusted = trusted

    def __repr__(self) -> str:
        return f"Compiled({self.source!r})"

    @property
    def working(self) -> bool:
        """Whether it calls a declared function whose result depends on the working calendar."""
        return any(name in FUNCTIONS and FUNCTIONS[name].working for name in self.functions)

    def evaluate(self, names: Mapping[str, Value], context: Context, strict: bool = True) -> Value:
        """The value.

        Strict: an unknown name or a wrong type is an ExpressionError. Not strict (DMN): both give null. A function
        that nobody offers and a used-up budget are errors in both.
        """
        return self.evaluate_in(Frame(names, context, strict, self.source))

    def evaluate_in(self, frame: Frame) -> Value:
        """The value in a frame of the caller's, whose budget may be shared with other evaluations."""
        value = self._run(frame)
        if type(value) in _COMPOSED and not self._trusted:
            _measure(value, self.source)
        return cast("Value", value)


class CompiledUnary:
    """A cell of a decision table: a test of one value."""

    __slots__ = ("_test", "functions", "names", "source", "tree")

    def __init__(self, source: str, compiler: Compiler, test: testing.Test, parsed: tree.Tests) -> None:
        self.source = source
        self.names: frozenset[str] = frozenset(compiler.names)
        self.functions: frozenset[str] = frozenset(compiler.functions) - {"@"}
        self.tree = parsed
        self._test = test

    def __repr__(self) -> str:
        return f"CompiledUnary({self.source!r})"

    def test(self, value: Value, names: Mapping[str, Value], context: Context) -> bool:
        """Whether the value passes; a test that cannot be decided (null) does not pass."""
        return self.passes(value, Frame(names, context, False, self.source))

    def passes(self, value: Any, frame: Frame) -> bool:
        """The same in a frame that several cells share, as the rules of a table do."""
        frame.tested = value
        return self._test(frame, value) is True


def compile_text(source: str) -> Compiled:
    """A text of a diagram: `${…}` alone gives the value, mixed with text a str, and a text without it itself.

    Values inside a text are shown as people read them: nothing for null, dates as 2026-11-25, moments as
    2026-11-25 16:30 in the context's zone, lists with commas. `\\${` is a plain `${`.
    """
    return _text(source)


@lru_cache(maxsize=_CACHED)
def _text(source: str) -> Compiled:
    found = pieces(source)
    # Blanks and line breaks that a modeler leaves around `${…}` do not make a text of it.
    inner = [piece for piece in found if piece.is_expression or piece.text.strip()]
    if len(inner) == 1 and inner[0].is_expression:
        only = compile_expression(inner[0].text)
        return only if only.source == source else _renamed(only, source)
    if not any(piece.is_expression for piece in found):
        text = "".join(piece.text for piece in found)
        return Compiled(source, (), lambda _: text, (tree.Literal(text, text),))
    return _mixed(source, [piece.text if not piece.is_expression else _part(piece.text) for piece in found])


def _renamed(compiled: Compiled, source: str) -> Compiled:
    made = Compiled.__new__(Compiled)
    for slot in Compiled.__slots__:
        setattr(made, slot, getattr(compiled, slot))
    made.source = source
    return made


def _part(source: str) -> tuple[Compiler, Run, tree.Node]:
    return _compiler(source, frozenset())


def _mixed(source: str, parts: list[str | tuple[Compiler, Run, tree.Node]]) -> Compiled:
    runs = [part if isinstance(part, str) else part[1] for part in parts]

    def run(frame: Frame) -> str:
        zone = frame.context.zone()
        try:
            texts = [part if isinstance(part, str) else show_to_people(part(frame), zone) for part in runs]
        except Unfit as error:
            raise ExpressionError("%(expression)s: %(why)s", expression=source, why=str(error)) from None
        return "".join(texts)

    expressions = [part for part in parts if not isinstance(part, str)]
    made = Compiled(source, [part[0] for part in expressions], run, tuple(part[2] for part in expressions))
    made.mixed = True
    return made


def compile_expression(source: str, known: Iterable[str] = ()) -> Compiled:
    """A bare expression; one wrapped in `${…}` is unwrapped. `known` names may contain spaces.

    Raises ExpressionError with what cannot be read, where, and the cure.
    """
    return _expression(source, frozenset(known))


@lru_cache(maxsize=_CACHED)
def _expression(source: str, known: frozenset[str]) -> Compiled:
    text = source
    stripped = source.strip()
    if stripped.startswith(("${", "#{")):
        found = pieces(stripped)
        if len(found) == 1 and found[0].is_expression:
            text = found[0].text
    compiler, run, parsed = _compiler(text, known)
    return Compiled(source, (compiler,), run, (parsed,), trusted=_is_path(parsed))


def _compiler(text: str, known: frozenset[str]) -> tuple[Compiler, Run, tree.Node]:
    parsed = parse(text, "expression", known, _function_names())
    compiler = Compiler(text.strip())
    return compiler, compiler.run(parsed), parsed


def _is_path(node: tree.Node) -> bool:
    while isinstance(node, tree.Member):
        node = node.of
    return isinstance(node, tree.Name | tree.Literal)


def compile_unary(source: str, known: Iterable[str] = ()) -> CompiledUnary:
    """A cell of a decision table, such as `> 5`, `[1..5)`, `"a", "b"`, `not("c")` or `-`."""
    return _unary(source, frozenset(known))


@lru_cache(maxsize=_CACHED)
def _unary(source: str, known: frozenset[str]) -> CompiledUnary:
    parsed = parse(source, "unary", known, _function_names())
    compiler = Compiler(source.strip())
    compiler.tests_input = True
    tests = parsed if isinstance(parsed, tree.Tests) else tree.Tests((parsed,))
    return CompiledUnary(source, compiler, testing.tests(compiler, tests), tests)


def _function_names() -> frozenset[str]:
    return _spaced_names(len(FUNCTIONS))


@lru_cache(maxsize=8)
def _spaced_names(_: int) -> frozenset[str]:
    return frozenset(name for name in FUNCTIONS if " " in name)


def _measure(value: Any, source: str) -> None:
    """Refuse what cannot be kept: ranges, and values that unfold to more than can be stored."""
    waiting, seen = [value], 0
    while waiting:
        each = waiting.pop()
        seen += 1
        if isinstance(each, Range):
            raise ExpressionError(
                "%(expression)s gives a range, which cannot be kept. Use it with in.", expression=source
            )
        if seen > _MOST_NODES:
            raise ExpressionError(
                "%(expression)s gives a value of more than %(most)d parts. Make it smaller.",
                expression=source, most=_MOST_NODES,
            )  # fmt: skip
        if isinstance(each, (list, tuple)):
            waiting.extend(item for item in each if not isinstance(item, _SCALARS))
        elif isinstance(each, Mapping):
            waiting.extend(item for item in each.values() if not isinstance(item, _SCALARS))
